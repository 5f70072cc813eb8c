import { ganDetector } from './gan';
import { messageImportance } from './gan/losses';

/** GAN on windows with the message importance measure as its loss. @see Lu et al., MIM-GAN; score and training: gan/. */
export const mimGan = ganDetector(
  {
    id: 'mim-gan',
    title: 'MIM-GAN',
    summary:
      'Two networks compete: one imitates normal windows, the other tells imitations from real ones. Scores how far a window is from its ' +
      'best imitation and how unreal it looks. For several signals with a common rhythm and many thousands of normal rows. The score of a ' +
      'row looks up to one window ahead (DIRE); the mapping "last" does not.',
    whenItFails:
      'Few training rows, signals without a rhythm, values far outside the usual range (an untrained network finds those as well), and ' +
      'trainings that collapse: look at the generated windows in the monitor. A principal component analysis of windows is often level or ' +
      'better at a thousandth of the cost.',
    source: 'Lu et al., MIM-GAN-based Anomaly Detection for Multivariate Time Series Data; DIRE score: Eq. 19 to 23',
  },
  messageImportance,
);
