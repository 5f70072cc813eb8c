import { GaussianRows, RbfKernel, scaleGamma } from '../../../src/core/detectors/oc-svm/kernel';
import { openBoundary } from '../../../src/core/detectors/oc-svm/reader';
import { solveOneClass } from '../../../src/core/detectors/oc-svm/solver';
import { chunksOf, gatherWindows, windowEnds } from '../../../src/core/detectors/shared/windows';
import type { TensorFlow } from '../../../src/core/detectors/detector';
import type { Job } from '../job';
import { meter, perPiece } from '../meter';
import { floatsOf, peakMb } from './given';

/** Windows of the run that is not measured, so that everything is compiled. */
const FIRST = 1000;
const run = { checkpoint: () => Promise.resolve() };

/** One-class SVM without what the detector adds: one fit, then the sums Σ α_i k(x_i, x) of the fitted and of as many new windows. */
export const svmFit: Job = ({ tf }, { shape, data }) => {
  const { channels = 1, window = 1, nu = 0.05 } = shape;
  const all = floatsOf(data!);
  const [known, fresh] = [all.subarray(0, all.length / 2), all.subarray(all.length / 2)].map((values) =>
    windowsOf(values, window, channels),
  );
  const width = window * channels;
  return Promise.resolve(async (pieces) => {
    await work(tf, known!.subarray(0, FIRST * width), fresh!.subarray(0, FIRST * width), width, nu);
    const cost = meter();
    let done = { scoreMs: 0, meanScore: 0 };
    for (let i = 0; i < pieces; i++) done = await work(tf, known!, fresh!, width, nu);
    return { ...perPiece(cost(), pieces), extra: { ...done, peakMb: peakMb() } };
  });
};

async function work(tf: TensorFlow, known: Float32Array, fresh: Float32Array, width: number, nu: number) {
  const n = known.length / width;
  const gamma = scaleGamma(known, width);
  const rows = new GaussianRows(tf, known, width, gamma);
  const start = { alpha: new Float64Array(n), gradient: Float64Array.from(rows.squares, (square) => -square) };
  const everything = Int32Array.from({ length: n }, (_, i) => i);
  const { alpha, rho } = await solveOneClass(new RbfKernel(tf, rows), everything, nu * n, start, run);
  rows.dispose();
  const fitted = { vectors: known, alpha: Float32Array.from(alpha), boundary: Float32Array.of(gamma, rho) };
  const reader = openBoundary(tf, fitted, { width, channels: 1 });
  /** The score is √(−ln(sum / Σα) / γ). */
  const meanSum = (windows: Float32Array): number => {
    let total = 0;
    for (const part of chunksOf(everything, reader.chunk)) {
      const { points } = reader.read(windows.subarray(part[0]! * width, (part.at(-1)! + 1) * width), true);
      for (const point of points) total += nu * Math.exp(-gamma * point * point);
    }
    return total;
  };
  meanSum(known);
  const cost = meter();
  const meanScore = meanSum(fresh);
  const scoreMs = cost().wallMs;
  reader.dispose();
  return { scoreMs, meanScore };
}

function windowsOf(values: Float32Array, window: number, channels: number): Float32Array {
  const rows = values.length / channels;
  const segments = [{ start: 0, end: rows }];
  const names = Array.from({ length: channels }, (_, j) => `tag ${j}`);
  const series = { values, segments, channels: names, timestamps: Float64Array.from({ length: rows }, (_, i) => i), stepMs: 1 };
  return gatherWindows(series, window, windowEnds(segments, window));
}
