import { basename, extname } from 'node:path';
import { formatCount, formatDuration, formatSeconds } from '../../../core/report/format';
import { labelNames } from '../../../core/report/words';
import { formatObjective } from '../../../core/thresholds/objective';
import type { Command, Output, StartClient } from './command';
import {
  datasetJson,
  datasetLines,
  detectorJson,
  engineJson,
  eventJson,
  eventLines,
  evaluationLines,
  metricsJson,
  refereeJson,
  refereeLines,
  splitJson,
  thresholdJson,
  thresholdLines,
} from './describe';
import { calibrate, calibrateOptions, checkCalibrateChoices, objectiveHelp } from './calibrating';
import { contractJson, contractLines, ruleJson, ruleLines } from './contract-lines';
import { contractHelp } from './contract-options';
import { driftHelp, driftTold } from './drift-option';
import { projectOptions, readArgs, usage } from './options';
import { rowTimesHelp, rowTimesOf, rowTimesOptions } from './row-times-option';
import { formatOf, importFile, importLabels, score, train, writeReports, writeScores } from './steps';
import { isoOf } from './text';

const help = `Usage: faultline analyze FILE [options]

Imports FILE, trains a detector on its first part, chooses a threshold on the second and reports the events of the whole.

  --labels FILE            labelled intervals: CSV start,end[,class,comment] or NAB windows (JSON)
  --label-column NAME      0/1 column of FILE with the labels; it is not taken as a tag
  --leave-out NAME         column that is no measurement (a counter, a label of another kind); may be repeated
${rowTimesHelp(27)}  --train-file FILE        train on this file instead; FILE is then calibrated on its first half
  --detector ID            see "faultline detectors" (default: the one recommended for the data)
  --preset NAME            named settings of the detector, over the proposed ones: fast, balanced or paper
  --params JSON|@FILE      parameters of the detector, over the proposed ones and the preset
${driftHelp(27)}  --train-until X          end of the part that trains: a time (ISO 8601, UTC) or a fraction
  --calibrate-until X      end of the part that chooses the threshold
${objectiveHelp}  --min-duration SECONDS   shorter events are dropped (default: 0)
  --merge-gap SECONDS      events closer than this become one (default: the detector's window, else 12 samples)
${contractHelp}  --seed N                 (default: 1) same seed, same scores
  --project FILE           keep everything in this project (default: a private one, deleted at the end)
  --out FILE               report as .html, .pdf, .csv or .json; may be repeated
  --scores FILE.csv        timestamp,score,threshold,anomaly and a column for each tag's contribution
  --json                   one JSON object on standard output and nothing else
  --help                   this text

Examples:
  faultline analyze machine.csv --labels windows.json --out report.html
  faultline analyze machine.csv --train-until 0.4 --calibrate-until 2014-01-20 --objective events-per-day:0.5 --json
  faultline analyze pump.csv --labels faults.csv --contract "1 false event in 3 days, catch all, within 20 min"
`;

const options = {
  ...projectOptions,
  ...calibrateOptions,
  labels: { type: 'string' },
  'label-column': { type: 'string' },
  'leave-out': { type: 'string', multiple: true },
  ...rowTimesOptions,
  'train-file': { type: 'string' },
  detector: { type: 'string' },
  preset: { type: 'string' },
  params: { type: 'string' },
  drift: { type: 'string' },
  'train-until': { type: 'string' },
  'calibrate-until': { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string', multiple: true },
  scores: { type: 'string' },
} as const;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values, positionals } = readArgs('analyze', args, options, ['FILE']);
  const outputs = values.out ?? [];
  outputs.forEach(formatOf);
  checkCalibrateChoices(values);
  if (values['train-file'] !== undefined && values['calibrate-until'] !== undefined) {
    usage('--calibrate-until cannot be used with --train-file: the first half of FILE chooses the threshold.');
  }
  const rowTimes = rowTimesOf(values);
  const client = await start(values.project === undefined ? { kind: 'private' } : { kind: 'user', given: values.data });
  if (values.project === undefined)
    await client.call('project.create', { name: basename(positionals[0] ?? '', extname(positionals[0] ?? '')) || 'Analysis' });
  else await client.openProject(values.project, true);

  let dataset = await importFile(client, positionals[0] ?? '', {
    labelColumn: values['label-column'],
    leaveOut: values['leave-out'],
    rowTimes,
  });
  if (values.labels !== undefined) dataset = await importLabels(client, dataset, values.labels);
  const training =
    values['train-file'] === undefined
      ? dataset
      : await importFile(client, values['train-file'], { leaveOut: values['leave-out'], rowTimes, mayLack: true });
  const trained = await train(client, training, values);
  const { model } = trained;
  const scored = training === dataset ? trained.run : await score(client, model, dataset);
  const { threshold, map } = await calibrate(client, scored, model, values);
  const result = await client.call('run.result', { runId: scored.id });
  const { labels } = await client.call('label.list', { datasetId: scored.datasetId });
  const referee = await client.call('run.referee', { runId: scored.id });
  const drift = await driftTold(client, scored);
  const written = await writeReports(client, scored, outputs);
  if (values.scores !== undefined) written.push(await writeScores(client, scored, values.scores));

  return {
    json: values.json === true,
    value: {
      engine: engineJson(scored),
      dataset: datasetJson(dataset),
      detector: detectorJson(model),
      split: splitJson(model, training),
      drift: drift.value,
      threshold: { ...thresholdJson(threshold), ...ruleJson(threshold) },
      contract: contractJson(result, map),
      events: result.events.map(eventJson),
      metrics: metricsJson(result),
      referee: refereeJson(referee),
      versions: model.versions,
      outputs: written,
    },
    lines: [
      ...datasetLines(dataset),
      `Detector   ${model.detectorId}, ${formatCount(model.parameterCount)} weights, seed ${model.seed}, trained in ${formatSeconds(model.trainSeconds)} on ${scored.engine.backend} ${scored.engine.version}`,
      `Split      trained until ${isoOf(model.split.trainUntil)}, calibrated until ${isoOf(model.split.calibrateUntil)}, guard ${formatDuration(model.split.guardMs)}`,
      ...drift.lines,
      ...thresholdLines(threshold),
      ...ruleLines(threshold, result.hidden),
      `           objective ${formatObjective(threshold.objective)}`,
      ...contractLines(result, map, labelNames(labels)),
      '',
      ...eventLines(result.events),
      '',
      ...evaluationLines('Calibration part', result.calibration),
      ...evaluationLines('Test part', result.test),
      ...refereeLines(referee),
      ...written.map(({ format, file }) => `Wrote ${format}: ${file}`),
    ],
  };
}

export const analyze: Command = { name: 'analyze', summary: 'from a file to events and a report in one go', help, run };
