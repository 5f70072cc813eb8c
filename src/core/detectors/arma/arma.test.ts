import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PreparedSeries, Segment } from '../../prepare/prepared';
import { randomFrom } from '../../random';
import type { RunContext } from '../detector';
import { resolveParams, type ParamValues } from '../params';
import { coefficientsOf, fromPartial, nearestPartial, toPartial } from './coefficients';
import { aic, conditionalSquares, fitArma, fitByAic, type Fitted } from './fit';
import { arma } from '.';
import { ArmaFilter, innovations, logLikelihood } from './kalman';
import { minimise } from './minimise';
import { hannanRissanen } from './start';

interface Reference {
  readonly y: readonly number[];
  readonly exact: readonly {
    readonly name: string;
    readonly ar: readonly number[];
    readonly ma: readonly number[];
    readonly mean: number;
    readonly variance: number;
    readonly logLikelihood: number;
    readonly forecasts: readonly number[];
    readonly variances: readonly number[];
  }[];
  readonly estimates: readonly {
    readonly p: number;
    readonly q: number;
    readonly ar: readonly number[];
    readonly ma: readonly number[];
    readonly mean: number;
    readonly logLikelihood: number;
    readonly aic: number;
  }[];
  readonly orders: readonly { readonly p: number; readonly q: number; readonly aic: number }[];
}

/** Values of statsmodels: test/reference/arma.py. */
const reference = JSON.parse(readFileSync(new URL('../../../../test/reference/arma.json', import.meta.url), 'utf8')) as Reference;
const y = Float64Array.from(reference.y);
const pause = (): Promise<void> => Promise.resolve();
const relative = (found: number, expected: number): number => Math.abs(found - expected) / Math.max(Math.abs(expected), 1e-3);

function run(more: Partial<RunContext> = {}): RunContext {
  return {
    random: randomFrom(1),
    tensorflow: () => Promise.reject(new Error('needs no tensor engine')),
    fusedLstm: false,
    report: () => undefined,
    checkpoint: pause,
    ...more,
  };
}

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

const params = (more: ParamValues = {}) => resolveParams(arma.info.params, more) as Parameters<typeof arma.train>[1];

/** w_t = 0.8 w_{t−1} + e_t + 0.4 e_{t−1}. */
function simulate(n: number, seed: number): Float64Array {
  const random = randomFrom(seed);
  let [w, e] = [0, 0];
  return Float64Array.from({ length: n }, () => {
    const next = random.normal();
    w = 0.8 * w + next + 0.4 * e;
    e = next;
    return w;
  });
}

describe('partial autocorrelations', () => {
  it('give the coefficients that Durbin and Levinson give by hand, and come back', () => {
    // φ22 = -0.5, φ21 = 0.8 + 0.5·0.8.
    const ar = fromPartial([0.8, -0.5]);
    expect(ar[0]).toBeCloseTo(1.2, 12);
    expect(ar[1]).toBe(-0.5);
    const back = toPartial(fromPartial([0.3, -0.9, 0.2, 0.7]))!;
    [0.3, -0.9, 0.2, 0.7].forEach((value, i) => expect(back[i]).toBeCloseTo(value, 12));
  });

  it('tell what is not stationary, and the nearest that is', () => {
    expect(toPartial([0.5, 0.5])).toBeNull();
    expect(toPartial([1.1])).toBeNull();
    const near = fromPartial(nearestPartial([1.1]));
    expect(near[0]).toBeCloseTo(1.1 * 0.95 ** 2, 9);
  });

  it('an ended list is a lower order', () => {
    expect([...fromPartial([0.8, -0.5, 0])]).toEqual([...fromPartial([0.8, -0.5]), 0]);
  });
});

describe('the exact likelihood', () => {
  it.each(reference.exact.map((entry) => [entry.name, entry] as const))('equals that of statsmodels for %s', (_, entry) => {
    const coefficients = { ar: Float64Array.from(entry.ar), ma: Float64Array.from(entry.ma) };
    const found = logLikelihood(innovations(coefficients, entry.mean, [y]), entry.variance);
    expect(relative(found, entry.logLikelihood)).toBeLessThan(1e-9);
    const filter = new ArmaFilter(coefficients);
    entry.forecasts.forEach((forecast, t) => {
      expect(relative(filter.variance, entry.variances[t]!)).toBeLessThan(1e-9);
      expect(relative(entry.mean + filter.forecast, forecast)).toBeLessThan(1e-9);
      filter.update(y[t]! - entry.mean);
    });
  });

  it('of two runs is the sum of theirs', () => {
    const coefficients = coefficientsOf([0.7, 0.2], [0.3]);
    const parts = [y.slice(0, 150), y.slice(150)];
    const one = (runs: Float64Array[]): number => logLikelihood(innovations(coefficients, 1, runs), 2);
    expect(one(parts)).toBeCloseTo(one([parts[0]!]) + one([parts[1]!]), 9);
  });
});

describe('estimates', () => {
  const flat = ({ arPartial, maPartial, mean }: Fitted): number[] => {
    const { ar, ma } = coefficientsOf(arPartial, maPartial);
    return [...ar, ...ma, mean];
  };

  it.each(reference.estimates.map((entry) => [entry.p, entry.q, entry] as const))(
    'of ARMA(%i, %i) by the exact likelihood are those of statsmodels, and by conditional squares near them',
    async (p, q, entry) => {
      const expected = [...entry.ar, ...entry.ma, entry.mean];
      const exact = await fitArma([y], { p, q }, 'exact', pause);
      // Both optimisers stop where the likelihood is flat: the same height, nearly the same place.
      expect(relative(exact.logLikelihood, entry.logLikelihood)).toBeLessThan(1e-6);
      expect(relative(aic(exact), entry.aic)).toBeLessThan(1e-6);
      flat(exact).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-3));
      const css = await fitArma([y], { p, q }, 'css', pause);
      // Conditional and exact estimates differ by the first rows, order 1/n: coefficients at 400 rows; the mean's own standard error is 0.3 to 0.6.
      flat(css).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(i < p + q ? 0.02 : 0.15));
    },
  );

  it('by AIC choose the order that statsmodels chooses', async () => {
    const best = reference.orders.reduce((a, b) => (b.aic < a.aic ? b : a));
    for (const estimation of ['css', 'exact'] as const) {
      const found = await fitByAic([y], { p: 2, q: 2 }, estimation, pause);
      expect([found.arPartial.length, found.maPartial.length]).toEqual([best.p, best.q]);
    }
  });

  it('start near the truth', () => {
    const { ar, ma } = hannanRissanen([simulate(5000, 3)], 0, 1, 1);
    expect(fromPartial(ar)[0]).toBeCloseTo(0.8, 1);
    expect(-fromPartial(ma)[0]!).toBeCloseTo(0.4, 1);
  });

  it('take the conditional squares by hand', () => {
    // φ 0.5, θ 0.5, mean 1, w − 1 = 1 2 0: e_2 = 2 − 0.5 = 1.5, e_3 = 0 − 1 − 0.75.
    const { squares, count } = conditionalSquares({ ar: Float64Array.of(0.5), ma: Float64Array.of(0.5) }, 1, [
      Float64Array.of(2, 3, 1),
    ]);
    expect(count).toBe(2);
    expect(squares).toBeCloseTo(1.5 ** 2 + 1.75 ** 2, 12);
  });
});

it('the optimiser finds the minimum of a curved valley', async () => {
  // Rosenbrock's function: minimum 0 at (1, 1).
  const found = await minimise((x) => 100 * (x[1]! - x[0]! ** 2) ** 2 + (1 - x[0]!) ** 2, Float64Array.of(-1.2, 1), 200, pause);
  expect(found[0]).toBeCloseTo(1, 4);
  expect(found[1]).toBeCloseTo(1, 4);
});

describe('the detector', () => {
  it('scores new rows of the same process as standard normal sizes', async () => {
    const model = await arma.train(series([simulate(4000, 1)]), params(), run());
    const { score } = await model.score(series([simulate(4000, 2)]), run());
    const scored = score.filter((value) => !Number.isNaN(value));
    expect(scored).toHaveLength(4000 - 3);
    // E z² = 1 and E |z| = sqrt(2/π); four standard errors at 4000 rows: 0.09 and 0.04.
    expect(Math.abs(scored.reduce((sum, z) => sum + z * z, 0) / scored.length - 1)).toBeLessThan(0.12);
    expect(Math.abs(scored.reduce((sum, z) => sum + z, 0) / scored.length - Math.sqrt(2 / Math.PI))).toBeLessThan(0.05);
    // 2·(1 − Φ(2.5758)) = 1 %: half width of the band around what was expected.
    const band = await model.score(series([simulate(4000, 5)]), run());
    expect(band.expectedHalfWidth![0]).toBeGreaterThan(2.2);
    expect(band.expectedHalfWidth![0]).toBeLessThan(3);
  });

  it('with differencing scores a wandering signal as its changes are scored without', async () => {
    // Multiples of 1/64, so that sums and differences are exact in float32.
    const w = simulate(1500, 4).map((value) => Math.round(64 * value) / 64);
    let level = 0;
    const wandering = w.map((value) => (level += value));
    const changes = await arma.train(series([w.slice(1)]), params(), run());
    const levels = await arma.train(series([wandering]), params({ differences: 1 }), run());
    const expected = (await changes.score(series([w.slice(1)]), run())).score;
    const { score, expected: forecast } = await levels.score(series([wandering]), run());
    expect(Number.isNaN(score[3]!)).toBe(true);
    // The held-out part starts a row later or earlier: the scale differs by one row.
    for (let row = 4; row < 1500; row++) expect(Math.abs(score[row]! - expected[row - 1]!)).toBeLessThan(0.05);
    const residual = wandering.reduce((sum, value, row) => (row < 4 ? sum : sum + (value - forecast![row]!) ** 2), 0) / 1496;
    expect(residual).toBeLessThan(1.2);
  });

  it('starts anew in each segment', async () => {
    const model = await arma.train(series([simulate(2000, 1)]), params(), run());
    const tail = simulate(300, 6).slice(100);
    const alone = (await model.score(series([tail]), run())).score;
    const other = Float64Array.of(...new Float64Array(50).fill(9), ...tail);
    const segments = [
      { start: 0, end: 50 },
      { start: 50, end: 250 },
    ];
    const behind = (await model.score(series([other], segments), run())).score;
    expect([...behind.slice(50)]).toEqual([...alone]);
  });

  it('holds a tag that never moved to its value, and lets it outweigh nothing while it stays there', async () => {
    const [moving, still] = [simulate(1000, 1), new Float64Array(1000).fill(0.25)];
    const model = await arma.train(series([moving, still]), params({ order: 'aic' }), run());
    const test = series([simulate(200, 2), Float64Array.from({ length: 200 }, (_, row) => (row === 150 ? 12.25 : 0.25))]);
    const { score, byChannel, expected } = await model.score(test, run());
    expect(expected![100 * 2 + 1]).toBe(0.25);
    expect(byChannel![100 * 2 + 1]).toBe(0);
    // Nothing is known of its spread, so it is measured in the scaler's unit: 12 of them.
    expect(score[150]).toBeCloseTo(12, 5);
    expect(byChannel![150 * 2 + 1]).toBeGreaterThan(0.8);
  });

  it('gives the root mean square of the tags when asked, and the power mean over the span', async () => {
    const data = series([simulate(1000, 1), simulate(1000, 2)]);
    const test = series([simulate(50, 3), simulate(50, 4)]);
    const scoreWith = async (more: ParamValues): Promise<Float32Array> =>
      (await (await arma.train(data, params(more), run())).score(test, run())).score;
    const [largest, rms, span] = [await scoreWith({}), await scoreWith({ combine: 'rms' }), await scoreWith({ span: 10 })];
    for (let row = 3; row < 50; row++) {
      expect(rms[row]!).toBeLessThanOrEqual(largest[row]!);
      expect(rms[row]!).toBeGreaterThanOrEqual(largest[row]! / Math.SQRT2 - 1e-6);
    }
    expect(Number.isNaN(span[11]!)).toBe(true);
    const powers = largest.slice(3, 13).reduce((sum, value) => sum + value ** 4, 0);
    expect(span[12]).toBeCloseTo((powers / 10) ** 0.25, 5);
  });

  it('fits a long period on its last rows only', async () => {
    // Of 3000 rows the last 600 are held out, so rows 1400 to 2399 are fitted: what came before does not matter.
    const [one, other] = [simulate(3000, 9), simulate(3000, 9)];
    other.fill(5, 0, 1400);
    const weights = async (values: Float64Array, fitRows: number): Promise<Uint8Array> =>
      (await (await arma.train(series([values]), params({ fitRows }), run())).save()).weights;
    expect(await weights(one, 1000)).toEqual(await weights(other, 1000));
    expect(await weights(one, 1001)).not.toEqual(await weights(other, 1001));
    expect(arma.size(3000, 1, params({ fitRows: 1000 })).windows).toBe(1000);
  });

  it('refuses rows that are many but full of gaps', async () => {
    const segments = Array.from({ length: 100 }, (_, i) => ({ start: 4 * i, end: 4 * i + 4 }));
    await expect(arma.train(series([simulate(400, 1)], segments), params({ span: 5 }), run())).rejects.toThrow(
      /without a gap of more than 7 rows/,
    );
  });
});
