import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { autoencoder } from '../src/core/detectors/autoencoder';
import { dagmm } from '../src/core/detectors/dagmm';
import type { Detector } from '../src/core/detectors/detector';
import { gdn } from '../src/core/detectors/gdn';
import { resolveParams, type ParamValues } from '../src/core/detectors/params';
import { quantile } from '../src/core/detectors/shared/windows';
import type { PreparedSeries } from '../src/core/prepare/prepared';
import { randomFrom } from '../src/core/random';
import { loadEngine, type LoadedEngine } from '../src/main/compute/tensorflow';

/** Of PyTorch's twins, trained from 12 seeds: test/reference/trained_networks.py. */
interface Spread {
  readonly params: ParamValues;
  /** Lowest loss of the windows that validate, ascending. */
  readonly loss: readonly number[];
  /** Area under the ROC curve of the test rows' scores, ascending. */
  readonly auc: readonly number[];
  /** Median score of the normal test rows, ascending. */
  readonly level: readonly number[];
}
type Name = 'autoencoder' | 'dagmm' | 'gdn';
const reference = JSON.parse(readFileSync(new URL('./reference/trained_networks.json', import.meta.url), 'utf8')) as Readonly<
  Record<Name, Spread>
> &
  Readonly<Record<'train' | 'test' | 'labels', readonly number[]>>;

const SEEDS = [1, 2, 3, 4, 5];

let engine: LoadedEngine;
beforeAll(async () => {
  engine = await loadEngine();
});

function series(values: readonly number[]): PreparedSeries {
  const rows = values.length / 3;
  return {
    timestamps: Float64Array.from({ length: rows }, (_, row) => row),
    values: Float32Array.from(values),
    ...{ channels: ['a', 'b', 'a·b'], segments: [{ start: 0, end: rows }], stepMs: 1 },
  };
}

/** Share of the pairs of an anomalous and a normal row in which the anomalous one has the higher score; ties count half. */
function auc(anomalous: readonly number[], normal: readonly number[]): number {
  let above = 0;
  for (const high of anomalous) for (const low of normal) above += high > low ? 1 : high === low ? 0.5 : 0;
  return above / (anomalous.length * normal.length);
}

/** Rule: with the same windows, steps, batches and optimiser the median of five seeds lies between the twin's lowest and highest seed. */
it.each<[Name, Detector<never>]>([
  ['autoencoder', autoencoder],
  ['dagmm', dagmm],
  ['gdn', gdn],
])('%s, trained, is as good and as calm as its PyTorch twin', async (name, detector) => {
  const twin = reference[name];
  const span = name === 'gdn' ? 1 : 0;
  const params = resolveParams(detector.info.params, { ...twin.params, span, earlyStopping: false }) as never;
  const found: Record<'loss' | 'auc' | 'level', number[]> = { loss: [], auc: [], level: [] };
  for (const seed of SEEDS) {
    const run = {
      ...{ random: randomFrom(seed), tensorflow: () => Promise.resolve(engine.tf), fusedLstm: engine.fusedLstm },
      ...{ report: () => undefined, checkpoint: () => Promise.resolve() },
    };
    const model = await detector.train(series(reference.train), params, run);
    found.loss.push(Math.min(...model.history.map(({ losses }) => losses['validation']!)));
    const { score } = await model.score(series(reference.test), run);
    const rows = [...score.keys()].filter((row) => !Number.isNaN(score[row]!));
    const scoresWhere = (label: number): number[] =>
      rows.filter((row) => reference.labels[row] === label).map((row) => score[row]!);
    const normal = scoresWhere(0);
    found.auc.push(auc(scoresWhere(1), normal));
    found.level.push(quantile(normal, 0.5));
  }
  for (const measure of ['loss', 'auc', 'level'] as const) {
    const median = quantile(found[measure], 0.5);
    expect(median, `${measure} of ${found[measure].join(', ')}`).toBeGreaterThanOrEqual(twin[measure][0]!);
    expect(median, `${measure} of ${found[measure].join(', ')}`).toBeLessThanOrEqual(twin[measure].at(-1)!);
  }
});
