import { ganDetector } from './gan';
import { crossEntropy } from './gan/losses';

/** GAN on windows with the usual cross-entropy as its loss. @see Li et al., MAD-GAN, 2019; score and training: gan/. */
export const madGan = ganDetector(
  {
    id: 'mad-gan',
    title: 'MAD-GAN',
    summary:
      'As MIM-GAN, with the usual cross-entropy between the two networks; in our measurements at least as good. For several signals with a ' +
      'common rhythm and many thousands of normal rows. The score of a row looks up to one window ahead (DIRE); the mapping "last" does not.',
    whenItFails:
      'Few training rows, signals without a rhythm, values far outside the usual range (an untrained network finds those as well), and ' +
      'trainings that collapse: look at the generated windows in the monitor. A principal component analysis of windows is often level or ' +
      'better at a thousandth of the cost.',
    source: 'Li et al. 2019, MAD-GAN: Multivariate Anomaly Detection for Time Series Data with Generative Adversarial Networks',
  },
  crossEntropy,
);
