/**
 * Optimisers on one flat weight array, with their whole state in plain arrays, so that a resumed run goes on bit-equal.
 *
 * tfjs has no AdamW, and its own Adam cannot be restored bit-equal.
 */
export type OptimiserSpec =
  | { readonly kind: 'adam'; readonly betas?: readonly [number, number] }
  /** `decay` is decoupled from the gradient: weights shrink by rate·decay a step. */
  | { readonly kind: 'adamw'; readonly betas?: readonly [number, number]; readonly decay: number }
  | { readonly kind: 'rmsprop'; readonly alpha?: number };

export interface Optimiser {
  /** State arrays, each as long as the weights; written into checkpoints and back in this order. */
  readonly slots: readonly Float32Array[];
  /** Steps taken since the start or the last reset. */
  step: number;
  /** One step in place. @param gradient - same order as `weights`. @param rate - learning rate of this step. */
  update(weights: Float32Array, gradient: Float32Array, rate: number): void;
  /** Forgets the state: after a step back it belongs to a path that was left. */
  reset(): void;
}

const EPSILON = 1e-8;

export function createOptimiser(spec: OptimiserSpec, size: number): Optimiser {
  return spec.kind === 'rmsprop'
    ? new RmsProp(size, spec.alpha)
    : new Adam(size, spec.betas, spec.kind === 'adamw' ? spec.decay : 0);
}

/**
 * Adam, and with `decay` AdamW.
 *
 * @see Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1; Loshchilov and Hutter, "Decoupled weight
 * decay regularization", ICLR 2019, algorithm 2 with the schedule inside `rate`, as PyTorch's AdamW has it.
 */
export class Adam implements Optimiser {
  readonly slots: readonly [Float32Array, Float32Array];
  step = 0;

  constructor(
    size: number,
    private readonly betas: readonly [number, number] = [0.9, 0.999],
    private readonly decay = 0,
  ) {
    this.slots = [new Float32Array(size), new Float32Array(size)];
  }

  update(weights: Float32Array, gradient: Float32Array, rate: number): void {
    const [beta1, beta2] = this.betas;
    this.step++;
    const stepSize = rate / (1 - beta1 ** this.step);
    const spread = 1 / Math.sqrt(1 - beta2 ** this.step);
    const keep = 1 - rate * this.decay;
    const [m, v] = this.slots;
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i]!;
      const first = (m[i] = beta1 * m[i]! + (1 - beta1) * g);
      const second = (v[i] = beta2 * v[i]! + (1 - beta2) * g * g);
      weights[i] = keep * weights[i]! - (stepSize * first) / (spread * Math.sqrt(second) + EPSILON);
    }
  }

  reset(): void {
    this.slots.forEach((slot) => slot.fill(0));
    this.step = 0;
  }
}

/** RMSprop without momentum. @see Hinton 2012, lecture 6e of "Neural networks for machine learning"; PyTorch's `RMSprop`. */
export class RmsProp implements Optimiser {
  readonly slots: readonly [Float32Array];
  step = 0;

  constructor(
    size: number,
    private readonly alpha = 0.99,
  ) {
    this.slots = [new Float32Array(size)];
  }

  update(weights: Float32Array, gradient: Float32Array, rate: number): void {
    const [squares] = this.slots;
    this.step++;
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i]!;
      squares[i] = this.alpha * squares[i]! + (1 - this.alpha) * g * g;
      weights[i] = weights[i]! - (rate * g) / (Math.sqrt(squares[i]!) + EPSILON);
    }
  }

  reset(): void {
    this.slots[0].fill(0);
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
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  const norm = Math.sqrt(squares);
  if (norm > limit) {
    const factor = limit / norm;
    for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * factor;
  }
  return norm;
}
