import type { Scalar, Tensor2D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../detector';

/** What the two networks minimise; logits [T, B] of real and of generated windows, D = sigmoid(logit) at each sample. */
export interface GanLoss {
  discriminator(tf: TensorFlow, real: Tensor2D, generated: Tensor2D): Scalar;
  generator(tf: TensorFlow, generated: Tensor2D): Scalar;
}

/**
 * Message importance measure: V(D, G) = E[exp(1 − D(x))] + E[exp(D(G(z)))]. D minimises V, G maximises it.
 *
 * D* = 1/2 + 1/2·ln(p_data / p_g), clipped to 0..1; where both densities are equal D* = 1/2 and V = 2√e.
 *
 * @see Lu et al., MIM-GAN, Eq. 3 to 5. A published implementation lets G minimise exp(D(G(z))), which is not adversarial.
 */
export const messageImportance: GanLoss = {
  discriminator: (tf, real, generated) =>
    tf.add(tf.mean(tf.exp(tf.sub(1, tf.sigmoid(real)))), tf.mean(tf.exp(tf.sigmoid(generated)))),
  generator: (tf, generated) => tf.neg(tf.mean(tf.exp(tf.sigmoid(generated)))),
};

/**
 * Cross-entropy: D minimises −E[ln D(x)] − E[ln(1 − D(G(z)))], G minimises −E[ln D(G(z))], the form that does not saturate.
 *
 * @see Goodfellow et al. 2014; Li et al., MAD-GAN, 2019.
 */
export const crossEntropy: GanLoss = {
  discriminator: (tf, real, generated) => tf.add(tf.mean(tf.softplus(tf.neg(real))), tf.mean(tf.softplus(generated))),
  generator: (tf, generated) => tf.mean(tf.softplus(tf.neg(generated))),
};
