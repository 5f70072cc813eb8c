import type { PreparedSeries } from '../../prepare/prepared';
import type { Scores } from '../../scoring/scores';
import type { RunContext } from '../detector';
import { causalScore, reviewScore, sharesOverSpan, writeEnergyShares } from './aggregate';
import { spanOf } from './window-params';
import { chunksOf, gatherWindows, windowEnds } from './windows';

/** What a trained method says of some windows. */
export interface WindowReading {
  /** [B] at least 0, higher is more anomalous. */
  readonly points: Float64Array;
  /** [B, c] what each channel adds; only the proportions count. */
  readonly energy: Float64Array;
  /** [B, c] the last row as it was expected, scaled units; absent for a method without expectation. */
  readonly expected?: Float32Array;
}

export interface WindowReader {
  /** Windows read at once: bounds the memory of scoring whatever the length of the series. */
  readonly chunk: number;
  /** @param windows - [B, p·c] row by row. @param onlyPoints - true where nobody asks for the energy: it may then be empty. */
  read(windows: Float32Array, onlyPoints?: boolean): WindowReading;
  /** Frees its tensors. */
  dispose(): void;
}

/** Scores of a series from what a reader says of the window that ends at each row, joined over the span (aggregate.ts). */
export async function scoreWindows(
  reader: WindowReader,
  data: PreparedSeries,
  params: { readonly window: number; readonly span: number },
  run: RunContext,
): Promise<Scores> {
  const c = data.channels.length;
  const n = data.timestamps.length;
  const points = new Float64Array(n).fill(Number.NaN);
  const shares = new Float32Array(c > 1 ? n * c : 0);
  let expected: Float32Array | undefined;
  const rows = windowEnds(data.segments, params.window);
  let done = 0;
  for (const ends of chunksOf(rows, reader.chunk)) {
    await run.checkpoint();
    const reading = reader.read(gatherWindows(data, params.window, ends), c === 1);
    ends.forEach((row, i) => {
      points[row] = reading.points[i]!;
      if (c > 1) writeEnergyShares(reading.energy.subarray(i * c, (i + 1) * c), shares, row * c);
      if (!reading.expected) return;
      expected ??= new Float32Array(n * c).fill(Number.NaN);
      expected.set(reading.expected.subarray(i * c, (i + 1) * c), row * c);
    });
    run.report({ stage: 'score', done: (done += ends.length), total: rows.length, unit: 'rows' });
  }
  const span = spanOf(params);
  const score = causalScore(points, data, params.window, span);
  const byChannel = sharesOverSpan(score, points, shares, c, params.window, span);
  return { score, review: reviewScore(points, data, params.window, span), byChannel, ...(expected && { expected }) };
}
