import type { CompareRow, CompareSetting, Comparison } from '../../../core/compare/comparison';
import { fewestDaysOfRate } from '../../../core/metrics/days';
import type { Metric } from '../../../core/metrics/evaluation';
import type { Estimate, RefereeRow } from '../../../core/referee/report';
import { formatCount, formatNumber, plural } from '../../composables/format';

/** Below this many labelled anomalies no rank is called sure on this page. */
export const FEW_EVENTS = 5;

/** A line of the table: a compared method, or one of the referee's. */
export interface TableRow {
  readonly key: string;
  /** null for the referee. */
  readonly letter: string | null;
  readonly title: string;
  readonly second: string;
  readonly vusPr: Estimate;
  /** VUS-PR of each seed; empty with one. */
  readonly seeds: readonly number[];
  readonly std: number | null;
  readonly caught: number;
  readonly labels: number;
  readonly falseEvents: number | undefined;
  readonly falseEventsPerDay: Metric;
  readonly falseEventsPerDayUpper: Metric | null;
  readonly medianDelayMs: Metric;
  readonly f1: Metric;
  readonly aucRoc: Metric;
  /** '' for the referee. */
  readonly rank: string;
  readonly rankSure: boolean;
  /** Significantly better than every other method. */
  readonly best: boolean;
  readonly belowOneLiner: boolean;
}

/** @param project - name of the open project; methods of another one say where they are from. */
export function tableRows(comparison: Pick<Comparison, 'rows' | 'referee'>, project: string): readonly TableRow[] {
  return [...comparison.rows.map((row) => methodRow(row, project, comparison.rows.length)), ...comparison.referee.map(refereeRow)];
}

function methodRow(row: CompareRow, project: string, methods: number): TableRow {
  const seeds = row.seeds.length > 1 ? plural(row.seeds.length, 'seed') : '';
  const sure = row.rank.from === row.rank.to;
  return {
    key: row.letter,
    letter: row.letter,
    title: row.title,
    second: [seeds, row.projectName === project ? '' : `of ${row.projectName}`].filter(Boolean).join(', '),
    vusPr: row.vusPr,
    seeds: row.spread?.vusPr ?? [],
    std: row.spread?.vusPrStd ?? null,
    caught: row.caught,
    labels: row.labels,
    falseEvents: row.falseEvents,
    falseEventsPerDay: row.falseEventsPerDay,
    falseEventsPerDayUpper: row.falseEventsPerDayUpper,
    medianDelayMs: row.medianDelayMs,
    f1: row.f1,
    aucRoc: row.aucRoc,
    rank: sure ? String(row.rank.from) : `${row.rank.from} to ${row.rank.to}`,
    rankSure: sure,
    best: sure && row.rank.from === 1 && methods > 1,
    belowOneLiner: row.belowOneLiner,
  };
}

function refereeRow(row: RefereeRow): TableRow {
  return {
    key: `referee:${row.id}`,
    letter: null,
    // Without labels none of them is the best.
    title: refereeTitle(row, row.vusPr.value.value !== null),
    second: 'referee',
    vusPr: row.vusPr,
    seeds: [],
    std: null,
    caught: row.caught,
    labels: row.labels,
    falseEvents: row.falseEvents,
    falseEventsPerDay: row.falseEventsPerDay,
    falseEventsPerDayUpper: null,
    medianDelayMs: row.medianDelayMs,
    f1: row.f1,
    aucRoc: row.aucRoc,
    rank: '',
    rankSure: false,
    best: false,
    belowOneLiner: false,
  };
}

/** True where the rows are judged on less normal time than a rate per day can be told of. All are judged on the same. */
export function tooShortForRate(rows: readonly Pick<TableRow, 'falseEvents' | 'falseEventsPerDay'>[]): boolean {
  return rows.some(({ falseEvents = 0, falseEventsPerDay: { value } }) => value !== null && falseEvents < fewestDaysOfRate * value);
}

/** "Best one-liner: largest z"; random and all-ones keep their own name. */
export function refereeTitle(row: Pick<RefereeRow, 'id' | 'title'>, known = true): string {
  if (row.id === 'random' || row.id === 'all-ones') return row.title;
  const title = row.title.replace(/\s*\(one-liner\)$/i, '').replace(/^best one-liner:\s*/i, '');
  return `${known ? 'Best one-liner' : 'One-liner'}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

/** A metric as text: the number, or a dash whose reason is the tooltip. */
export function metricText(metric: Metric, format: (value: number) => string): { readonly text: string; readonly reason: string } {
  return metric.value === null ? { text: '–', reason: metric.reason } : { text: format(metric.value), reason: '' };
}

/** "3", "0.4" of a mean over draws or seeds; a dash where it says nothing. */
export function countText(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(1);
}

/** "4 of 4"; of a random score the mean over its draws; a dash where there was nothing to catch. */
export function caughtText(row: { readonly caught: number; readonly labels: number }): string {
  if (row.labels === 0) return '–';
  return `${countText(row.caught)} of ${formatCount(row.labels)}`;
}

/** Figures between 0 and 1 with three digits behind the point, so that a column lines up. */
export const shareText = (value: number): string => value.toFixed(3);

/** A rate with three significant digits. */
export const rateText = (value: number): string => formatNumber(value, 3);

const numberWords = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
/** "Compare four runs"; figures from thirteen on. */
export function titleOfPage(count: number): string {
  return count < 2 ? 'Compare runs' : `Compare ${numberWords[count] ?? count} runs`;
}

/** Settings in two groups: those that two methods or more have, and those that only one has. */
export function settingGroups(settings: readonly CompareSetting[]): readonly (readonly CompareSetting[])[] {
  const shared = (s: CompareSetting): boolean => s.values.filter((v) => v !== null).length > 1;
  return [settings.filter(shared), settings.filter((s) => !shared(s))];
}
