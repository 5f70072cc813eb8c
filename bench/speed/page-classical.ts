import { aligned, range, type Speed, type Spread } from './page';
import { growthChapter, type GrowthPoint } from './page-growth';
import type { Axis } from './plan-growth';
import { classicalPlan, type ClassicalMeasurement } from './plan-classical';

interface ClassicalSide {
  readonly cpuMs: Spread;
  readonly wallMs: Spread;
  /** Wall time of scoring the new rows: what is left of the whole is fitting and the scores of the fitted rows. */
  readonly scoreMs: Spread;
  /** Highest resident memory of the process, library and data included. */
  readonly peakMb: number;
  /** Of the new rows. */
  readonly meanScore: number;
  /** What the twin found to be its fastest way. */
  readonly chosen?: string;
}

/** Cost of a method beside scikit-learn at a number of threads. */
export interface ClassicalLine {
  readonly id: string;
  readonly threads: number;
  readonly versions: { readonly ours: string; readonly twin: string };
  readonly ours: ClassicalSide;
  readonly twin: ClassicalSide;
}

export interface Classical {
  readonly machine: Speed['machine'];
  readonly lines: readonly ClassicalLine[];
  readonly growth: readonly GrowthPoint[];
}

/** Chapters of docs/performance.md on the methods that learn no network. @param image - address of the plot of an axis, seen from the page. */
export function classicalChapters({ machine, lines, growth }: Classical, image: (axis: Axis) => string): string {
  const tables = [...new Set(lines.map(({ threads }) => threads))]
    .sort((a, b) => b - a)
    .map((threads) => {
      const rows = lines.filter((line) => line.threads === threads).flatMap((line) => cells(line));
      return `scikit-learn with ${threads} ${threads === 1 ? 'thread' : 'threads'} (\`n_jobs\` and its matrix library), ours with as many threads where it shares rows, its engine with one:\n\n${aligned(HEAD, rows)}`;
    });
  const versions = [...new Set(lines.map((line) => line.versions.twin))].join('; ');
  return `## Classical methods beside scikit-learn

From \`bench/results/speed-classical.json\`; beside it: ${versions}; machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB.
Both sides fit rows, score these rows, and score as many new ones; seconds for all of it. Ours is the detector as the product runs it: the rows that
it is trained on are scored by fits that did not see them (20 blocks), and each score comes with shares of the tags; scikit-learn's scores of
the fitted rows are the cheaper ones of the fit itself. Normal rows of a generated plant are used: tags that follow a few hidden ones, with noise.
Each side runs in a new process, and memory is the highest that this process held, with its libraries and the data. CPU is the time of all threads
together, wall the time on the clock; goals are judged by CPU time, and by memory where there is a goal
for it. Where the lowest and the highest are the median, one round was measured. "Apart" is the relative difference of the mean scores of the new rows, where both sides compute the same.

${tables.join('\n\n')}

What the figures leave out:

- Of ours the isolation forest and the trees of KNN and LOF share their rows among cores; scikit-learn's methods may use both cores everywhere. Its matrix
  library waits in a loop for its threads, which counts as CPU time: take the rows of PCA from one thread.
- LOF and KNN search as often as scikit-learn: once among the fitted rows, from which the held-out scores of each block are read, and once for the new rows.
- The isolation forest also adds up the shares of the tags for every new row.
- PCA with its statistics gives shares and an expected value of each tag for every row, in float64 in JavaScript; the fit alone is what the goal is about.
${growth.length > 0 ? `\n${growthChapter(growth, image)}` : ''}`;
}

const HEAD = [
  'what',
  'ours CPU',
  'scikit-learn CPU',
  'ratio',
  'ours wall',
  'scikit-learn wall',
  'ratio',
  'memory',
  'its memory',
  'goal',
  'met',
  'apart',
  'its way',
];

function cells({ id, ours, twin }: ClassicalLine): string[][] {
  const measurement = classicalPlan.find((other) => other.id === id);
  if (!measurement) return [];
  const ratio = (of: 'cpuMs' | 'wallMs'): number => ours[of].median / twin[of].median;
  const seconds = ({ median, lowest, highest }: Spread): string =>
    range({ median: median / 1000, lowest: lowest / 1000, highest: highest / 1000 });
  return [
    [
      measurement.title,
      ...[seconds(ours.cpuMs), seconds(twin.cpuMs), ratio('cpuMs').toFixed(2)],
      ...[seconds(ours.wallMs), seconds(twin.wallMs), ratio('wallMs').toFixed(2)],
      ...[`${ours.peakMb.toFixed(0)} MB`, `${twin.peakMb.toFixed(0)} MB`],
      ...[...judged(measurement, ratio('cpuMs'), ours.peakMb), agreement(measurement, ours, twin), twin.chosen ?? ''],
    ],
  ];
}

function judged({ goal, memoryMb }: ClassicalMeasurement, ratio: number, peakMb: number): [string, string] {
  if (goal === undefined) return ['', ''];
  const met = ratio <= goal && peakMb <= (memoryMb ?? Number.POSITIVE_INFINITY);
  return [`≤ ${goal}${memoryMb ? `, ≤ ${memoryMb} MB` : ''}`, met ? 'yes' : 'no'];
}

/** How far the mean scores of the new rows are apart, relative; stored scores are float32. */
function agreement({ exact }: ClassicalMeasurement, ours: ClassicalSide, twin: ClassicalSide): string {
  return exact ? Math.abs(ours.meanScore / twin.meanScore - 1).toExponential(0) : '';
}
