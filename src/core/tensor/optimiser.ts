/**
 * Adam on a flat weight array, with its whole state in plain arrays, so that a resumed run goes on bit-equal.
 *
 * @see Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1 (beta 0.9 and 0.999, epsilon 1e-8).
 */
export class Adam {
  readonly m: Float32Array;
  readonly v: Float32Array;
  step = 0;

  constructor(size: number) {
    this.m = new Float32Array(size);
    this.v = new Float32Array(size);
  }

  /** One step in place. @param gradient - [size] same order as `weights`. @param rate - learning rate of this step. */
  update(weights: Float32Array, gradient: Float32Array, rate: number): void {
    const beta1 = 0.9;
    const beta2 = 0.999;
    this.step++;
    const correction1 = 1 - beta1 ** this.step;
    const correction2 = 1 - beta2 ** this.step;
    const { m, v } = this;
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i]!;
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      weights[i] = weights[i]! - (rate * (m[i]! / correction1)) / (Math.sqrt(v[i]! / correction2) + 1e-8);
    }
  }

  /** Forgets the moments: after a step back they belong to a path that was left. */
  reset(): void {
    this.m.fill(0);
    this.v.fill(0);
    this.step = 0;
  }
}

/** Learning rate that falls from `rate` to 0 over `steps` along half a cosine (Loshchilov and Hutter 2017, without restarts). */
export function cosineRate(rate: number, step: number, steps: number): number {
  return 0.5 * rate * (1 + Math.cos((Math.PI * step) / steps));
}

/**
 * Scales a gradient in place so that its Euclidean norm is at most `limit` (Pascanu et al. 2013).
 *
 * @returns the norm before scaling; not finite when an entry is not.
 */
export function clipGlobalNorm(gradient: Float32Array, limit: number): number {
  let squares = 0;
  for (const g of gradient) squares += g * g;
  const norm = Math.sqrt(squares);
  if (norm > limit) {
    const factor = limit / norm;
    for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * factor;
  }
  return norm;
}
