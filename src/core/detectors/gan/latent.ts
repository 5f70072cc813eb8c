import type { Random } from '../../random';
import { normals } from '../../tensor/layers';
import type { GanParams } from './params';

/**
 * Latent numbers of a window: some hold for the whole window, the others are free at each sample. One row of `width` values a window,
 * the constants first, then the free ones sample by sample.
 */
export interface LatentShape {
  readonly steps: number;
  readonly constant: number;
  readonly free: number;
  /** constant + steps·free */
  readonly width: number;
}

export function latentShape({ window, latent, constantShare }: GanParams): LatentShape {
  const constant = Math.round(constantShare * latent);
  const free = latent - constant;
  return { steps: window, constant, free, width: constant + window * free };
}

/** Standard normal latent rows, [count, width]. */
export function drawLatent(shape: LatentShape, count: number, random: Random): Float32Array {
  return normals(random, count * shape.width);
}

/** Rows [B, width] as the generator's input [T, B, constant + free], time first. */
export function expandLatent({ steps, constant, free, width }: LatentShape, rows: Float32Array): Float32Array {
  const batch = rows.length / width;
  const size = constant + free;
  const input = new Float32Array(steps * batch * size);
  let at = 0;
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < batch; i++) {
      const row = i * width;
      for (let j = 0; j < constant; j++) input[at++] = rows[row + j]!;
      const from = row + constant + t * free;
      for (let j = 0; j < free; j++) input[at++] = rows[from + j]!;
    }
  }
  return input;
}

/** Gradient with respect to the rows from the gradient with respect to the input: constants sum over the samples. */
export function collapseGradient({ steps, constant, free, width }: LatentShape, gradient: Float32Array): Float32Array {
  const batch = gradient.length / (steps * (constant + free));
  const rows = new Float32Array(batch * width);
  let at = 0;
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < batch; i++) {
      const row = i * width;
      for (let j = 0; j < constant; j++) rows[row + j]! += gradient[at++]!;
      const from = row + constant + t * free;
      for (let j = 0; j < free; j++) rows[from + j] = gradient[at++]!;
    }
  }
  return rows;
}
