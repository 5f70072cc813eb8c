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
  /** NAB. */
  readonly oneTag: Ranks | null;
  /** SKAB valve1. */
  readonly rig: Ranks | null;
  /** Tennessee Eastman. */
  readonly plant: {
    /** Faulty rows below the limit that its normal run gives, for all detectors 1 % false alarms. */
    readonly missed: number;
    /** At the limit from training alone: wanted is 1 %. */
    readonly falseAlarms: number;
  } | null;
}

interface Ranks {
  readonly vusPr: number;
  readonly eventF1: number;
}

/** The contestant that stands for a detector where it runs in several ways: as it is by default. */
const asDefault = (id: string): string => (id === 'hreg-vae-lstm' ? 'hreg-vae-lstm sharp' : id);

export function standings({ nab, skab, tep: plant }: Evidence): Standing[] {
  return detectors.map(({ info: { id } }) => {
    const name = asDefault(id);
    const single = nab.filter(({ contestant }) => contestant === name);
    const complete = new Set(single.map(({ series }) => series)).size === new Set(nab.map(({ series }) => series)).size;
    const seeds = [...new Set(single.map(({ seed }) => seed))];
    const overSeries = (of: (entry: NabEntry) => number): number =>
      median(seeds.map((seed) => mean(single.filter((entry) => entry.seed === seed).map(of))));
    const overFiles = (of: (entry: SkabEntry) => number): number => median(meansBySeed(skab, name, of));
    const runs = plant.settings.find((setting) => setting.id === id)?.seeds;
    return {
      id,
      oneTag: complete
        ? { vusPr: overSeries(({ all }) => all.vusPr), eventF1: overSeries(({ all }) => eventF1(all.rules.largest)) }
        : null,
      rig: skab.some(({ contestant }) => contestant === name)
        ? { vusPr: overFiles(({ all }) => all.vusPr), eventF1: overFiles(({ all }) => eventF1(all.rules.largest)) }
        : null,
      plant: runs
        ? { missed: median(runs.map((run) => run.missedMean)), falseAlarms: median(runs.map((run) => run.falseAlarms)) }
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

/** Where the order by the other figure is another one, the page says so. */
function aheadByEvents([first, ...others]: readonly ({ readonly id: string } & Ranks)[]): string {
  const ahead = others.filter((other) => other.eventF1 > first!.eventF1);
  if (ahead.length === 0) return `${first!.id} is first by both figures.`;
  const names = ahead.map(({ id, eventF1: events }) => `${id} (${short(events)})`).join(', ');
  return `By event F1 ${names} ${ahead.length === 1 ? 'is' : 'are'} ahead of ${first!.id} (${short(first!.eventF1)}): the first places are level, and five series cannot tell them apart.`;
}

/** Detectors that only one of the two sets of many tags has. */
function incomplete(all: readonly Standing[]): string[] {
  const lines = all.flatMap(({ id, rig, plant }) => (plant && !rig ? [`${id} (missed ${short(plant.missed)})`] : []));
  return lines.length === 0 ? [] : [`On Tennessee Eastman alone, and therefore without a place: ${lines.join(', ')}.`, ''];
}

/** Which detector is best on average, and what the wizard therefore says. */
export function evidencePage(evidence: Evidence): string {
  const all = standings(evidence);
  const ids = all.map(({ id }) => id);
  const single = all.flatMap(({ id, oneTag }) => (oneTag ? [{ id, ...oneTag }] : [])).sort((a, b) => b.vusPr - a.vusPr);
  const many = byPlace(
    all.flatMap(({ id, rig, plant }) => (rig && plant ? [{ id, rig, plant }] : [])),
    [({ rig }) => rig.vusPr, ({ plant }) => -plant.missed],
  );
  const said = (channels: number): string => {
    const { id, why } = recommend({ channels, trainRows: 5000, windowSamples: 24 }, ids);
    return `The wizard recommends **${id}**: "${why}"`;
  };
  return [
    '## Which detector for a new user',
    '',
    'By figures that use no label of the test. The order is by what needs no threshold: VUS-PR, and on Tennessee Eastman the share of faulty rows missed at',
    'the limit that gives 1 % of false alarms on its normal run (mean of the two places). Beside it what a threshold without labels makes of the scores:',
    'event F1 (precision of rows, recall of anomalies) at the largest held-out normal score, and the false alarms on the normal run at the limit from',
    'training alone. Equal windows, equal spans; medians over the seeds.',
    '',
    '### One tag: five series of NAB',
    '',
    ...table(
      ['detector', 'VUS-PR', 'event F1'],
      single.map(({ id, vusPr, eventF1: events }) => [id, short(vusPr), short(events)]),
    ),
    '',
    said(1),
    '',
    aheadByEvents(single),
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
      many.map(({ item: { id, rig, plant }, place }) => [
        ...[id, short(rig.vusPr), short(rig.eventF1), short(plant.missed), short(plant.falseAlarms), place.toFixed(1)],
      ]),
    ),
    '',
    said(8),
    '',
    ...incomplete(all),
    'The sharp score was chosen on other NAB series and on SKAB valve1, so these are no fresh data for it. Five series, sixteen files of one rig and one',
    'plant are few: differences of some hundredths are noise, and none of this replaces a look at your own data (Compare, in the product).',
    '',
  ].join('\n');
}
