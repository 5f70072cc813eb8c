import type { DatasetInfo, DetectorDescription, QueueEntry, QueueResult } from '../../../contract/types';
import { FaultlineError } from '../../../core/errors';
import { standingWords } from '../../../core/referee/standing';
import { formatNumber, formatScore } from '../../../core/report/format';
import { readObjective } from './calibrating';
import type { Client } from './client';
import type { Command, Output, StartClient } from './command';
import { comparisonJson, tableLines } from './comparison-lines';
import { paramsByDetector, projectOptions, readArgs, seconds, splitWith, usage, wholeNumber } from './options';
import { formatOf, pick, writeFormats } from './steps';
import { table } from './text';

const help = `Usage: faultline compare-detectors --project P --detectors A,B,… [options]

Trains several detectors one after the other on the same parts, gives each a threshold by the same rule, and prints one table: figures
with intervals, the best one-liner and a random score, and the verdict against the best one-liner. Each run stays in the project. A
detector that fails stops no other; its line says why.

  --project P            the project file (*.faultline)
  --detectors A,B,…      ids, see "faultline detectors"; all: every one that these data and this computer allow
  --dataset NAME|ID      (default: the newest)
  --preset NAME          named settings over the proposed ones where a detector has them: fast, balanced or paper
  --params JSON|@FILE    settings by detector, over the proposed ones and the preset: {"knn": {"k": 3}}
  --train-until X        a time (ISO 8601, UTC) or a fraction
  --calibrate-until X    a time or a fraction
  --objective OBJECTIVE  as of calibrate (default: f1 where the calibration part holds a labelled anomaly, else a tail fit)
  --min-duration SECONDS shorter events are dropped (default: 0)
  --merge-gap SECONDS    events closer than this are one (default: the window that the data suggest)
  --seeds N1,N2,…        (default: 1) the spread is over them
  --name NAME            of the queue
  --resume QUEUE         train what is left of a queue that was stopped, then print its table; takes no other choice
  --out FILE             .html, .pdf, .csv or .json; may be repeated
  --data DIR             folder of settings (default: the user's own)
  --json                 one JSON object on standard output and nothing else
  --help                 this text

Exit code 3 or 4 when no detector has a result.

Example:
  faultline compare-detectors --project pump.faultline --detectors robust-z,knn,pca,isolation-forest --out table.html
`;

const options = {
  ...projectOptions,
  detectors: { type: 'string' },
  dataset: { type: 'string' },
  preset: { type: 'string' },
  params: { type: 'string' },
  'train-until': { type: 'string' },
  'calibrate-until': { type: 'string' },
  objective: { type: 'string' },
  'min-duration': { type: 'string' },
  'merge-gap': { type: 'string' },
  seeds: { type: 'string' },
  name: { type: 'string' },
  resume: { type: 'string' },
  out: { type: 'string', multiple: true },
} as const;

type Choices = Partial<Record<Exclude<keyof typeof options, 'out' | 'json' | 'help'>, string>>;

async function run(args: readonly string[], start: StartClient): Promise<Output> {
  const { values } = readArgs('compare-detectors', args, options, []);
  const outputs = values.out ?? [];
  outputs.forEach(formatOf);
  if (values.resume === undefined) checkChoices(values);
  const client = await start({ kind: 'user', given: values.data });
  const project = await client.openProject(values.project, false);
  const queueId = await client.queue(async () => {
    if (values.resume === undefined) return startQueue(client, pick(project.datasets, 'dataset', values.dataset), values);
    const { jobIds } = await client.call('queue.resume', { id: values.resume });
    return { queueId: values.resume, jobIds };
  });
  const result = await client.call('queue.result', { id: queueId });
  const { comparison, entries } = result;
  if (!comparison) throw nothing(entries);
  if (comparison.refused !== null) throw new FaultlineError('comparison/refused', `Not compared. ${comparison.refused}`);
  const written = await writeFormats(client, outputs, (formats) => client.call('queue.export', { id: queueId, formats }));
  return {
    json: values.json === true,
    value: { ...result, comparison: comparisonJson(comparison), outputs: written },
    lines: [
      ...comparison.conditions.map(({ text }) => text),
      `Thresholds: ${result.rule}.`,
      '',
      ...tableLines(comparison),
      '',
      ...againstLines(result),
      '',
      comparison.verdict,
      ...absentLines(result),
      '',
      `Queue ${queueId}`,
      ...written.map(({ format, file }) => `Wrote ${format}: ${file}`),
    ],
  };
}

/** Everything that can be refused before any work is begun. @throws FaultlineError 'cli/usage'. */
function checkChoices(given: Choices): void {
  if (idsOf(given.detectors ?? '').length === 0)
    usage('This command needs --detectors A,B,… or --detectors all, or --resume QUEUE.');
  if (given.objective !== undefined) readObjective(given.objective);
  seedsOf(given.seeds);
}

const idsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((id) => id.trim())
      .filter(Boolean),
  ),
];
const seedsOf = (text = '1'): number[] => text.split(',').map((seed) => wholeNumber('--seeds', seed.trim()));

/** What was proposed for the data, except for what the user gave. @throws FaultlineError 'cli/usage', 'detector/unknown'. */
async function startQueue(
  client: Client,
  dataset: DatasetInfo,
  given: Choices,
): Promise<{ readonly queueId: string; readonly jobIds: readonly string[] }> {
  const proposal = await client.call('training.propose', { datasetId: dataset.id });
  const known = await client.call('detector.list', {});
  const ids = idsOf(given.detectors ?? '');
  const chosen = ids.includes('all') ? known.filter(({ trainable }) => trainable).map(({ id }) => id) : ids;
  if (given.preset !== undefined) checkPreset(client, given.preset, chosen, known);
  const own = paramsByDetector(given.params, chosen);
  const preparation = { ...proposal.preparation, channels: [...proposal.preparation.channels] };
  return client.call('queue.start', {
    datasetId: dataset.id,
    split: splitWith(proposal.split, dataset, given),
    preparation,
    detectors: chosen.map((id) => ({
      detectorId: id,
      params: {
        ...proposal.detectors.find((proposed) => proposed.id === id)?.params,
        ...presetOf(known, id, given.preset)?.params,
        ...own[id],
      },
    })),
    seeds: seedsOf(given.seeds),
    ...(given.objective === undefined ? {} : { objective: readObjective(given.objective) }),
    minDurationMs: given['min-duration'] === undefined ? 0 : seconds('--min-duration', given['min-duration']),
    mergeGapMs:
      given['merge-gap'] === undefined
        ? proposal.autocorrelation.windowSamples * (preparation.resampleMs || dataset.stepMs)
        : seconds('--merge-gap', given['merge-gap']),
    ...(given.name === undefined ? {} : { name: given.name }),
  });
}

type Known = readonly Pick<DetectorDescription, 'id' | 'presets'>[];

function presetOf(known: Known, id: string, preset: string | undefined): DetectorDescription['presets'][number] | undefined {
  return known.find((one) => one.id === id)?.presets.find((one) => one.id === preset);
}

/** Those without this preset get the proposed settings, which is said. */
function checkPreset(client: Client, preset: string, chosen: readonly string[], known: Known): void {
  const without = chosen.filter((id) => !presetOf(known, id, preset));
  if (without.length === chosen.length) usage(`None of these detectors has a preset "${preset}". See "faultline detectors".`);
  if (without.length > 0) client.note(`Without a preset "${preset}", hence with the proposed settings: ${without.join(', ')}.`);
}

/** What the first one said, where no detector has a result. */
function nothing(entries: readonly QueueEntry[]): FaultlineError {
  const [first] = entries;
  const reasons = entries.map((entry) => `${entry.title}: ${reasonOf(entry)}`).join(' ');
  return new FaultlineError(first?.error?.code ?? 'comparison/refused', `No detector has a result. ${reasons}`);
}

function reasonOf({ problem, error, status }: QueueEntry): string {
  return problem ?? error?.message ?? status;
}

function againstLines({ comparison }: QueueResult): string[] {
  if (!comparison) return [];
  const three = (value: number): string => value.toFixed(3);
  const time = (value: number | null): string => (value === null ? '–' : `${formatNumber(value, 3)} s`);
  const lines = comparison.rows.map((row) => {
    const { difference, standing } = row.againstOneLiner ?? {};
    const interval = difference?.interval;
    return [
      row.letter,
      row.title,
      standing ? standingWords[standing] : '–',
      difference && difference.value.value !== null ? three(difference.value.value) : '–',
      interval && interval.low !== null ? `${three(interval.low)} to ${three(interval.high)}` : '–',
      String(Number(row.falseEvents.toFixed(1))),
      row.thresholds.map(formatScore).join(', '),
      time(row.trainSeconds),
      time(row.scoreSeconds),
      `${row.engine.backend} ${row.engine.version}`,
    ];
  });
  const referee = comparison.referee.map((row) => [
    '',
    row.title,
    '',
    '',
    '',
    row.falseEvents === undefined ? '–' : String(Number(row.falseEvents.toFixed(1))),
    row.threshold === undefined ? '–' : formatScore(row.threshold),
    '',
    '',
    '',
  ]);
  const head = [
    '',
    'Method',
    'Against one-liner',
    'Difference',
    '95 % interval',
    'False events',
    'Threshold',
    'Training',
    'Scoring',
    'Engine',
  ];
  return table(head, [...lines, ...referee], new Set([3, 4, 5, 6, 7, 8]));
}

function absentLines({ entries }: QueueResult): string[] {
  const absent = entries.filter(({ runId, problem }) => runId === null || problem !== null);
  return absent.length === 0
    ? []
    : ['', ...absent.map((entry) => `${entry.title}, seed ${entry.seed}, has no line: ${reasonOf(entry)}`)];
}

export const compareDetectors: Command = {
  name: 'compare-detectors',
  summary: 'train several detectors and compare them in one table',
  help,
  run,
};
