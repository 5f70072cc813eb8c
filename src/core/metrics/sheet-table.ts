import { formatCount, formatDays, formatDuration, formatNumber, formatScore } from '../report/format';
import type { Metric } from './evaluation';
import type { BesideRandom, Figure, MetricSheet } from './sheet';

/** One figure of a sheet as screens, reports and the command line show it. */
export interface SheetRow {
  readonly name: string;
  /** One line. */
  readonly meaning: string;
  readonly figure: Metric;
  /** Of a random score with as many samples above its threshold; null where there is none to stand beside. */
  readonly random: Metric | null;
  /** With its unit. */
  readonly write: (value: number) => string;
  /** The threshold was chosen on these very labels: a bound, not a result. */
  readonly bound: boolean;
}

export interface SheetGroup {
  readonly title: string;
  readonly rows: readonly SheetRow[];
}

type More = Partial<Pick<SheetRow, 'write' | 'bound'>> & { readonly random?: Figure };

const duration = (seconds: number): string => formatDuration(seconds * 1000);
const percent = (share: number): string => `${formatNumber(share * 100)} %`;
const rowsOf = (count: number): string => `${formatCount(count)} ${count === 1 ? 'row' : 'rows'}`;
const perDay = (value: number): string => `${formatNumber(value)} a day`;
const metricOf = (figure: Figure): Metric => (typeof figure === 'number' ? { value: figure } : figure);
const row = (
  name: string,
  figure: Figure,
  meaning: string,
  { random, write = formatNumber, bound = false }: More = {},
): SheetRow => ({
  name,
  meaning,
  figure: metricOf(figure),
  random: random === undefined ? null : metricOf(random),
  write,
  bound,
});

/** Every figure of a sheet in six groups; sheets of the parts of one run have the same rows in the same order. */
export function sheetTable(sheet: MetricSheet): readonly SheetGroup[] {
  const { point, paK, range, event, vus, nab, paperWindow, oracle, operational } = sheet;
  const count = { write: formatCount };
  const share = { write: percent };
  const bound = { bound: true };
  return [
    {
      title: 'Per sample',
      rows: [
        row('Point precision', point.precision, 'share of samples at the threshold that are labelled', {
          random: point.prevalence,
        }),
        row('Point recall', point.recall, 'share of labelled samples that reach the threshold'),
        row('Point F1', point.f1, 'harmonic mean of the two', { random: point.f1OfRandom }),
        row('F1 of all-anomalous', point.f1OfAllOnes, 'what calling every sample anomalous would have'),
        row('Labelled share', point.prevalence, 'share of samples labelled as anomaly', share),
      ],
    },
    {
      title: 'Per event',
      rows: [
        row('Event precision', event.precision, 'share of events on a labelled anomaly'),
        row('Event recall', event.recall, 'share of labelled anomalies that an event touches'),
        row('Event F1', event.f1, 'harmonic mean of the two'),
        row('Composite F1', event.compositeF1, 'of point precision with the share of labels that a sample finds'),
      ],
    },
    {
      title: 'By range',
      rows: [
        row('Range precision', range.precision, `how much of each stretch above is labelled; ${range.bias} bias`),
        row('Range recall', range.recall, `how much of each label is covered; ${range.bias} bias, alpha ${range.alpha}`),
        row('Range F1', range.f1, 'harmonic mean of the two'),
        row('NAB standard', nab.standard, '0 as good as detecting nothing, 100 perfect; counts false samples'),
        row('NAB low FP', nab.lowFp, 'the same, false samples cost double'),
        row('NAB low FN', nab.lowFn, 'the same, misses cost double'),
      ],
    },
    {
      title: 'Without a threshold',
      rows: [
        row('VUS-PR', vus.pr, `volume under precision-recall, buffers up to ${rowsOf(vus.buffer)}`),
        row('VUS-ROC', vus.roc, `volume under the ROC curve, buffers up to ${rowsOf(vus.buffer)}`),
        row('AUC-ROC', point.aucRoc, 'chance that a labelled sample scores above a normal one', { random: 0.5 }),
        row('Average precision', point.aucPr, 'area under precision over recall', { random: point.prevalence }),
      ],
    },
    {
      title: 'Flattering protocols',
      rows: [
        ...beside('Point-adjusted', sheet.pointAdjusted, 'one sample finds a whole label'),
        row('PA%K, area over K', paK.area, 'mean point-adjusted F1 over K from 0 to 100', { random: paK.areaOfRandom }),
        ...Object.entries(paK.f1At).map(([k, f1]) =>
          row(`PA%${k} F1`, f1, `adjusted where more than ${k} % of a label is found`, adjustedPeer(paK.f1AtOfRandom[k])),
        ),
        ...beside('Affiliation', sheet.affiliation, 'nearness of detections and labels'),
        row("Paper's protocol F1", paperWindow.f1, `one window finds a label, best threshold, ${rowsOf(paperWindow.length)}`, {
          random: paperWindow.f1OfRandom,
          ...bound,
        }),
        row('  without widening', paperWindow.f1Unwidened, 'best F1 of the same windows, each judged by itself', bound),
        row('  AUC-ROC of windows', paperWindow.auc, 'of the same windows, no threshold', { random: 0.5, ...bound }),
        row('  labels hit', paperWindow.hits, "at the protocol's own threshold", { ...count, ...bound }),
        row('  false episodes', paperWindow.falseEpisodes, 'runs of false windows at that threshold', { ...count, ...bound }),
        row('Best F1 (oracle)', oracle.f1, 'best of all thresholds on these very labels', bound),
        row('  at threshold', oracle.threshold, 'in the unit of the score', { write: formatScore, ...bound }),
      ],
    },
    {
      title: 'Operational',
      rows: [
        row('False events', operational.falseEvents, 'events on no label', count),
        row('Normal time', operational.normalDays, 'scored, outside labels and masks', { write: formatDays }),
        row('False events a day', operational.falseEventsPerDay, 'over the normal time'),
        row('  95 % upper limit', operational.upperLimit, 'of false events, exact Poisson', { write: perDay }),
        row('Median delay', operational.medianDelaySeconds, 'from start of label to start of event', { write: duration }),
        row('Median lead', operational.medianLeadSeconds, 'from start of event to end of label', { write: duration }),
        row('Time in events', operational.timeInAlarm, 'share of samples inside an event', share),
        row('Chatter', operational.chatter, 'share of minutes with more than 3 transitions across the threshold', share),
        row('Flood', operational.floodShare, 'share of 10-minute periods with more than 10 events', share),
      ],
    },
  ];
}

const adjustedPeer = (random: Figure | undefined): More => (random === undefined ? {} : { random });

function beside(name: string, figures: BesideRandom, meaning: string): SheetRow[] {
  return [
    row(`${name} precision`, figures.precision, meaning, { random: figures.precisionOfRandom }),
    row(`${name} recall`, figures.recall, meaning, { random: figures.recallOfRandom }),
    row(`${name} F1`, figures.f1, 'harmonic mean of the two', { random: figures.f1OfRandom }),
  ];
}

/** A sentence when a figure that flatters is, as written, not above that of a random score; '' when all are. */
export function sheetWarning(sheet: MetricSheet): string {
  const { pointAdjusted, affiliation, paK, paperWindow } = sheet;
  const pairs: readonly (readonly [string, Figure, Figure])[] = [
    ['point-adjusted F1', pointAdjusted.f1, pointAdjusted.f1OfRandom],
    ['area of PA%K', paK.area, paK.areaOfRandom],
    ['affiliation F1', affiliation.f1, affiliation.f1OfRandom],
    ["F1 of the paper's protocol", paperWindow.f1, paperWindow.f1OfRandom],
  ];
  const found = pairs.flatMap(([name, own, random]) =>
    typeof own === 'number' && typeof random === 'number' && (own <= random || formatNumber(own) === formatNumber(random))
      ? [`${name} ${formatNumber(own)} (random ${formatNumber(random)})`]
      : [],
  );
  return found.length === 0 ? '' : `Not above a random score, so it shows nothing: ${found.join(', ')}.`;
}

/** Why figures are missing, each reason once with the names it holds for. */
export function sheetReasons(
  groups: readonly SheetGroup[],
): readonly { readonly reason: string; readonly names: readonly string[] }[] {
  const found = new Map<string, string[]>();
  for (const { name, figure, random } of groups.flatMap(({ rows }) => rows)) {
    const missing = figure.value === null ? figure : random;
    if (missing?.value !== null || missing === null) continue;
    found.set(missing.reason, [...(found.get(missing.reason) ?? []), name.trim()]);
  }
  return [...found].map(([reason, names]) => ({ reason, names }));
}

/** How the random peers were found, and what an oracle is. */
export function sheetNotes({ random }: MetricSheet): readonly [string, string] {
  return [
    `Random: a random score with as many samples above its threshold; mean of ${random.draws} draws, seed ${random.seed}.`,
    "Oracle and paper's protocol: threshold chosen with these very labels; a bound, not a result.",
  ];
}
