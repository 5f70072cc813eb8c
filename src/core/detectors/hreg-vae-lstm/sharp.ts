import type { Scores } from '../../scoring/scores';
import type { RunContext, TensorFlow } from '../detector';
import { causalScore, reviewScore, sharesOverSpan, writeEnergyShares } from '../shared/aggregate';
import { NeighbourMemory } from '../shared/neighbours';
import { Whitener, type Whitening } from '../shared/whitening';
import { chunksOf, windowEnds } from '../shared/windows';
import { spanOf } from './params';
import { CHUNK, forecastResiduals, reconstructionResiduals, rowsWithHistory, writeExpected, type View } from './residuals';

/** Most entries of a memory, and the neighbour asked for. */
export const MEMORY_SIZE = 3000;
export const NEIGHBOUR = 5;

/** What the sharp score remembers of normal data; float32 because it is stored with the model. */
export interface SharpReference {
  readonly whitening: Whitening;
  /** [M, p·c] whitened reconstruction residuals. */
  readonly reconstructions: Float32Array;
  /** [M, p·c] forecast residuals; empty for several channels, where they are not used. */
  readonly forecasts: Float32Array;
  /** [2] q_a and q_b. */
  readonly scales: Float32Array;
}

/** What is fitted; the scales follow from reading held-out rows with it. */
export type Statistics = Omit<SharpReference, 'scales'>;

/** Statistics as tensors, which it owns. */
export class Reader {
  private readonly whitener: Whitener;
  private readonly reconstructions: NeighbourMemory;
  private readonly forecasts: NeighbourMemory | null;

  constructor(tf: TensorFlow, reference: Statistics) {
    const width = reference.whitening.mean.length;
    this.whitener = new Whitener(tf, reference.whitening);
    this.reconstructions = new NeighbourMemory(tf, reference.reconstructions, width, NEIGHBOUR);
    this.forecasts = reference.forecasts.length > 0 ? new NeighbourMemory(tf, reference.forecasts, width, NEIGHBOUR) : null;
  }

  /** a_t and b_t at the given rows; b is NaN where it does not exist. `residuals` are those of the reconstruction. */
  read(view: View, ends: Int32Array, history: Uint8Array): { a: Float64Array; b: Float64Array; residuals: Float32Array } {
    const residuals = reconstructionResiduals(view, ends);
    const a = this.reconstructions.distances(this.whitener.apply(residuals));
    const b = new Float64Array(ends.length).fill(Number.NaN);
    const known = ends.filter((row) => history[row] === 1);
    if (this.forecasts && known.length > 0) {
      const distances = this.forecasts.distances(forecastResiduals(view, known));
      let at = 0;
      ends.forEach((row, i) => {
        if (history[row] === 1) b[i] = distances[at++]!;
      });
    }
    return { a, b, residuals };
  }

  dispose(): void {
    this.whitener.dispose();
    this.reconstructions.dispose();
    this.forecasts?.dispose();
  }
}

/**
 * s_t: for several channels the distance itself; for one, the root mean square of both distances over their scales, and of the first
 * alone where the forecast does not reach back far enough.
 */
export function pointScore(a: number, b: number, single: boolean, scales: Float32Array): number {
  if (!single) return a;
  const x = a / scales[0]!;
  return Number.isNaN(b) ? x : Math.sqrt((x * x + (b / scales[1]!) ** 2) / 2);
}

/** Scores of a series by the sharp reading; memory stays bounded apart from the results themselves. */
export async function scoreSharp(tf: TensorFlow, view: View, reference: SharpReference, run: RunContext): Promise<Scores> {
  const { data, params } = view;
  const c = data.channels.length;
  const n = data.timestamps.length;
  const points = new Float64Array(n).fill(Number.NaN);
  const shares = new Float32Array(c > 1 ? n * c : 0);
  const expected = new Float32Array(n * c).fill(Number.NaN);
  const history = rowsWithHistory(data, params);
  const rows = windowEnds(data.segments, params.window);
  const reader = new Reader(tf, reference);
  let done = 0;
  try {
    for (const ends of chunksOf(rows, CHUNK)) {
      await run.checkpoint();
      const { a, b, residuals } = reader.read(view, ends, history);
      ends.forEach((row, i) => (points[row] = pointScore(a[i]!, b[i]!, c === 1, reference.scales)));
      if (c > 1) writeShares(ends, residuals, reference.whitening, c, shares);
      writeExpected(view, ends, residuals, expected);
      run.report({ stage: 'score', done: (done += ends.length), total: rows.length, unit: 'rows' });
    }
  } finally {
    reader.dispose();
  }
  const span = spanOf(params);
  const score = causalScore(points, data, params.window, span);
  const byChannel = sharesOverSpan(score, points, shares, c, params.window, span);
  return { score, review: reviewScore(points, data, params.window, span), byChannel, expected };
}

/** Share of each channel in the residual's energy, each value in units of its normal variance: the explanation of s_t. */
function writeShares(
  ends: Int32Array,
  residuals: Float32Array,
  { mean, variance }: Whitening,
  c: number,
  shares: Float32Array,
): void {
  const size = mean.length;
  const energy = new Float64Array(c);
  ends.forEach((row, i) => {
    energy.fill(0);
    for (let j = 0; j < size; j++) {
      const d = residuals[i * size + j]! - mean[j]!;
      energy[j % c] = energy[j % c]! + (d * d) / variance[j]!;
    }
    writeEnergyShares(energy, shares, row * c);
  });
}
