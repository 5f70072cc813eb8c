import { table } from '../markdown';
import { growthMethods, growthSweeps, type Axis } from './plan-growth';

/** Cost of training on rows and scoring as many new ones. */
export interface GrowthPoint {
  readonly method: string;
  readonly axis: Axis;
  readonly value: number;
  /** Of the one core that ours uses: the time on the clock of a machine that is free. */
  readonly cpuMs: number;
}

/** Where a method stops being practical: training and scoring take longer. */
const PATIENCE_MS = 5 * 60_000;

/** A curve is not continued farther than so many times its last value. */
const FARTHEST = 30;
/** Samples of a window at most. */
const LONGEST_WINDOW = 512;

/** @param image - address of the plot of an axis, seen from the page. */
export function growthChapter(points: readonly GrowthPoint[], image: (axis: Axis) => string): string {
  const axes = Object.keys(growthSweeps) as Axis[];
  const plots = axes.map((axis) => `![Seconds to train and score over ${growthSweeps[axis].title}](${image(axis)})`);
  const rows = growthMethods
    .filter(({ id }) => points.some(({ method }) => method === id))
    .map(({ id, title }) => [
      title,
      ...axes.flatMap((axis) => growthCells(points.filter((p) => p.method === id && p.axis === axis))),
    ]);
  const head = ['method', 'rows: power', 'five minutes at', 'tags: power', 'five minutes at', 'window: power', 'five minutes at'];
  return `## How the cost of the classical methods grows

Seconds of one core to train on n rows, with the scores of these rows, and to score n new ones: 8 tags and single rows where n grows, 4,000 rows where tags or the window
grow. Every method learns from all rows that it can take (\`memory\` at its most), because it is the method that is looked at; by default fewer
are kept, and the cost of more rows is that of scoring them. A sweep ends where a point took more than a second.

${plots.join('\n\n')}

The power is the slope at the end of a curve: 1 means twice the time for twice as much, 2 four times. A method is called practical on a laptop up to five minutes
for training and scoring; where the last measured point is below that, the curve is continued with its slope (of at least 1), at most to 30 times that
point, and rounded to one digit. It counts time alone. Windows have at most 512 samples.

${table(head, rows).join('\n')}

Where a method is too slow, learn from fewer windows (\`memory\`): one is drawn at random from each of as many equal parts of the training part, the run's log
says how many of how many, and scoring is then in proportion to the rows alone.
`;
}

function growthCells(points: readonly GrowthPoint[]): [string, string] {
  if (points.length < 2) return ['–', '–'];
  const [before, last] = points.slice(-2) as [GrowthPoint, GrowthPoint];
  const power = Math.log(last.cpuMs / before.cpuMs) / Math.log(last.value / before.value);
  const place = last.value * (PATIENCE_MS / last.cpuMs) ** (1 / Math.max(1, power));
  const most = last.axis === 'window' ? LONGEST_WINDOW : FARTHEST * last.value;
  const shown = (value: number): string => Number(value.toPrecision(1)).toLocaleString('en');
  return [power.toFixed(1), place > most ? `over ${last.axis === 'window' ? most : shown(most)}` : shown(place)];
}
