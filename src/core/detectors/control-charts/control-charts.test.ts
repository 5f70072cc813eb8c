import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PreparedSeries, Segment } from '../../prepare/prepared';
import { randomFrom } from '../../random';
import type { Detector, RunContext } from '../detector';
import { resolveParams, type ParamValues } from '../params';
import { chiSquareCdf } from '../shared/distributions';
import { invertedTransposedCholesky } from '../shared/whitening';
import { cusum, ewma } from '.';
import { runLengthOfEach } from './chart-detector';
import { cusumOfAll, ewmaOfAll } from './charts';
import { averageRunLength, cusumChain, ewmaChain, limitFor, mcusumChain, mewmaChain, type ChartChain } from './run-length';

type Row3 = readonly [number, number, number];
type Row4 = readonly [number, number, number, number];
interface Statistics {
  readonly tags: number;
  readonly lambda: number;
  readonly k: number;
  readonly correlation: readonly number[];
  readonly errors: readonly (readonly number[])[];
  readonly ewma: readonly number[];
  readonly cusum: readonly number[];
  readonly parts: readonly (readonly number[])[];
}

/** Values of SciPy: test/reference/charts.py. */
const reference = JSON.parse(readFileSync(new URL('../../../../test/reference/charts.json', import.meta.url), 'utf8')) as {
  readonly chiSquare: readonly Row4[];
  readonly ewma: readonly Row3[];
  readonly cusum: readonly Row3[];
  readonly mewma: readonly Row4[];
  readonly mcusum: readonly Row4[];
  readonly statistics: readonly Statistics[];
};
const relative = (found: number, expected: number): number => Math.abs(found / expected - 1);
const spread = (lambda: number): number => Math.sqrt(lambda / (2 - lambda));

it('has the noncentral chi-square distribution of SciPy', () => {
  for (const [x, freedom, noncentrality, expected] of reference.chiSquare) {
    // From a mean of 600 on it is an approximation.
    const off = freedom + noncentrality > 600 ? 1e-5 : 1e-12;
    expect(Math.abs(chiSquareCdf(x, freedom, noncentrality) - expected), `${x}, ${freedom}, ${noncentrality}`).toBeLessThan(off);
  }
  expect(chiSquareCdf(0, 3)).toBe(0);
});

describe('average run lengths', () => {
  it('are those of the integral equations', () => {
    const off = 1e-4;
    for (const [lambda, limit, rows] of reference.ewma)
      expect(relative(averageRunLength(ewmaChain(lambda), limit * spread(lambda)), rows)).toBeLessThan(off);
    for (const [k, h, rows] of reference.cusum) expect(relative(averageRunLength(cusumChain(k), h), rows)).toBeLessThan(off);
    for (const [lambda, tags, limit, rows] of reference.mewma)
      expect(relative(averageRunLength(mewmaChain(lambda, tags), Math.sqrt(limit) * spread(lambda)), rows)).toBeLessThan(10 * off);
    for (const [k, tags, h, rows] of reference.mcusum)
      expect(relative(averageRunLength(mcusumChain(k, tags), h), rows)).toBeLessThan(10 * off);
  });

  it('give the limits of EWMA charts that Lucas and Saccucci print for 500 rows, and Shewhart’s', () => {
    for (const [lambda, printed] of [
      [0.4, 3.054],
      [0.25, 2.998],
      [0.2, 2.962],
      [0.1, 2.814],
      [0.05, 2.615],
    ] as const)
      expect(limitFor(ewmaChain(lambda), 500, 1) / spread(lambda)).toBeCloseTo(printed, 2.99);
    // 1 / (2·(1 − Φ(3))) = 370.4
    expect(limitFor(ewmaChain(1), 370.398, 1)).toBeCloseTo(3, 4);
  });

  it('give the limits of CUSUM charts that Hawkins prints for 370 rows', () => {
    for (const [k, printed] of [
      [0.25, 8.01],
      [0.5, 4.77],
      [0.75, 3.34],
      [1, 2.52],
      [1.25, 1.99],
      [1.5, 1.61],
    ] as const)
      expect(Math.abs(limitFor(cusumChain(k), 2 * 370, 4) - printed)).toBeLessThan(0.011);
  });

  it('are those that Montgomery prints for shifts of k 0.5', () => {
    const shifted = (shift: number): ChartChain => ({ step: 1, next: (to, s) => cusumChain(0.5).next(to, s + shift) });
    const rows = (shift: number, h: number): number =>
      1 / (1 / averageRunLength(shifted(shift), h) + 1 / averageRunLength(shifted(-shift), h));
    for (const [shift, four, five] of [
      [0, 168, 465],
      [0.25, 74.2, 139],
      [0.5, 26.6, 38],
      [0.75, 13.3, 17],
      [1, 8.38, 10.4],
      [1.5, 4.75, 5.75],
      [2, 3.34, 4.01],
      [3, 2.19, 2.57],
    ] as const) {
      expect(relative(rows(shift, 4), four), `${shift}`).toBeLessThan(0.005);
      expect(relative(rows(shift, 5), five), `${shift}`).toBeLessThan(0.005);
    }
  });

  it('give the limits of one chart of all tags that Prabhu and Runger print for 200 rows, and Crosier’s', () => {
    for (const [lambda, tags, printed] of [
      [0.05, 2, 7.35],
      [0.1, 2, 8.64],
      [0.2, 2, 9.65],
      [0.1, 4, 12.73],
      [0.2, 4, 13.87],
      [0.1, 10, 22.67],
    ] as const) {
      const limit = limitFor(mewmaChain(lambda, tags), 200, 1) / spread(lambda);
      expect(Math.abs(limit ** 2 - printed), `${lambda}, ${tags}`).toBeLessThan(0.015);
    }
    // His own chains had few states: the integral equation and simulation give 208.8 rows for his 9.46.
    for (const [tags, printed] of [
      [2, 5.5],
      [5, 9.46],
      [10, 14.9],
    ] as const)
      expect(relative(limitFor(mcusumChain(0.5, tags), 200, 5), printed), `${tags}`).toBeLessThan(0.01);
  });

  it('are found for the smallest and largest settings', () => {
    for (const rows of [20, 500, 1e6]) {
      for (const lambda of [0.01, 1])
        expect(relative(averageRunLength(ewmaChain(lambda), limitFor(ewmaChain(lambda), rows, 1)), rows)).toBeLessThan(1e-5);
      for (const k of [0.05, 1.5])
        expect(relative(averageRunLength(cusumChain(k), limitFor(cusumChain(k), rows, 4)), rows)).toBeLessThan(1e-5);
    }
    expect(limitFor(mcusumChain(0.5, 200), 500, 10)).toBeGreaterThan(170);
  });

  it('have no limit where even the smallest runs longer', () => {
    // 1 / (1 − Φ(3)) = 741 rows.
    expect(() => limitFor(cusumChain(3), 20, 1)).toThrow(RangeError);
  });

  it('of several charts together are that of each by hand', () => {
    // Two charts, each silent in a row with probability 0.9: both with 0.81.
    expect(runLengthOfEach(1 / 0.19, 2)).toBeCloseTo(10, 9);
    expect(runLengthOfEach(500, 1)).toBeCloseTo(500, 6);
  });
});

it.each(reference.statistics)('charts $tags tags with their correlation as NumPy does', (given) => {
  const { tags, lambda, k } = given;
  const inverse = Float32Array.from(invertedTransposedCholesky(Float64Array.from(given.correlation), tags));
  const parts = new Float64Array(tags);
  const [all, sum] = [ewmaOfAll(lambda, inverse, tags), cusumOfAll(k, 1e6, inverse, tags)];
  given.errors.forEach((row, i) => {
    expect(sum.next(Float64Array.from(row), parts)).toBeCloseTo(given.cusum[i]!, 5);
    expect(all.next(Float64Array.from(row), parts)).toBeCloseTo(given.ewma[i]!, 5);
    parts.forEach((part, j) => expect(part).toBeCloseTo(given.parts[i]![j]!, 4));
  });
  sum.restart();
  expect(sum.next(new Float64Array(tags), parts)).toBe(0);
});

const run: RunContext = {
  random: randomFrom(1),
  tensorflow: () => Promise.reject(new Error('needs no tensor engine')),
  fusedLstm: false,
  report: () => undefined,
  checkpoint: () => Promise.resolve(),
};

function series(columns: readonly ArrayLike<number>[], segments?: readonly Segment[]): PreparedSeries {
  const n = columns[0]!.length;
  return {
    timestamps: Float64Array.from({ length: n }, (_, row) => 1000 * row),
    values: Float32Array.from(
      { length: n * columns.length },
      (_, at) => columns[at % columns.length]![Math.floor(at / columns.length)]!,
    ),
    channels: columns.map((_, j) => `tag ${j + 1}`),
    segments: segments ?? [{ start: 0, end: n }],
    stepMs: 1000,
  };
}

async function scores(detector: Detector, train: PreparedSeries, test: PreparedSeries, params: ParamValues) {
  const model = await detector.train(train, resolveParams(detector.info.params, params), run);
  return model.score(test, run);
}

/** Mean 0 and standard deviation 1 in the first 80 %, exactly. */
const coin = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : -1));

describe('the detectors', () => {
  it('average and sum the values in standard deviations by hand, in units of the limit', async () => {
    const test = series([[1, 2, 0, -4]]);
    const averages = await scores(ewma, series([coin]), test, { order: 0, lambda: 0.2 });
    // L·sqrt(0.2 / 1.8) with 2.962 for 500 rows. Z: 0.2, 0.56, 0.448, −0.4416.
    const limit = 2.962 / 3;
    [0.2, 0.56, 0.448, 0.4416].forEach((z, row) => expect(averages.score[row]).toBeCloseTo(z / limit, 3));
    for (const value of averages.expected!) expect(value).toBeCloseTo(0, 12);
    expect(averages.expectedHalfWidth![0]).toBe(1);
    const sums = await scores(cusum, series([coin]), test, { order: 0, arl0: 370 });
    // Up 0.5, 2, 1.5, 0; down 0, 0, 0, 3.5.
    [0.5, 2, 1.5, 3.5].forEach((sum, row) => expect(sums.score[row]).toBeCloseTo(sum / 4.774, 3));
    const capped = await scores(cusum, series([coin]), series([[40, 0]]), { order: 0, arl0: 370, ceiling: 2 });
    expect(capped.score[0]).toBe(2);
    expect(capped.score[1]).toBeCloseTo(2 - 0.5 / 4.774, 3);
  });

  it('start anew in each segment', async () => {
    for (const detector of [ewma, cusum] as const) {
      for (const combine of ['each', 'together']) {
        const segments = [
          { start: 0, end: 3 },
          { start: 3, end: 6 },
        ];
        const test = series(
          [
            [9, 9, 9, 1, 2, 1],
            [0, 0, 9, 1, 0, 2],
          ],
          segments,
        );
        const alone = series([
          [1, 2, 1],
          [1, 0, 2],
        ]);
        const random = randomFrom(3);
        const train = series([coin, coin.map(() => random.normal())]);
        const params = { order: 0, combine };
        const behind = (await scores(detector as Detector, train, test, params)).score.subarray(3);
        expect([...behind]).toEqual([...(await scores(detector as Detector, train, alone, params)).score]);
      }
    }
  });

  /** x' = φx + e with variance 1. */
  const wandering = (n: number, phi: number, seed: number): Float64Array => {
    const random = randomFrom(seed);
    let x = 0;
    return Float64Array.from({ length: n }, () => (x = phi * x + Math.sqrt(1 - phi * phi) * random.normal()));
  };
  /** Mean rows to the first score over 1, of 300 charts; a segment is longer than nearly all of them run. */
  const runLength = async (detector: Detector, phi: number, params: ParamValues): Promise<number> => {
    const [charts, rows] = [300, 600];
    const segments = Array.from({ length: charts }, (_, i) => ({ start: i * rows, end: (i + 1) * rows }));
    const test = series([wandering(charts * rows, phi, 2)], segments);
    const { score } = await scores(detector, series([wandering(6000, phi, 1)]), test, params);
    const lengths = segments.map(({ start, end }) => {
      const own = score.subarray(start, end).filter((value) => !Number.isNaN(value));
      const alarm = own.findIndex((value) => value >= 1);
      return alarm < 0 ? rows : alarm + 1;
    });
    return lengths.reduce((sum, length) => sum + length, 0) / charts;
  };

  it.each([
    ['ewma', ewma],
    ['cusum', cusum],
  ] as const)('%s keeps its run length on forecast errors of wandering tags, and loses it on their values', async (_, chart) => {
    const detector = chart as Detector;
    // Standard error of the mean of 300: 6 rows; standard deviations are fitted to 4800 rows.
    expect(Math.abs((await runLength(detector, 0, { arl0: 100, order: 0 })) - 100)).toBeLessThan(18);
    expect(Math.abs((await runLength(detector, 0.9, { arl0: 100 })) - 100)).toBeLessThan(18);
    expect(await runLength(detector, 0.9, { arl0: 100, order: 0 })).toBeLessThan(35);
  });

  it('of many tags together keep about the run length of one', async () => {
    const tags = 8;
    const random = randomFrom(7);
    const noise = (n: number): Float64Array[] =>
      Array.from({ length: tags }, () => Float64Array.from({ length: n }, () => random.normal()));
    const [train, test] = [series(noise(4000)), series(noise(20_000))];
    for (const combine of ['each', 'together']) {
      const { score } = await scores(ewma as Detector, train, test, { order: 0, combine, lambda: 1, arl0: 100 });
      // λ 1: rows are independent, so the share above the limit is 1 / ARL0; four standard errors are 0.0028, the rest is the fit.
      expect(Math.abs(score.filter((value) => value >= 1).length / 20_000 - 0.01)).toBeLessThan(0.004);
    }
  });

  it('refuse more tags in one chart than a correlation holds, and say what to do', async () => {
    const columns = Array.from({ length: 201 }, () => coin);
    await expect(scores(ewma as Detector, series(columns), series(columns), { combine: 'together' })).rejects.toThrow(
      /a chart a tag/,
    );
  });

  it('propose a forecast that the training rows are enough for', async () => {
    for (const rows of [40, 60, 100, 189, 190, 500]) {
      const { order } = ewma.propose!({ channels: 1, trainRows: rows, windowSamples: 8 }) as { order: number };
      expect(order).toBe(Math.min(12, Math.floor((0.8 * rows - 20) / 11)));
      const train = series([wandering(rows, 0.5, 1)]);
      const { score } = await scores(ewma as Detector, train, train, { order });
      expect(score.at(-1)).toBeGreaterThanOrEqual(0);
      if (order < 12) await expect(scores(ewma as Detector, train, train, { order: order + 1 })).rejects.toThrow(/needs at least/);
    }
  });

  it('hold a tag that never moved to its value', async () => {
    const train = series([new Float64Array(300).fill(0.5)]);
    const { score, expected } = await scores(ewma as Detector, train, series([Array.from({ length: 20 }, () => 0.5)]), {});
    expect(expected![15]).toBe(0.5);
    expect(score[15]).toBe(0);
  });
});
