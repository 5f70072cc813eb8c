import { rangeBiases, type RangeBias } from '../../../core/metrics/range';
import type { Command, Output, StartClient } from './command';
import { commonOptions, readArgs, seconds, usage, wholeNumber } from './options';
import { sheetLines } from './sheet-lines';

const help = `Usage: faultline evaluate --scores FILE [--labels FILE] [options]

Judges scores of any program against labels, by every metric that the documentation describes (docs/user-guide/metrics.md).

  --scores FILE           CSV timestamp,score or index,score (rows numbered from 0 or 1); further columns do not matter
  --labels FILE           intervals: CSV start,end[,class,comment], row numbers where the scores have those; NAB windows (JSON);
                          or a 0/1 column. Without it the labels are a column of the scores file
  --label-column NAME     0/1 column to take (default: one named label, is_anomaly or the like)
  --entry NAME            entry of NAB windows to take (default: the one that ends with the name of the scores file)
  --threshold NUMBER      anomalous is a score at or above it (default: the file's column "threshold"). Without any, metrics that
                          need one say so; none is ever chosen
  --buffer ROWS           longest buffer of VUS (default: 100)
  --window ROWS           rows that a score covers, for the protocol of the Hreg-VAE-LSTM paper (default: the buffer)
  --alpha A               weight of existence in range-based recall, 0 to 1 (default: 0.2)
  --bias BIAS             of range-based metrics: flat, front, middle or back (default: flat)
  --min-duration SECONDS  shorter events are dropped (default: 0); of numbered rows each counts as a second
  --merge-gap SECONDS     events closer than this become one (default: 0)
  --seed N                of the random peers (default: 1)
  --json                  one JSON object on standard output and nothing else
  --help                  this text

Examples:
  faultline evaluate --scores scores.csv --labels windows.json --entry machine_temperature.csv
  faultline evaluate --scores other-tool.csv --label-column is_anomaly --threshold 0.7 --json
`;

const options = {
  ...commonOptions,
  scores: { type: 'string' },
  labels: { type: 'string' },
  'label-column': { type: 'string' },
  entry: { type: 'string' },
  threshold: { type: 'string' },
  buffer: { type: 'string' },
  window: { type: 'string' },
  alpha: { type: 'string' },
  bias: { type: 'string' },
  'min-duration': { type: 'string' },
  'merge-gap': { type: 'string' },
  seed: { type: 'string' },
} as const;

function numberOption(option: string, text: string): number {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? usage(`${option} must be a number, not "${text}".`) : value;
}

function rangeOption(alpha: string | undefined, bias: string | undefined): { alpha: number; bias: RangeBias } | undefined {
  if (alpha === undefined && bias === undefined) return undefined;
  const weight = alpha === undefined ? 0.2 : numberOption('--alpha', alpha);
  if (weight < 0 || weight > 1) usage(`--alpha must be from 0 to 1, not "${alpha}".`);
  const known = rangeBiases.find((name) => name === (bias ?? 'flat'));
  return { alpha: weight, bias: known ?? usage(`--bias must be one of ${rangeBiases.join(', ')}, not "${bias}".`) };
}

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('evaluate', args, options, []);
  if (values.scores === undefined) return usage('This command needs --scores FILE.');
  const { buffer, window, threshold, seed } = values;
  const length = window === undefined ? undefined : wholeNumber('--window', window, 1_000_000);
  if (length === 0) usage('--window must be at least 1.');
  const range = rangeOption(values.alpha, values.bias);
  const params = {
    ...(threshold !== undefined && { threshold: numberOption('--threshold', threshold) }),
    ...(values['label-column'] !== undefined && { labelColumn: values['label-column'] }),
    ...(buffer !== undefined && { buffer: wholeNumber('--buffer', buffer, 10_000) }),
    ...(length !== undefined && { window: length }),
    ...(range && { range }),
    ...(values['min-duration'] !== undefined && { minDurationMs: seconds('--min-duration', values['min-duration']) }),
    ...(values['merge-gap'] !== undefined && { mergeGapMs: seconds('--merge-gap', values['merge-gap']) }),
    ...(seed !== undefined && { seed: wholeNumber('--seed', seed) }),
  };
  const client = await start({ kind: 'private' });
  const scores = client.file(values.scores, values.entry);
  const labels = values.labels === undefined ? scores : client.file(values.labels);
  const sheet = await client.call('evaluation.run', { scores, labels, ...params });
  return { json: values.json === true, value: sheet, lines: sheetLines(sheet) };
}

export const evaluate: Command = { name: 'evaluate', summary: 'judge a file of scores against labels', help, run };
