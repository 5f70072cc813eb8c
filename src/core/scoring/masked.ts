import type { RunContext, TrainedDetector } from '../detectors/detector';
import { ofClass, rowsWithin, subtractSpans } from '../labels/interval';
import type { Label } from '../labels/label';
import type { PreparedSeries } from '../prepare/prepared';
import { selectSpans } from '../prepare/split';
import type { Scores } from './scores';

/**
 * Scores a series outside the time labelled "ignore". Masked rows get no score, and no window crosses a mask: a stop of the machine
 * that someone masked must not make the hours after it look anomalous.
 *
 * @returns as `TrainedDetector.score`, for every row of `data`; NaN in masked rows.
 */
export async function scoreUnmasked(
  trained: Pick<TrainedDetector, 'score'>,
  data: PreparedSeries,
  labels: readonly Label[],
  run: RunContext,
): Promise<Scores> {
  const masked = ofClass(labels, 'ignore').map((label) => rowsWithin(data.timestamps, label));
  const spans = subtractSpans(data.segments, masked);
  const kept = spans.reduce((sum, span) => sum + span.end - span.start, 0);
  const n = data.timestamps.length;
  if (kept === n) return trained.score(data, run);
  const found = await trained.score(selectSpans(data, spans), run);
  const spread = (values: Float32Array, width: number): Float32Array => {
    const whole = new Float32Array(n * width).fill(NaN);
    let at = 0;
    for (const { start, end } of spans) {
      const length = (end - start) * width;
      whole.set(values.subarray(at, at + length), start * width);
      at += length;
    }
    return whole;
  };
  const c = data.channels.length;
  return {
    ...found,
    score: spread(found.score, 1),
    ...(found.review && { review: spread(found.review, 1) }),
    ...(found.byChannel && { byChannel: spread(found.byChannel, c) }),
    ...(found.expected && { expected: spread(found.expected, c) }),
  };
}
