import { median, short, table } from '../markdown';
import { atMost, type Gate } from './gates';
import { references, referencesPage } from './tep-references';
import { delayOf, SPAN, WINDOW, type SettingResult, type TepResult } from './tep-results';

type Figure = 'missedMean' | 'missedAtTrainingLimit' | 'falseAlarms' | 'fitSeconds';
const medianOf = ({ seeds }: SettingResult, figure: Figure): number => median(seeds.map((seed) => seed[figure]));

const figures = {
  missedMean: 'missed, limit of run 0',
  falseAlarms: 'false alarms, limit of training',
} as const satisfies Partial<Record<Figure, string>>;

/** What the median over the seeds must not exceed. */
const gates = [
  { name: 'Hreg-VAE-LSTM, sharp', most: { missedMean: 0.12, falseAlarms: 0.03 } },
  { name: 'Whitened windows', most: { missedMean: 0.075, falseAlarms: 0.02 } },
] as const;

export function tepGates(settings: readonly SettingResult[]): Gate[] {
  return gates.flatMap(({ name, most }) => {
    const setting = settings.find((one) => one.name === name);
    return (Object.keys(figures) as (keyof typeof figures)[]).map((figure) =>
      atMost(name, figures[figure], most[figure], setting ? medianOf(setting, figure) : null),
    );
  });
}

export function tepPage({ settings, quick }: TepResult): string {
  return [
    '## Tennessee Eastman: plant data with 52 tags',
    '',
    ...(quick ? ['**A quick run: few steps, one seed. These figures say nothing.**', ''] : []),
    `500 normal rows train; 22 runs of 960 rows, a fault from row 161 on. Window ${WINDOW}, power mean over ${SPAN} rows for every detector alike`,
    `(the matrix profile: subsequences of ${SPAN}; charts and robust z: scores of single rows, joined over ${SPAN}). _Missed_ is the share of faulty rows below the`,
    'limit, mean of the 18 faults that are not known to be invisible (3, 9, 15). The first limit is the 99 % quantile of the scores of the normal run 0; the second',
    'that of the normal scores of training, which knows no other run, with the false alarms that it gives on run 0 (nominal .010). Delay: samples of 3 minutes',
    'to the first of three exceedances in a row at the first limit, median of the faults. Median of the seeds, and their range where they differ. Seconds of one thread.',
    '',
    ...table(
      ['detector', 'seeds', 'missed, limit of run 0', 'delay', 'missed, limit of training', 'false alarms on run 0', 'fit, s'],
      settings
        .filter(({ name }) => !(name in references))
        .map((setting) => [
          ...[setting.name, String(setting.seeds.length), cell(setting, 'missedMean'), delayOf(setting)],
          ...[cell(setting, 'missedAtTrainingLimit'), cell(setting, 'falseAlarms'), medianOf(setting, 'fitSeconds').toFixed(1)],
        ]),
    ),
    '',
    'Every detector that can be trained has a line; an ensemble is combined from stored runs and is none. _Of the values_ is the chart of the textbooks; by default',
    'the charts are of what a short forecast leaves over.',
    '',
    ...referencesPage(settings),
  ].join('\n');
}

function cell({ seeds }: SettingResult, figure: Figure): string {
  const values = seeds.map((seed) => seed[figure]);
  const [low, high] = [short(Math.min(...values)), short(Math.max(...values))];
  return `${short(median(values))}${low === high ? '' : ` (${low} to ${high})`}`;
}
