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
import { calibrate, calibrateOptions, checkCalibrateChoices, objectiveHelp } from './calibrating';
import { contractJson, contractLines, ruleJson, ruleLines } from './contract-lines';
import { contractHelp } from './contract-options';
import { pick } from './steps';
import { labelNames } from '../../../core/report/words';

const help = `Usage: faultline calibrate --project P [options]

Chooses the threshold of a run on its calibration part and keeps it.

  --project P              the project file (*.faultline)
  --run ID                 (default: the newest)
${objectiveHelp}  --min-duration SECONDS   shorter events are dropped (default: 0)
  --merge-gap SECONDS      events closer than this become one (default: the detector's window, else 12 samples)
${contractHelp}  --data DIR               folder of settings (default: the user's own)
  --json                   one JSON object on standard output and nothing else
  --help                   this text

Examples:
  faultline calibrate --project pump.faultline --objective events-per-day:0.2
  faultline calibrate --project pump.faultline --contract "1 false event in 3 days, catch all, within 20 min"
`;

const options = { ...projectOptions, ...calibrateOptions, run: { type: 'string' } } as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('calibrate', args, options, []);
  checkCalibrateChoices(values);
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const scored = pick(project.runs, 'run', values.run);
  const { threshold, map } = await calibrate(client, scored, pick(project.models, 'model', scored.modelId), values);
  const result = await client.call('run.result', { runId: scored.id });
  const { labels } = await client.call('label.list', { datasetId: scored.datasetId });
  const referee = await client.call('run.referee', { runId: scored.id });
  return {
    json: values.json === true,
    value: {
      runId: scored.id,
      threshold: { ...thresholdJson(threshold), ...ruleJson(threshold) },
      contract: contractJson(result, map),
      events: result.events.map(eventJson),
      metrics: metricsJson(result),
      referee: refereeJson(referee),
    },
    lines: [
      ...thresholdLines(threshold),
      ...ruleLines(threshold, result.hidden),
      ...contractLines(result, map, labelNames(labels)),
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
