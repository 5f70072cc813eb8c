import type { EventInfo, ReviewState } from '../../../contract/types';

/** What each verdict is called, and the look of its chip. */
export const reviewWords: Readonly<Record<ReviewState, { readonly title: string; readonly chip: string }>> = {
  new: { title: 'New', chip: 'acc' },
  acknowledged: { title: 'Acknowledged', chip: '' },
  investigating: { title: 'Investigating', chip: 'warn' },
  confirmed: { title: 'Confirmed', chip: 'bad' },
  'false-alarm': { title: 'False alarm', chip: '' },
  'known-cause': { title: 'Known cause', chip: '' },
};
export const reviewStates = Object.keys(reviewWords) as ReviewState[];

export const partWords: Readonly<Record<EventInfo['part'], string>> = {
  train: 'train',
  calibration: 'calibration',
  test: 'test',
  guard: 'guard gap',
};
