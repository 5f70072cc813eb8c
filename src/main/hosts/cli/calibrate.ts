import type { Command, Output, StartClient } from './command';
import {
  eventJson,
  eventLines,
  evaluationLines,
  metricsJson,
  refereeJson,
  refereeLines,
  thresholdJson,
  thresholdLines,
} from './describe';
import { projectOptions, readArgs } from './options';
import { calibrate, calibrateOptions, pick } from './steps';

const help = `Usage: faultline calibrate --project P [options]

Chooses the threshold of a run on its calibration part and keeps it.

  --project P             the project file (*.faultline)
  --run ID                (default: the newest)
  --objective OBJECTIVE   f1, fbeta:B, events-per-day:N, quantile:Q or pot:Q
                          (default: f1 where the calibration part holds a labelled anomaly, else pot:0.999,
                          or quantile:0.999 where the scores are too few for it)
  --min-duration SECONDS  shorter events are dropped (default: 0)
  --merge-gap SECONDS     events closer than this become one (default: the detector's window, else 12 samples)
  --data DIR              folder of settings (default: the user's own)
  --json                  one JSON object on standard output and nothing else
  --help                  this text

Example:
  faultline calibrate --project pump.faultline --objective events-per-day:0.2
`;

const options = { ...projectOptions, ...calibrateOptions, run: { type: 'string' } } as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('calibrate', args, options, []);
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const scored = pick(project.runs, 'run', values.run);
  const threshold = await calibrate(client, scored, pick(project.models, 'model', scored.modelId), values);
  const result = await client.call('run.result', { runId: scored.id });
  const referee = await client.call('run.referee', { runId: scored.id });
  return {
    json: values.json === true,
    value: {
      runId: scored.id,
      threshold: thresholdJson(threshold),
      events: result.events.map(eventJson),
      metrics: metricsJson(result),
      referee: refereeJson(referee),
    },
    lines: [
      ...thresholdLines(threshold),
      '',
      ...eventLines(result.events),
      '',
      ...evaluationLines('Calibration part', result.calibration),
      ...evaluationLines('Test part', result.test),
      ...refereeLines(referee),
    ],
  };
}

export const calibrateCommand: Command = { name: 'calibrate', summary: 'choose the threshold of a run', help, run };
