import type { Command, Output, StartClient } from './command';
import { commonOptions, readArgs, seconds, usage } from './options';

const help = `Usage: faultline evaluate --scores FILE --labels FILE [options]

Judges scores of any origin against labels, by the metrics of the report.

  --scores FILE           CSV timestamp,score[,threshold,anomaly] as written by --scores
  --labels FILE           CSV start,end[,class,comment] or NAB windows (JSON)
  --entry NAME            entry of NAB windows to take (default: the one that ends with the name of the scores file)
  --threshold NUMBER      (default: the file's own column)
  --min-duration SECONDS  shorter events are dropped (default: 0)
  --merge-gap SECONDS     events closer than this become one (default: 0)
  --json                  one JSON object on standard output and nothing else
  --help                  this text

Example:
  faultline evaluate --scores scores.csv --labels windows.json --entry machine_temperature.csv
`;

const options = {
  ...commonOptions,
  scores: { type: 'string' },
  labels: { type: 'string' },
  entry: { type: 'string' },
  threshold: { type: 'string' },
  'min-duration': { type: 'string' },
  'merge-gap': { type: 'string' },
} as const;

function numberOption(text: string): number {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? usage(`--threshold must be a number, not "${text}".`) : value;
}

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('evaluate', args, options, []);
  if (values.scores === undefined || values.labels === undefined)
    return usage('This command needs --scores FILE and --labels FILE.');
  const client = await start({ kind: 'private' });
  const evaluation = await client.call('evaluation.run', {
    scores: client.file(values.scores, values.entry),
    labels: client.file(values.labels),
    ...(values.threshold === undefined ? {} : { threshold: numberOption(values.threshold) }),
    ...(values['min-duration'] === undefined ? {} : { minDurationMs: seconds('--min-duration', values['min-duration']) }),
    ...(values['merge-gap'] === undefined ? {} : { mergeGapMs: seconds('--merge-gap', values['merge-gap']) }),
  });
  return { json: values.json === true, value: evaluation, lines: [evaluation.protocol] };
}

export const evaluate: Command = { name: 'evaluate', summary: 'judge a file of scores against labels', help, run };
