import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { LEAK, mlp } from '../../tensor/layers';
import type { WeightSpec } from '../../tensor/weights';
import type { TensorFlow } from '../detector';
import { denseSpecs } from '../shared/vae-network';
import { sensorGraph } from './graph';
import type { GdnParams } from './params';

/** Logit of an edge that does not exist; its share of the attention is 0. */
const NO_EDGE = -1e9;

/** @param channels - tags N. */
export function gdnSpecs(params: Pick<GdnParams, 'window' | 'embedding' | 'hidden'>, channels: number): WeightSpec[] {
  const { window, embedding, hidden } = params;
  return [
    { name: 'embeddings', shape: [channels, embedding] },
    { name: 'transform', shape: [window - 1, embedding] },
    // Column 0 weighs the tag that looks, column 1 the tag that is looked at: the four parts of the vector a of the source.
    { name: 'attention/embeddings', shape: [embedding, 2] },
    { name: 'attention/values', shape: [embedding, 2] },
    ...denseSpecs('forecast-1', embedding, hidden),
    ...denseSpecs('forecast-2', hidden, 1),
  ];
}

/** Weights in the order of `gdnSpecs`. */
export function gdnWeights(weights: readonly Tensor[]) {
  const [embeddings, transform, ofEmbeddings, ofValues, ...output] = weights as [
    ...[Tensor2D, Tensor2D, Tensor2D, Tensor2D],
    ...Tensor[],
  ];
  return { embeddings, transform, ofEmbeddings, ofValues, output };
}

/** What the forecast of each tag is made from, with what was computed on the way. */
export interface Attended {
  /** [B·N, p − 1] rows before the last one. */
  readonly past: Tensor2D;
  /** [B·N, d] what a tag passes along its edges, */
  readonly flat: Tensor2D;
  /** and the same as [B, N, d]. */
  readonly values: Tensor3D;
  /** [B, N, N] what the attention is the softmax of, before its leaky ReLU. */
  readonly raised: Tensor3D;
  /** [B, N, N] how much tag i (second axis) takes from tag j (third); sums to 1 over j. */
  readonly attention: Tensor3D;
  /** [B, N, d] what a tag takes along its edges. */
  readonly gathered: Tensor3D;
  /** [B·N, d] the same, weighed by the tag's embedding. */
  readonly states: Tensor2D;
}

/**
 * Attention along the graph of the embeddings, over the rows before the last one of each window.
 *
 * The graph is made anew from the embeddings at each call and is a constant to the gradient. All pairs of tags are computed and those
 * without an edge masked, so that no engine needs the gradient of a gather.
 *
 * @param windows - [B, p·N] row by row. @see Deng and Hooi 2021, Eq. 5 to 8.
 */
export function attend(
  tf: TensorFlow,
  weights: readonly Tensor[],
  windows: Tensor2D,
  channels: number,
  { window, embedding, neighbours }: Pick<GdnParams, 'window' | 'embedding' | 'neighbours'>,
): Attended {
  const { embeddings, transform, ofEmbeddings, ofValues } = gdnWeights(weights);
  const graph = sensorGraph(embeddings.dataSync(), channels, neighbours);
  const missing = tf.tensor2d(
    graph.map((edge) => (edge ? 0 : NO_EDGE)),
    [channels, channels],
  );
  const [batch] = windows.shape;
  const before = tf.slice(tf.reshape(windows, [batch, window, channels]), [0, 0, 0], [-1, window - 1, -1]);
  const past = tf.reshape(tf.transpose(before, [0, 2, 1]), [batch * channels, window - 1]) as Tensor2D;
  const flat = tf.matMul(past, transform) as Tensor2D;
  const values = tf.reshape(flat, [batch, channels, embedding]) as Tensor3D;
  const weighed = tf.add(tf.reshape(tf.matMul(flat, ofValues), [batch, channels, 2]), tf.matMul(embeddings, ofEmbeddings));
  const looking = tf.slice(weighed, [0, 0, 0], [-1, -1, 1]);
  const lookedAt = tf.transpose(tf.slice(weighed, [0, 0, 1], [-1, -1, 1]), [0, 2, 1]);
  const raised = tf.add(looking, lookedAt) as Tensor3D;
  const attention = tf.softmax(tf.add(tf.leakyRelu(raised, LEAK), missing)) as Tensor3D;
  const gathered = tf.relu(tf.matMul(attention, values)) as Tensor3D;
  const states = tf.reshape(tf.mul(gathered, embeddings), [batch * channels, embedding]) as Tensor2D;
  return { past, flat, values, raised, attention, gathered, states };
}

export interface GraphForecast {
  /** [B, N] forecast of the last row of each window. */
  readonly forecast: Tensor2D;
  /** [B, N, N] of `attend`. */
  readonly attention: Tensor3D;
}

/** Forecast of each window's last row from the rows before it. @see Deng and Hooi 2021, Eq. 9. */
export function forecastByGraph(
  tf: TensorFlow,
  weights: readonly Tensor[],
  windows: Tensor2D,
  channels: number,
  params: Pick<GdnParams, 'window' | 'embedding' | 'neighbours'>,
): GraphForecast {
  const { states, attention } = attend(tf, weights, windows, channels, params);
  return { forecast: tf.reshape(mlp(tf, states, gdnWeights(weights).output).out, [windows.shape[0], channels]), attention };
}
