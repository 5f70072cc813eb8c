import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Random } from '../../random';
import { backwardMlp, forwardMlp } from '../../tensor/direct-mlp';
import type { TensorFlow } from '../detector';
import type { WindowObjective } from '../shared/window-stage';
import { estimate, ESTIMATION_UNITS, type EstimationWeights } from './estimation';
import { describe, type Compressed } from './features';
import { mixtureLoss } from './mixture';
import { compress, partsOf } from './network';
import type { DagmmParams } from './params';

/** Share of the estimation network's hidden units that training leaves out, as in the source. */
const DROPOUT = 0.5;

const PARTS = ['reconstruction', 'energy', 'narrowness'] as const;

/**
 * Mean squared error of a window + λ1·mean energy + λ2·narrowness (Zong et al. 2018, Eq. 7), with the mixture of the batch.
 *
 * Only the compression network is the tensor library's; what follows are a few numbers a window and some small matrices, which are
 * computed in float64 with their slopes written out.
 */
export function objectiveOf(tf: TensorFlow, params: Pick<DagmmParams, 'energyWeight' | 'spreadWeight'>): WindowObjective {
  const shares = [1, params.energyWeight, params.spreadWeight];
  const totalOf = (parts: readonly number[]): number => parts.reduce((sum, part, i) => sum + shares[i]! * part, 0);
  return {
    loss(weights, x, draw) {
      const { code, rebuilt } = compress(tf, weights, x);
      const values = headOnTape(tf, x, code, rebuilt, partsOf(weights).estimation, draw);
      const parts = PARTS.map((name, i) => [name, tf.reshape(tf.slice(values, [i], [1]), []) as Scalar] as const);
      return { total: tf.sum(tf.mul(values, shares)), parts: Object.fromEntries(parts) };
    },
    gradient(weights, x, draw) {
      const { encoder, decoder, estimation } = partsOf(weights);
      const windows = valuesOf(x);
      const coded = forwardMlp(tf, x, encoder);
      const code = coded.at(-1)!;
      const decoded = forwardMlp(tf, code, decoder);
      const head = headOf({ windows, code: valuesOf(code), rebuilt: valuesOf(decoded.at(-1)!) }, x.shape[1], estimation, draw);
      const slopes = head.slopes(shares);
      const byRebuilt = tf.tensor2d(slopes.rebuilt, x.shape);
      const byDecoder = backwardMlp(tf, code, decoder, decoded, byRebuilt, true);
      const byCode = tf.add(byDecoder.pop()!, tf.tensor2d(slopes.code, code.shape)) as Tensor2D;
      const byEncoder = backwardMlp(tf, x, encoder, coded, byCode);
      const byEstimation = slopes.estimation.map((values, i) => tf.tensor(values, estimation[i]!.shape));
      return {
        total: totalOf(head.parts),
        parts: Object.fromEntries(PARTS.map((name, i) => [name, head.parts[i]!])),
        ...{ gradients: [...byEncoder, ...byDecoder, ...byEstimation], scale: 1 },
      };
    },
  };
}

interface Head {
  /** In the order of `PARTS`. */
  readonly parts: readonly number[];
  /** Slopes of the sum of the parts, weighted. */
  slopes(shares: ArrayLike<number>): {
    readonly code: Float32Array;
    readonly rebuilt: Float32Array;
    readonly estimation: readonly Float32Array[];
  };
}

/** Everything after the compression network. @param draw - of the units left out; null: none is. */
function headOf(compressed: Compressed, inputs: number, estimation: readonly Tensor[], draw: Random | null): Head {
  const features = describe(compressed, inputs);
  const count = compressed.windows.length / inputs;
  const estimated = estimate(features.z, estimation.map(valuesOf) as unknown as EstimationWeights, draw && keptUnits(count, draw));
  const mixture = mixtureLoss(features.z, estimated.membership, features.z.length / count);
  return {
    parts: [features.reconstruction, mixture.energy, mixture.narrowness],
    slopes(shares) {
      const byMixture = mixture.slopes(shares[1]!, shares[2]!);
      const byEstimation = estimated.slopes(byMixture.membership);
      const byFeatures = byMixture.points.map((slope, at) => slope + byEstimation.features[at]!);
      return {
        ...features.slopes(shares[0]!, byFeatures),
        estimation: byEstimation.weights.map((slopes) => Float32Array.from(slopes)),
      };
    },
  };
}

/** The head as one operation of tfjs's tape. @returns [3] its parts. */
function headOnTape(
  tf: TensorFlow,
  x: Tensor2D,
  code: Tensor2D,
  rebuilt: Tensor2D,
  estimation: readonly Tensor[],
  draw: Random | null,
): Tensor1D {
  const compute = tf.customGrad((...given) => {
    const [codes, windows, ...weights] = given.slice(0, 6) as Tensor[];
    const compressed = { windows: valuesOf(x), code: valuesOf(codes!), rebuilt: valuesOf(windows!) };
    const head = headOf(compressed, x.shape[1], weights, draw);
    return {
      value: tf.tensor1d([...head.parts]),
      gradFunc(dy) {
        const slopes = head.slopes(valuesOf(dy));
        const all = [slopes.code, slopes.rebuilt, ...slopes.estimation];
        return [code, rebuilt, ...estimation].map(({ shape }, i) => tf.tensor(all[i]!, shape));
      },
    };
  });
  return compute(code, rebuilt, ...estimation) as Tensor1D;
}

const valuesOf = (tensor: Tensor): Float32Array => tensor.dataSync() as Float32Array;

/** Factors of the hidden units [B, units] of the estimation network: 0 for those left out. */
function keptUnits(windows: number, draw: Random): Float32Array {
  return Float32Array.from({ length: windows * ESTIMATION_UNITS }, () => (draw.next() < DROPOUT ? 0 : 1 / (1 - DROPOUT)));
}
