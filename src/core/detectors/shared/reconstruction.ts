/** Most values of the windows that a dense network reads at once. */
const CHUNK_VALUES = 1_000_000;

/** Windows of `size` values that a dense network reads at once. */
export function chunkOf(size: number): number {
  return Math.max(1, Math.floor(CHUNK_VALUES / size));
}

/** Numbers held while a dense network is trained and while it reads a chunk. @param width - of all its layers together. */
export function denseWorkspace(batch: number, width: number): number {
  return 12 * batch * width + 8 * CHUNK_VALUES;
}

/** Windows beside what a network made of them. */
export interface Reconstruction {
  /** [B] Σ (x − x̂)² of each window. */
  readonly squares: Float64Array;
  /** [B, c] the same for each channel. */
  readonly energy: Float64Array;
  /** [B, c] the last row of x̂. */
  readonly expected: Float32Array;
}

/** @param windows - x [B, size] row by row. @param rebuilt - x̂, the same shape. @param c - channels. */
export function compareWithRebuilt(windows: Float32Array, rebuilt: Float32Array, size: number, c: number): Reconstruction {
  const count = windows.length / size;
  const squares = new Float64Array(count);
  const energy = new Float64Array(count * c);
  const expected = new Float32Array(count * c);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) {
      const square = (windows[i * size + k]! - rebuilt[i * size + k]!) ** 2;
      energy[i * c + (k % c)]! += square;
      squares[i]! += square;
    }
    expected.set(rebuilt.subarray((i + 1) * size - c, (i + 1) * size), i * c);
  }
  return { squares, energy, expected };
}
