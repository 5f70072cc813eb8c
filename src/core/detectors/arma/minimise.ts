/** Step of the central differences, against numbers of order 1. */
const DIFFERENCE = 1e-5;
/** Slope and gain of a step below which nothing more is gained, for objectives of order 1. */
const FLAT = 1e-6;
const SMALLEST_GAIN = 1e-8;
const MAX_HALVINGS = 30;
/** Share of the expected gain that a step must bring (Armijo). */
const SUFFICIENT = 1e-4;

/**
 * Minimum of a smooth function of few variables by BFGS with central differences, from `start`.
 *
 * @param each - called before each iteration, to yield.
 * @returns the best point found; never worse than the start.
 * @see Nocedal and Wright 2006, Numerical optimization, algorithm 6.1 with backtracking.
 */
export async function minimise(
  objective: (x: Float64Array) => number,
  start: Float64Array,
  iterations: number,
  each: () => Promise<void>,
): Promise<Float64Array> {
  const d = start.length;
  let x = start;
  let value = objective(x);
  if (d === 0 || !Number.isFinite(value)) return x;
  let slope = slopeAt(objective, x);
  let inverse = identity(d);
  for (let iteration = 0; iteration < iterations; iteration++) {
    await each();
    if (slope.every((s) => Math.abs(s) < FLAT)) break;
    let direction = times(inverse, slope).map((s) => -s);
    if (!(dot(direction, slope) < 0)) {
      inverse = identity(d);
      direction = slope.map((s) => -s);
    }
    const gain = dot(direction, slope);
    let length = Math.min(1, 2 / Math.sqrt(dot(direction, direction)));
    let next = x;
    let nextValue = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < MAX_HALVINGS; halving++, length /= 2) {
      next = x.map((at, i) => at + length * direction[i]!);
      nextValue = objective(next);
      if (nextValue <= value + SUFFICIENT * length * gain) break;
    }
    if (!(nextValue < value)) break;
    if (value - nextValue < SMALLEST_GAIN) return next;
    const nextSlope = slopeAt(objective, next);
    const step = next.map((at, i) => at - x[i]!);
    const turn = nextSlope.map((s, i) => s - slope[i]!);
    const curvature = dot(step, turn);
    if (curvature > 1e-12) inverse = updated(inverse, step, turn, curvature);
    [x, value, slope] = [next, nextValue, nextSlope];
  }
  return x;
}

function slopeAt(objective: (x: Float64Array) => number, x: Float64Array): Float64Array {
  return x.map((at, i) => {
    const moved = x.slice();
    moved[i] = at + DIFFERENCE;
    const above = objective(moved);
    moved[i] = at - DIFFERENCE;
    return (above - objective(moved)) / (2 * DIFFERENCE);
  });
}

/** H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ with ρ = 1/(sᵀy). */
function updated(h: Float64Array, s: Float64Array, y: Float64Array, curvature: number): Float64Array {
  const d = s.length;
  const hy = times(h, y);
  const factor = (1 + dot(y, hy) / curvature) / curvature;
  return h.map((value, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    return value + factor * s[i]! * s[j]! - (hy[i]! * s[j]! + s[i]! * hy[j]!) / curvature;
  });
}

function identity(d: number): Float64Array {
  return Float64Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? 1 : 0));
}

function times(matrix: Float64Array, x: Float64Array): Float64Array {
  return x.map((_, i) => dot(matrix.subarray(i * x.length, (i + 1) * x.length), x));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
