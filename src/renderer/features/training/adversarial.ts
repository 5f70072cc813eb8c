import type { EpochRecord } from '../../../core/detectors/detector';
import type { LaneModel } from './lane-chart';

/** A lane of the monitor with the words that stand above it. */
export interface AdversarialLane extends LaneModel {
  readonly key: string;
  readonly title: string;
  readonly about: string;
}

/** Below this the generated windows are all alike; the detector says so in a note. */
const COLLAPSED = 0.1;
/** Loss of the discriminator where it can tell nothing apart (D = 1/2 everywhere). */
const values: Readonly<Record<string, { readonly value: number; readonly text: string }>> = {
  'mim-gan': { value: 2 * Math.sqrt(Math.E), text: '2√e = 3.297: nothing told apart' },
  'mad-gan': { value: 2 * Math.LN2, text: '2 ln 2 = 1.386: nothing told apart' },
};

/** Whether the records are those of two networks that train against each other. */
export const isAdversarial = (records: readonly EpochRecord[]): boolean => records.some((r) => 'accuracy' in r.losses);

/** Lanes of a generator against a discriminator: their losses do not rank states, the energy distance does. */
export function adversarialLanes(records: readonly EpochRecord[], detectorId: string): readonly AdversarialLane[] {
  const points = (name: string): readonly (readonly [number, number])[] =>
    records.flatMap(({ step, losses }) => (Number.isFinite(losses[name]) ? [[step, losses[name]!] as const] : []));
  const energy = points('validation');
  const best = energy.reduce<readonly [number, number] | null>((low, point) => (low && low[1] <= point[1] ? low : point), null);
  const optimum = values[detectorId];
  return [
    {
      key: 'energy',
      title: 'Energy distance',
      about: 'generated from held-out windows, 0 to 1; the lowest is kept',
      lines: [{ name: 'energy distance', colour: 'signal-7', points: energy }],
      low: 0,
      best,
    },
    {
      key: 'accuracy',
      title: 'Discriminator',
      about: 'share told rightly, and mean D',
      lines: [
        { name: 'accuracy', colour: 'signal-1', points: points('accuracy') },
        { name: 'D(real)', colour: 'signal-3', points: points('real') },
        { name: 'D(generated)', colour: 'signal-2', points: points('generated'), dashed: true },
      ],
      low: 0,
      high: 1,
      references: [{ value: 0.5, text: '' }],
    },
    {
      key: 'loss',
      title: 'Losses',
      about: 'unitless, one batch each',
      lines: [
        { name: 'discriminator', colour: 'signal-1', points: points('discriminator') },
        { name: 'generator', colour: 'signal-2', points: points('generator'), dashed: true },
      ],
      references: optimum ? [optimum] : [],
    },
    {
      key: 'spread',
      title: 'Spread of generated windows',
      about: 'times that of the data',
      lines: [{ name: 'spread', colour: 'signal-4', points: points('spread') }],
      low: 0,
      references: [
        { value: 1, text: 'as the data' },
        { value: COLLAPSED, text: 'collapsed below' },
      ],
    },
  ];
}
