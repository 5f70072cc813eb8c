import type { Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { backwardMlp, forwardMlp } from '../../tensor/direct-mlp';
import { LEAK } from '../../tensor/layers';
import type { TensorFlow } from '../detector';
import type { WindowObjective } from '../shared/window-stage';
import { attend, forecastByGraph, gdnWeights } from './network';
import type { GdnParams } from './params';

/** Mean squared error of the forecasts of the windows' last rows (Deng and Hooi 2021, Eq. 10). @param c - tags N. */
export function objectiveOf(
  tf: TensorFlow,
  c: number,
  params: Pick<GdnParams, 'window' | 'embedding' | 'neighbours'>,
): WindowObjective {
  const errorsOf = (windows: Tensor2D, forecast: Tensor2D): Tensor2D => {
    const [batch, size] = windows.shape;
    return tf.sub(tf.reshape(forecast, [batch, c]), tf.slice(windows, [0, size - c], [batch, c]));
  };
  const meanSquare = (errors: Tensor2D): Scalar => tf.mean(tf.square(errors));
  return {
    loss(weights, windows) {
      const forecast = meanSquare(errorsOf(windows, forecastByGraph(tf, weights, windows, c, params).forecast));
      return { total: forecast, parts: { forecast } };
    },
    gradient(weights, windows) {
      const { embeddings, ofEmbeddings, ofValues, output } = gdnWeights(weights);
      const size = params.embedding;
      const [batch] = windows.shape;
      const rows = batch * c;
      const { past, flat, values, raised, attention, gathered, states } = attend(tf, weights, windows, c, params);
      const outputs = forwardMlp(tf, states, output);
      const errors = errorsOf(windows, outputs.at(-1)!);
      const forecast = meanSquare(errors).dataSync()[0]!;

      // Backwards, from the forecasts to the states, along the edges, and to the weights.
      const byOutput = backwardMlp(tf, states, output, outputs, tf.reshape(errors, [rows, 1]), true);
      const byStates = tf.reshape(byOutput.pop()!, [batch, c, size]);
      const byGathered = tf.mul(tf.mul(byStates, embeddings), tf.step(gathered)) as Tensor3D;
      const byAttention = tf.mul(attention, tf.matMul(byGathered, values, false, true));
      const byRaised = tf.sub(byAttention, tf.mul(attention, tf.sum(byAttention, 2, true)));
      const bySum = tf.mul(byRaised, tf.maximum(tf.sign(raised), LEAK)) as Tensor3D;
      const byWeighed = tf.stack([tf.sum(bySum, 2), tf.sum(bySum, 1)], 2) as Tensor3D;
      const byRows = tf.reshape(byWeighed, [rows, 2]) as Tensor2D;
      const byTags = tf.sum(byWeighed, 0) as Tensor2D;
      const byValues = tf.reshape(tf.matMul(attention, byGathered, true), [rows, size]);
      const byFlat = tf.add(byValues, tf.matMul(byRows, ofValues, false, true)) as Tensor2D;
      const byEmbeddings = tf.add(tf.sum(tf.mul(byStates, gathered), 0), tf.matMul(byTags, ofEmbeddings, false, true));
      const gradients: Tensor[] = [
        ...[byEmbeddings, tf.matMul(past, byFlat, true)],
        ...[tf.matMul(embeddings, byTags, true), tf.matMul(flat, byRows, true)],
        ...byOutput,
      ];
      return { total: forecast, parts: { forecast }, gradients, scale: 2 / errors.size };
    },
  };
}
