import type { LabelClass } from '../../../core/labels/label';

/** Name and meaning of each class, in the order of the keys 1 to 5. */
export const classWords: Readonly<Record<LabelClass, { readonly title: string; readonly help: string }>> = {
  anomaly: { title: 'anomaly', help: 'A fault or an unwanted state. Not learned; the threshold is judged by it.' },
  normal: { title: 'normal', help: 'Checked and fine. Used to judge false events.' },
  'mode-change': { title: 'mode change', help: 'Start-up, shutdown or load step; explains an event that touches it.' },
  instrument: { title: 'instrument', help: 'The sensor, not the machine. Left out of every count.' },
  ignore: { title: 'ignore', help: 'Left out of learning and of every count.' },
};
