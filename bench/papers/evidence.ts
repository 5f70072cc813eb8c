import { detectors } from '../../src/core/detectors/registry';
import { recommend } from '../../src/core/detectors/recommendation';
import { mean, median, short, table } from '../markdown';
import { eventF1 } from './judged';
import type { NabEntry } from './nab';
import { meansBySeed, type SkabEntry } from './skab';
import type { tep } from './tep';

type TepResult = Parameters<typeof tep.page>[0];

/** Results of the suites that the recommendation rests on. */
export interface Evidence {
  readonly nab: readonly NabEntry[];
  readonly skab: readonly SkabEntry[];
  readonly tep: TepResult;
}

/** Honest figures of one detector, medians over the seeds; null where it was not measured. */
export interface Standing {
  readonly id: string;
  readonly oneTag: { readonly vusPr: number; readonly eventF1: number } | null;
  readonly manyTags: {
    readonly vusPr: number;
    readonly eventF1: number;
    /** Tennessee Eastman: faulty rows below the limit that its normal run gives, for all detectors 1 % false alarms. */
    readonly missed: number;
    /** There, at the limit from training alone: wanted is 1 %. */
    readonly falseAlarms: number;
  } | null;
}

/** The contestant that stands for a detector where it runs in several ways: as it is by default. */
const asDefault = (id: string): string => (id === 'hreg-vae-lstm' ? 'hreg-vae-lstm sharp' : id);

export function standings({ nab, skab, tep: plant }: Evidence): Standing[] {
  return detectors.map(({ info: { id } }) => {
    const name = asDefault(id);
    const single = nab.filter(({ contestant }) => contestant === name);
    const seeds = [...new Set(single.map(({ seed }) => seed))];
    const overSeries = (of: (entry: NabEntry) => number): number =>
      median(seeds.map((seed) => mean(single.filter((entry) => entry.seed === seed).map(of))));
    const overFiles = (of: (entry: SkabEntry) => number): number => median(meansBySeed(skab, name, of));
    const onPlant = plant.settings.find((setting) => setting.id === id)?.seeds;
    return {
      id,
      oneTag:
        single.length === 0
          ? null
          : {
              vusPr: overSeries(({ all }) => all.vusPr),
              eventF1: overSeries(({ all }) => eventF1(all.rules.largest)),
            },
      manyTags:
        onPlant && skab.some(({ contestant }) => contestant === name)
          ? {
              vusPr: overFiles(({ all }) => all.vusPr),
              eventF1: overFiles(({ all }) => eventF1(all.rules.largest)),
              missed: median(onPlant.map((seed) => seed.missedMean)),
              falseAlarms: median(onPlant.map((seed) => seed.falseAlarms)),
            }
          : null,
    };
  });
}

/** Mean place over several figures, each sorted best first. */
function byPlace<T>(
  items: readonly T[],
  figures: readonly ((item: T) => number)[],
): readonly { readonly item: T; readonly place: number }[] {
  return items
    .map((item) => ({ item, place: mean(figures.map((of) => 1 + items.filter((other) => of(other) > of(item)).length)) }))
    .sort((a, b) => a.place - b.place);
}

/** Which detector is best on average, and what the wizard therefore says. */
export function evidencePage(evidence: Evidence): string {
  const all = standings(evidence);
  const ids = all.map(({ id }) => id);
  const single = byPlace(
    all.flatMap(({ id, oneTag }) => (oneTag ? [{ id, ...oneTag }] : [])),
    [({ vusPr }) => vusPr, (one) => one.eventF1],
  );
  const many = byPlace(
    all.flatMap(({ id, manyTags }) => (manyTags ? [{ id, ...manyTags }] : [])),
    [({ vusPr }) => vusPr, (one) => one.eventF1, ({ missed }) => -missed],
  );
  const said = (channels: number): string => {
    const { id, why } = recommend({ channels, trainRows: 5000, windowSamples: 24 }, ids);
    return `The wizard recommends **${id}**: "${why}"`;
  };
  return [
    '## Which detector for a new user',
    '',
    'By figures that use no label of the test: VUS-PR, which has no threshold; event F1 (precision of rows, recall of anomalies) at the largest held-out',
    'normal score; on Tennessee Eastman the share of faulty rows that are missed, at the limit that gives 1 % of false alarms on its normal run. The false',
    'alarms there at the limit from training alone say whether that limit holds on new data. Equal windows, equal spans; medians over the seeds. The order',
    'is the mean of the places in these figures.',
    '',
    '### One tag: five series of NAB',
    '',
    ...table(
      ['detector', 'VUS-PR', 'event F1', 'mean place'],
      single.map(({ item, place }) => [item.id, short(item.vusPr), short(item.eventF1), place.toFixed(1)]),
    ),
    '',
    said(1),
    '',
    '### Many tags: SKAB valve1 and Tennessee Eastman',
    '',
    ...table(
      [
        'detector',
        'VUS-PR, SKAB',
        'event F1, SKAB',
        'missed, Tennessee Eastman',
        'false alarms there, limit of training',
        'mean place',
      ],
      many.map(({ item, place }) => [
        ...[item.id, short(item.vusPr), short(item.eventF1), short(item.missed), short(item.falseAlarms), place.toFixed(1)],
      ]),
    ),
    '',
    said(8),
    '',
    'The sharp score was chosen on other NAB series and on SKAB valve1, so these are no fresh data for it. Five series, sixteen files of one rig and one',
    'plant are few: differences of some hundredths are noise, and none of this replaces a look at your own data (Compare, in the product).',
    '',
  ].join('\n');
}
