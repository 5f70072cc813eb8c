import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ParamValues } from '../../src/core/detectors/params';
import type { PreparedSeries } from '../../src/core/prepare/prepared';
import { segmentsOf } from '../../src/core/metrics/segments';
import { mean, median } from '../markdown';
import { compete, contestant, oneLiners, peers, wantedOf, type Contestant } from './contest';
import { atLeast } from './gates';
import { judge, type Judgement, type LabelledRows } from './judged';
import { scaledBy, seriesOf } from './nab-data';
import { skabPage } from './skab-page';
import { skabReferenceGates, protocolCounts, type Counts } from './skab-protocol';
import type { PaperSuite } from './suite';

/** One contestant with one seed on one file. */
export interface SkabEntry {
  readonly file: number;
  readonly contestant: string;
  readonly seed: number;
  readonly params: Contestant['params'];
  readonly span: number;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
  readonly all: Judgement;
  /** By the benchmark's own protocol; absent in runs of before it was measured. */
  readonly protocol?: Counts;
}

const files = Array.from({ length: 16 }, (_, i) => i);
const quickFiles = [0, 1];
/** SKAB's own protocol: so many rows of each file, all normal, train; the rest is the test. */
const trainRows = 400;
/** As the sharp score was chosen: windows of 24 rows, and as many in a row as 400 rows can train. */
const window = 24;
const span = 72;
const slow = ['mim-gan', 'mad-gan'];
/** As the prototypes behind the references were run. */
const singleRows: readonly (readonly [id: string, label: string, params?: ParamValues])[] = [
  ['knn', 'knn rows'],
  ['lof', 'lof rows'],
  ['oc-svm', 'oc-svm rows'],
  ['pca', 'pca rows', { score: 'weighted' }],
  ['pca', 'pca rows T²+Q'],
  ['isolation-forest', 'isolation-forest rows'],
  ['dagmm', 'dagmm rows'],
  ['gdn', 'gdn rows', { window: 5, span: 0 }],
];

function contestants(): Contestant[] {
  return [
    ...contestant('hreg-vae-lstm', 'hreg-vae-lstm paper', window, span, { score: 'paper' }),
    ...contestant('hreg-vae-lstm', 'hreg-vae-lstm sharp', window, span, { score: 'sharp' }),
    ...peers(2, window, span, ['hreg-vae-lstm', ...slow]),
    ...oneLiners(window, span),
    ...singleRows.flatMap(([id, label, params]) => contestant(id, label, 1, 1, params)),
    ...contestant('vae', 'vae 24', window, window),
  ];
}

/** Sixteen experiments of a water rig whose valve is closed, eight tags: Skoltech Anomaly Benchmark, valve1. */
export const skab: PaperSuite<readonly SkabEntry[]> = {
  name: 'skab',
  folder: 'skab',
  async run({ data: folder, seeds, quick, only, engine, log }, before, save) {
    let entries = before ?? [];
    const wanted = contestants().filter(wantedOf(only));
    // Seeds outside: a run that is stopped leaves whole sets of files.
    for (const [at, seed] of seeds.entries()) {
      for (const file of quick ? quickFiles : files) {
        const { train, test, labels, truth } = load(folder, file);
        for (const one of wanted.filter((candidate) => at < mostSeeds(candidate))) {
          const contest = await compete(one, train, test, seed, engine);
          if (!contest) {
            log(`valve1/${file} ${one.id}: too few rows to train on`);
            continue;
          }
          const { score, normalScores, fitSeconds, scoreSeconds } = contest;
          const all = judge(score, (row) => row >= trainRows, labels, 1, normalScores);
          const entry: SkabEntry = {
            ...{ file, contestant: one.id, seed, params: one.params, span: one.span, fitSeconds, scoreSeconds, all },
            protocol: protocolCounts(score, truth, trainRows),
          };
          entries = [
            ...entries.filter((known) => known.file !== file || known.contestant !== one.id || known.seed !== seed),
            entry,
          ];
          log(`valve1/${file} ${one.id} seed ${seed}: VUS-PR ${all.vusPr.toFixed(3)}; ${fitSeconds.toFixed(1)} s fit`);
        }
        save(entries);
      }
    }
    return entries;
  },
  page: skabPage,
  gates(entries) {
    const values = meansBySeed(entries, 'hreg-vae-lstm sharp', ({ all }) => all.vusPr);
    return [
      atLeast('hreg-vae-lstm sharp', 'VUS-PR, mean of the files', 0.9, values.length === 0 ? null : median(values)),
      ...skabReferenceGates(entries),
    ];
  },
  gateRule: [
    "Medians over the seeds. By the benchmark's own protocol what prototypes reached: equal, or as good within the spread.",
  ],
};

/** The other networks run with one seed: sixteen trainings each are as many as there are files. */
function mostSeeds({ detector, params }: Contestant): number {
  // Of more rows than a file has: a detector that they are too few for says so when it trains.
  const trained = detector.size(100 * trainRows, 2, params).steps > 0;
  return trained && detector.info.id !== 'hreg-vae-lstm' ? 1 : Infinity;
}

/** Mean over the files for each seed that ran on all of them. */
export function meansBySeed(entries: readonly SkabEntry[], id: string, of: (entry: SkabEntry) => number): number[] {
  const own = wholeSeeds(entries.filter((entry) => entry.contestant === id));
  return [...new Set(own.map(({ seed }) => seed))].map((seed) => mean(own.filter((entry) => entry.seed === seed).map(of)));
}

/** Entries of the seeds that ran on every file that any seed ran on. */
export function wholeSeeds(entries: readonly SkabEntry[]): SkabEntry[] {
  const filesOf = (seed: number): number => entries.filter((entry) => entry.seed === seed).length;
  const most = Math.max(...entries.map(({ seed }) => filesOf(seed)));
  return entries.filter(({ seed }) => filesOf(seed) === most);
}

interface SkabFile {
  readonly train: PreparedSeries;
  readonly test: PreparedSeries;
  readonly labels: LabelledRows[];
  /** [n] 1 anomalous. */
  readonly truth: Uint8Array;
}

function load(folder: string, file: number): SkabFile {
  const [head, ...lines] = readFileSync(join(folder, 'valve1', `${file}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/);
  const names = head!.split(';');
  const tags = names.filter((name) => !['datetime', 'anomaly', 'changepoint'].includes(name));
  const cells = lines.map((line) => line.split(';'));
  const rows = cells.map((row) => tags.map((tag) => Number(row[names.indexOf(tag)])));
  const truth = Uint8Array.from(cells, (row) => Number(row[names.indexOf('anomaly')]));
  const values = scaledBy(rows, { start: 0, end: trainRows });
  return {
    train: seriesOf(values.slice(0, trainRows * tags.length), tags, [{ start: 0, end: trainRows }]),
    test: seriesOf(values, tags, [{ start: 0, end: rows.length }]),
    labels: segmentsOf(truth).map(({ start, end }) => ({ start, end: end + 1 })),
    truth,
  };
}
