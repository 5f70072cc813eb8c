import type { Tensor2D } from '@tensorflow/tfjs';
import { valuesOf } from '../../tensor/layers';
import type { Detector, RunContext, TensorFlow } from '../detector';
import type { ParamSpecs, ParamsOf } from '../params';
import type { WindowReader } from '../shared/score-windows';
import {
  chosenRows,
  CHUNK,
  windowDetector,
  type Fitted,
  type Fitter,
  type WindowMethod,
  type WindowShape,
} from '../shared/window-detector';
import { memoryParam, spanParam, windowParam } from '../shared/window-params';
import { CACHE_BYTES, CentredRows, RbfKernel, scaleGamma } from './kernel';
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
    help:
      'Of more training windows than this, the machine learns from a subset: one drawn at random from each of as many equal parts. ' +
      'Its training time grows with more than the square of them.',
  },
} as const satisfies ParamSpecs;

export type OcSvmParams = ParamsOf<typeof specs>;

/** Values of one block of distances while scoring. */
const BLOCK_VALUES = 4_000_000;

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
  windows: ({ memory }) => ({ most: memory, least: 20 }),
  arrays: (_, { width }, count) => [
    { name: 'vectors', shape: [count, width] },
    { name: 'alpha', shape: [count] },
    // γ and ρ.
    { name: 'boundary', shape: [2] },
  ],
  fitter: fitBoundary,
  open: openBoundary,
};

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
    return { ...size, bytes: size.bytes + Math.min(CACHE_BYTES, 4 * size.windows ** 2) };
  },
};

/** Solves for all windows once; each part starts from there. */
async function fitBoundary(
  tf: TensorFlow,
  sample: Float32Array,
  { width }: WindowShape,
  params: OcSvmParams,
  run: RunContext,
): Promise<Fitter> {
  const gamma = params.gamma > 0 ? params.gamma : scaleGamma(sample, width);
  const count = sample.length / width;
  const everything = Int32Array.from({ length: count }, (_, i) => i);
  /** Work with a kernel, whose tensors live no longer. */
  const withKernel = async <T>(work: (kernel: RbfKernel, rows: CentredRows) => Promise<T>): Promise<T> => {
    const rows = new CentredRows(tf, sample, width);
    try {
      return await work(new RbfKernel(tf, rows, gamma), rows);
    } finally {
      rows.dispose();
    }
  };
  const whole = await withKernel((kernel, rows) => {
    // Those far from the centre are first taken to be outside.
    const start = { alpha: new Float64Array(count), gradient: Float64Array.from(rows.squares, (square) => -square) };
    return solveOneClass(kernel, everything, params.nu * count, start, run);
  });
  const outside = whole.alpha.filter((weight) => weight > 0).length;
  const log = `${outside} of ${count} windows hold the boundary (${whole.steps} steps, γ ${gamma.toPrecision(3)}).`;
  run.report({ stage: 'fit', done: count, total: count, unit: 'windows', log });
  return async (use) => {
    const { alpha, rho } =
      use.length === count ? whole : await withKernel((kernel) => solveOneClass(kernel, use, params.nu * use.length, whole, run));
    return {
      vectors: chosenRows(sample, width, use),
      alpha: Float32Array.from(use, (t) => alpha[t]!),
      boundary: Float32Array.of(gamma, rho),
    };
  };
}

function openBoundary(tf: TensorFlow, fitted: Fitted, { width, channels }: WindowShape): WindowReader {
  const { vectors, alpha, boundary } = fitted as Record<'vectors' | 'alpha' | 'boundary', Float32Array>;
  const gamma = boundary[0]!;
  const support = Int32Array.from(alpha.keys()).filter((i) => alpha[i]! > 0);
  const rows = new CentredRows(tf, chosenRows(vectors, width, support), width);
  const total = alpha.reduce((sum, weight) => sum + weight, 0);
  const logWeights = tf.tensor1d(Float32Array.from(support, (i) => Math.log(alpha[i]! / total)));
  /** [B, 1 + width]: the squared score, then the squared differences to the support vectors by their part in it. */
  const readings = (windows: Float32Array): Tensor2D => {
    const queries = rows.centred(windows);
    const exponents = tf.sub(logWeights, tf.mul(gamma, rows.distances(queries))) as Tensor2D;
    const squared = tf.div(tf.neg(tf.logSumExp(exponents, 1, true)), gamma);
    const [mean, square] = rows.means(tf.softmax(exponents));
    const energy = tf.add(tf.sub(tf.square(queries), tf.mul(2, tf.mul(queries, mean))), square);
    return tf.concat([squared, energy], 1) as Tensor2D;
  };
  return {
    chunk: Math.max(16, Math.min(CHUNK, Math.floor(BLOCK_VALUES / support.length))),
    read(windows) {
      const values = valuesOf(tf, () => readings(windows));
      const count = windows.length / width;
      const reading = { points: new Float64Array(count), energy: new Float64Array(count * channels) };
      for (let row = 0, at = 0; row < count; row++) {
        reading.points[row] = Math.sqrt(Math.max(0, values[at++]!));
        for (let j = 0; j < width; j++, at++) {
          const tag = row * channels + (j % channels);
          reading.energy[tag] = reading.energy[tag]! + Math.max(0, values[at]!);
        }
      }
      return reading;
    },
    dispose() {
      rows.dispose();
      logWeights.dispose();
    },
  };
}
