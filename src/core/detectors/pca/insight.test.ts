import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tagParts } from '../../insight/insight';
import type { PreparedSeries } from '../../prepare/prepared';
import { componentsOf } from './insight';
import { componentsFitter } from './model';

/** Values of scikit-learn: test/reference/classical.py. */
const { cases } = JSON.parse(readFileSync(new URL('../../../../test/reference/classical.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly {
    readonly name: string;
    readonly d: number;
    readonly kept: number;
    readonly confidence: number;
    readonly train: readonly number[];
    readonly test: readonly number[];
    readonly pca: Readonly<Record<'variances' | 'components' | 't2' | 'q', readonly number[]>> & {
      readonly t2Limit: number;
      readonly qLimit: number;
    };
  }[];
};
const run = { checkpoint: () => Promise.resolve() };

it.each(cases.map((one) => [one.name, one] as const))('%s: loadings and limits are those of scikit-learn', async (_, one) => {
  const { d, kept, confidence, pca } = one;
  const series = (values: readonly number[]): PreparedSeries => ({
    timestamps: Float64Array.from({ length: values.length / d }, (__, row) => row),
    values: Float32Array.from(values),
    channels: Array.from({ length: d }, (__, j) => `T${j}`),
    segments: [{ start: 0, end: values.length / d }],
    stepMs: 1,
  });
  const [train, scored] = [series(one.train), series(one.test)];
  const fit = await componentsFitter(train.values, d, run.checkpoint);
  const rows = train.values.length / d;
  const components = await fit(Int32Array.from({ length: rows }, (__, i) => i));
  const chosen = { components: kept, variance: 0.9, confidence, scaling: 'standard', memory: 20_000 } as const;
  const params = { window: 1, span: 0, score: 'combined', ...chosen } as const;
  const shape = { width: d, channels: d };
  const found = await componentsOf(components, rows, shape, params, train.channels, { train, scored }, run);

  expect([found.kept, found.rows, found.window, found.loadings.length]).toEqual([kept, rows, 1, kept]);
  const total = pca.variances.reduce((sum, value) => sum + value, 0);
  found.explained.forEach((share, i) => expect(share).toBeCloseTo(pca.variances[i]! / total, 9));
  found.loadings.forEach((loadings, i) =>
    // Signs and all: both turn a component so that its largest loading is positive.
    loadings.forEach((value, j) => expect(value).toBeCloseTo(pca.components[i * d + j]!, 8)),
  );
  const [t2, q] = found.limits;
  expect(t2!.value / pca.t2Limit).toBeCloseTo(1, 8);
  expect(q!.value / pca.qLimit).toBeCloseTo(1, 8);
  const over = (values: readonly number[], limit: number): number => values.filter((value) => value > limit).length;
  expect(t2!.scored).toEqual({ over: over(pca.t2, pca.t2Limit), of: pca.t2.length });
  expect(q!.scored).toEqual({ over: over(pca.q, pca.qLimit), of: pca.q.length });
  expect(t2!.training.of).toBe(rows);
  // Its rows fitted the limits: about 1 % of them are above.
  expect(t2!.training.over).toBeLessThanOrEqual(0.05 * rows);
});

it('sums the loadings of a tag over the window', () => {
  // By hand: two rows of two tags; the first tag stays at 0.5, the second swings between 0.1 and −0.7.
  const [level, swing] = tagParts([0.5, 0.1, 0.5, -0.7], 2);
  expect(level!.share).toBeCloseTo(0.5, 12);
  expect(level!.level).toBeCloseTo(Math.SQRT1_2, 12);
  expect(swing!.share).toBeCloseTo(0.5, 12);
  expect(swing!.level).toBeCloseTo(-0.6 / Math.SQRT2, 12);
});
