import type { Nearest, NearestRows } from './nearest';

/** Where nobody asks for it. */
export const NO_ENERGY = new Float64Array(0);

/**
 * Squared difference of each tag to some of the neighbours of a window: the parts of the squared distances.
 *
 * @param windows - [B, width]. @param which - which of the k neighbours, half-open. @returns [B, c]
 */
export function addByTag(
  windows: Float32Array,
  { values, width }: Pick<NearestRows, 'values' | 'width'>,
  { index, k }: Nearest,
  [first, last]: readonly [number, number],
  c: number,
): Float64Array {
  const rows = windows.length / width;
  const energy = new Float64Array(rows * c);
  for (let row = 0; row < rows; row++) {
    for (let i = first; i < last; i++) {
      const entry = index[row * k + i]! * width;
      for (let j = 0; j < width; j++) {
        const d = windows[row * width + j]! - values[entry + j]!;
        const tag = row * c + (j % c);
        energy[tag] = energy[tag]! + d * d;
      }
    }
  }
  return energy;
}
