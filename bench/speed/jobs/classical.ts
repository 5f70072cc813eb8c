import { componentsFitter } from '../../../src/core/detectors/pca/model';
import { resolveParams } from '../../../src/core/detectors/params';
import { findDetector } from '../../../src/core/detectors/registry';
import type { PreparedSeries } from '../../../src/core/prepare/prepared';
import { benchRun } from '../../run-context';
import type { Job } from '../job';
import { meter, perPiece } from '../meter';
import { floatsOf, peakMb } from './given';
import { selfJoin } from './self-join';
import { svmFit } from './svm-fit';

/** Rows of the run that is not measured, so that everything is compiled. */
const FIRST_ROWS = 1000;

/**
 * A detector as it is used: `train`, with the scores of the rows it was trained on (each by what was fitted without it), then `score` of as
 * many new rows, with shares of the tags. Parameters of the detector are taken from the shape.
 */
const detectorJob = (id: string): Job => {
  const detector = findDetector(id);
  return (engine, { shape, data }) => {
    const given = Object.entries(shape).filter(([name]) => Object.hasOwn(detector.info.params, name));
    const params = resolveParams(detector.info.params, { span: 0, ...Object.fromEntries(given) });
    const { channels = 1 } = shape;
    const values = floatsOf(data!);
    const half = values.length / 2;
    const run = benchRun(engine);
    const use = async (train: PreparedSeries, test: PreparedSeries): Promise<Record<string, number>> => {
      const model = await detector.train(train, params, run);
      const cost = meter();
      const { score } = await model.score(test, run);
      const scoreMs = cost().wallMs;
      model.dispose();
      const known = score.filter((value) => !Number.isNaN(value));
      return { scoreMs, meanScore: known.reduce((sum, value) => sum + value / known.length, 0) };
    };
    const [known, fresh] = [seriesOf(values.subarray(0, half), channels), seriesOf(values.subarray(half), channels)];
    const few = seriesOf(values.subarray(0, Math.min(half, (FIRST_ROWS + (shape['window'] ?? 1)) * channels)), channels);
    return Promise.resolve(async (pieces) => {
      await use(few, few);
      const cost = meter();
      let seen = {};
      for (let i = 0; i < pieces; i++) seen = await use(known, fresh);
      return { ...perPiece(cost(), pieces), extra: { ...seen, peakMb: peakMb() } };
    });
  };
};

/** Gap-free tags of scaled values. */
function seriesOf(values: Float32Array, channels: number): PreparedSeries {
  const rows = values.length / channels;
  return {
    timestamps: Float64Array.from({ length: rows }, (_, i) => i),
    ...{ values, channels: Array.from({ length: channels }, (_, j) => `tag ${j}`), segments: [{ start: 0, end: rows }], stepMs: 1 },
  };
}

/** Components of one series in float64, as the detector finds them; the score is the mean variance of a component. */
const pcaFit: Job = (_, { shape, data }) => {
  const { channels = 1 } = shape;
  const all = floatsOf(data!);
  const rows = all.subarray(0, all.length / 2);
  const everyRow = Int32Array.from({ length: rows.length / channels }, (__, row) => row);
  const pause = (): Promise<void> => Promise.resolve();
  const fit = async (use: Int32Array): Promise<number> => {
    const { variances } = await (await componentsFitter(rows.subarray(0, use.length * channels), channels, pause))(use);
    return variances.reduce((sum, variance) => sum + variance, 0) / channels;
  };
  return Promise.resolve(async (pieces) => {
    await fit(everyRow.subarray(0, FIRST_ROWS));
    const cost = meter();
    let meanScore = 0;
    for (let i = 0; i < pieces; i++) meanScore = await fit(everyRow);
    return { ...perPiece(cost(), pieces), extra: { scoreMs: 0, meanScore, peakMb: peakMb() } };
  });
};

const DETECTORS = ['feature-bagging', 'isolation-forest', 'knn', 'lof', 'matrix-profile', 'oc-svm', 'pca', 'whitened-windows'];

export const classicalJobs: Readonly<Record<string, Job>> = {
  ...Object.fromEntries(DETECTORS.map((id) => [id, detectorJob(id)])),
  'pca-fit': pcaFit,
  'svm-fit': svmFit,
  'self-join': selfJoin,
};
