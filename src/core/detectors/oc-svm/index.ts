import { FaultlineError } from '../../errors';
import type { Detector, RunContext, TensorFlow } from '../detector';
import type { ParamSpecs, ParamsOf } from '../params';
import {
  chosenRows,
  drawnEvenly,
  windowDetector,
  type Fitted,
  type Fitter,
  type WindowMethod,
  type WindowShape,
} from '../shared/window-detector';
import { memoryParam, spanParam, windowParam } from '../shared/window-params';
import { CACHE_BYTES, GaussianRows, RbfKernel, scaleGamma } from './kernel';
import { LandmarkKernels, solveLandmarks } from './nystrom';
import { openBoundary } from './reader';
import { solveOneClass } from './solver';

const specs = {
  window: windowParam,
  span: spanParam,
  nu: {
    ...{ kind: 'number', default: 0.05, min: 0.001, max: 0.5, unit: '', title: 'Share outside ν' },
    help: 'About this share of the training windows may lie outside of what is learned as normal. More makes the boundary tighter.',
  },
  gamma: {
    ...{ kind: 'number', default: 0, min: 0, max: 1000, unit: '', title: 'Kernel width γ', expert: true },
    help: 'How local the boundary is: larger follows each window, smaller is smoother. 0: one over the values of a window times their variance.',
  },
  memory: {
    ...{ ...memoryParam, default: 10_000, max: 20_000 },
    help: 'The exact machine learns from at most so many windows of the training part: its training time grows with more than the square of them.',
  },
  beyond: {
    ...{ kind: 'choice', default: 'subset', title: 'More windows than that', expert: true },
    choices: [
      { value: 'subset', title: 'Random subset of them' },
      { value: 'nystrom', title: 'All, approximated (Nyström)' },
      { value: 'refuse', title: 'Refuse' },
    ],
    help:
      'A subset: one window drawn at random from each of as many equal parts. Nyström: all of them, with a kernel that is exact at some ' +
      'landmarks; the time grows in proportion. Which one was used is in the log of the training and in the settings of the model.',
  },
  landmarks: {
    ...{ kind: 'integer', default: 300, min: 20, max: 1000, unit: 'windows', title: 'Landmarks', expert: true },
    help: 'Windows, drawn at random from equal parts, in whose terms the Nyström approximation works: more are more exact, and take longer with the square of them.',
  },
} as const satisfies ParamSpecs;

export type OcSvmParams = ParamsOf<typeof specs>;

/** Kernels with the landmarks that are kept, 128 MB: how many windows Nyström takes. */
const MOST_KERNELS = 32_000_000;
const MOST_WINDOWS = 200_000;

const method: WindowMethod<OcSvmParams> = {
  info: {
    id: 'oc-svm',
    title: 'One-class SVM (OC-SVM)',
    summary:
      'Draws a smooth boundary around the normal windows, held by the few at its edge, and scores how far outside a window is. A compact ' +
      'model of normal states of any shape.',
    whenItFails:
      'Many tags with little variation each: the boundary follows the spread of all, not a broken relation between two. Its limit carries over ' +
      'badly to a plant that drifts. Slow above some ten thousand windows.',
    source:
      'Schölkopf, Platt, Shawe-Taylor, Smola and Williamson 2001; Fan, Chen and Lin 2005. Decision values equal scikit-learn 1.9 OneClassSVM to ' +
      'a thousandth of their range',
    presets: [
      { id: 'fast', help: 'Learns from 3,000 windows: a tenth of the time.', params: { memory: 3000 } },
      { id: 'balanced', help: 'Learns from up to 10,000 windows.', params: {} },
      { id: 'paper', help: 'Each window by itself, no joining, as in the comparisons of the papers.', params: { span: 0 } },
    ],
  },
  specs,
  windows: (params) => ({ most: isApproximate(params) ? mostApproximated(params) : params.memory, least: 20 }),
  check({ memory, beyond }, windows) {
    if (beyond !== 'refuse' || windows <= memory) return;
    throw new FaultlineError(
      'detector/too-much-data',
      `The training period has ${windows} windows; the exact one-class SVM may learn from ${memory}. Choose a shorter period, learn from more ` +
        'windows, or an approximation under "More windows than that": a random subset, or all of them with Nyström features.',
      { windows, most: memory },
    );
  },
  arrays(params, { width }, count) {
    const [vectors, weights] = count > params.memory ? [Math.min(params.landmarks, count), 'coefficients'] : [count, 'alpha'];
    return [
      { name: 'vectors', shape: [vectors, width] },
      { name: weights, shape: [vectors] },
      // γ and ρ.
      { name: 'boundary', shape: [2] },
    ];
  },
  fitter: (tf, sample, shape, params, run) =>
    (sample.length / shape.width > params.memory ? approximateBoundary : exactBoundary)(tf, sample, shape, params, run),
  open: openBoundary,
};

const isApproximate = ({ beyond }: OcSvmParams): boolean => beyond === 'nystrom';

/** At least one more than the exact machine takes: so many windows say which it was. */
const mostApproximated = ({ memory, landmarks }: OcSvmParams): number =>
  Math.max(memory + 1, Math.min(MOST_WINDOWS, Math.floor(MOST_KERNELS / landmarks)));

const windowed = windowDetector(method);

/**
 * One-class support vector machine with the kernel k(x, y) = exp(−γ|x − y|²).
 *
 * Its decision value Σ α_i k(x_i, x) − ρ says nothing any more far outside, where every kernel is 0. The score is that value read as a
 * distance, √(−ln(Σ α_i k(x_i, x) / Σ α_i) / γ): the same order, in scaled units, without an end. The boundary is where the sum is ρ.
 */
export const ocSvm: Detector<OcSvmParams> = {
  ...windowed,
  size(rows, channels, params) {
    const size = windowed.size(rows, channels, params);
    const kernels = size.windows > params.memory ? size.windows * params.landmarks : size.windows ** 2;
    return { ...size, bytes: size.bytes + Math.min(CACHE_BYTES, 4 * kernels) };
  },
};

/** Solves for all windows once; each part starts from there, with the kernel's rows that are known. */
async function exactBoundary(
  tf: TensorFlow,
  sample: Float32Array,
  { width }: WindowShape,
  params: OcSvmParams,
  run: RunContext,
): Promise<Fitter> {
  const gamma = params.gamma > 0 ? params.gamma : scaleGamma(sample, width);
  const count = sample.length / width;
  const rows = new GaussianRows(tf, sample, width, gamma);
  const kernel = new RbfKernel(tf, rows);
  const dispose = (): void => rows.dispose();
  try {
    // Those far from the centre are first taken to be outside.
    const start = { alpha: new Float64Array(count), gradient: Float64Array.from(rows.squares, (square) => -square) };
    const everything = Int32Array.from({ length: count }, (_, i) => i);
    const whole = await solveOneClass(kernel, everything, params.nu * count, start, run);
    const outside = whole.alpha.filter((weight) => weight > 0).length;
    const log = `${outside} of ${count} windows hold the boundary (${whole.steps} steps, γ ${gamma.toPrecision(3)}).`;
    run.report({ stage: 'fit', done: count, total: count, unit: 'windows', log });
    const fit = async (use: Int32Array): Promise<Fitted> => {
      const { alpha, rho } = use.length === count ? whole : await solveOneClass(kernel, use, params.nu * use.length, whole, run);
      return {
        vectors: chosenRows(sample, width, use),
        alpha: Float32Array.from(use, (t) => alpha[t]!),
        boundary: Float32Array.of(gamma, rho),
      };
    };
    return Object.assign(fit, { dispose });
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The landmarks are windows of the sample; a part's fit knows only those in it. */
async function approximateBoundary(
  tf: TensorFlow,
  sample: Float32Array,
  { width }: WindowShape,
  params: OcSvmParams,
  run: RunContext,
): Promise<Fitter> {
  const gamma = params.gamma > 0 ? params.gamma : scaleGamma(sample, width);
  const everything = Int32Array.from({ length: sample.length / width }, (_, i) => i);
  const landmarks = drawnEvenly(everything, params.landmarks, run.random.fork('landmarks'));
  const kernels = await LandmarkKernels.of(tf, sample, width, landmarks, gamma, run);
  const places = Int32Array.from(landmarks.keys());
  const whole = await solveLandmarks(tf, kernels, everything, params.nu, places, run);
  const log = `Nyström approximation with ${landmarks.length} landmarks for ${everything.length} windows (γ ${gamma.toPrecision(3)}).`;
  run.report({ stage: 'fit', done: everything.length, total: everything.length, unit: 'windows', log });
  return async (use) => {
    const used = new Set(use);
    const known = places.filter((l) => used.has(landmarks[l]!));
    const { beta, rho } =
      use.length === everything.length ? whole : await solveLandmarks(tf, kernels, use, params.nu, known, run, whole.beta);
    return {
      vectors: chosenRows(
        sample,
        width,
        known.map((l) => landmarks[l]!),
      ),
      coefficients: Float32Array.from(known, (l) => beta[l]!),
      boundary: Float32Array.of(gamma, rho),
    };
  };
}
