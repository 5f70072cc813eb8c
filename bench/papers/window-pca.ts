import { scoredWindows } from '../../src/core/detectors/gan/dire';
import { RowMeans } from '../../src/core/detectors/gan/row-means';
import { symmetricEigen } from '../../src/core/detectors/shared/symmetric-eigen';
import { chunksOf, gatherWindows } from '../../src/core/detectors/shared/windows';
import type { PreparedSeries } from '../../src/core/prepare/prepared';
import type { Scored } from './gan-runs';

/** Windows worked on at once. */
const CHUNK = 256;
/** Last share of the training rows that gives the scores of normal rows. */
const HELD_OUT = 0.15;

/**
 * The classical peer of a GAN: windows rebuilt from their first principal components. Residual Σ|x − x̂| of each row and DIRE mapping as for
 * the GANs, so that only the model differs.
 */
export function windowPca(train: PreparedSeries, test: PreparedSeries, window: number, stride: number, components: number): Scored {
  const c = train.channels.length;
  const width = window * c;
  const rows = train.timestamps.length;
  const fitRows = Math.floor((1 - HELD_OUT) * rows);
  const fitEnds = scoredWindows([{ start: 0, end: fitRows }], window, stride);
  const mean = new Float64Array(width);
  const product = new Float64Array(width * width);
  for (const ends of chunksOf(fitEnds, CHUNK)) {
    const windows = gatherWindows(train, window, ends);
    for (let at = 0; at < windows.length; at += width) {
      for (let i = 0; i < width; i++) {
        const value = windows[at + i]!;
        mean[i]! += value / fitEnds.length;
        for (let j = 0; j < width; j++) product[i * width + j]! += (value * windows[at + j]!) / fitEnds.length;
      }
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) product[i * width + j]! -= mean[i]! * mean[j]!;
  const axes = symmetricEigen(product, width).vectors.subarray(0, components * width);

  const residuals = (data: PreparedSeries, ends: Int32Array): Float32Array => {
    const means = new RowMeans('dire', data.timestamps.length, c);
    const none = new Float32Array(window);
    for (const part of chunksOf(ends, CHUNK)) {
      const windows = gatherWindows(data, window, part);
      part.forEach((end, k) => {
        const x = windows.subarray(k * width, (k + 1) * width);
        const rebuilt = Float64Array.from(mean);
        for (let at = 0; at < axes.length; at += width) {
          let along = 0;
          for (let i = 0; i < width; i++) along += (x[i]! - mean[i]!) * axes[at + i]!;
          for (let i = 0; i < width; i++) rebuilt[i]! += along * axes[at + i]!;
        }
        means.add(end, x, Float32Array.from(rebuilt), none);
      });
    }
    return Float32Array.from(means.finish().residual);
  };
  // As for the GANs: rows from the first full window of each part on.
  const held = residuals(train, scoredWindows(train.segments, window, stride, fitRows)).subarray(fitRows + window - 1);
  const score = residuals(test, scoredWindows(test.segments, window, stride));
  for (const { start } of test.segments) score.fill(Number.NaN, start, start + window - 1);
  return { score, normal: held };
}
