import type { Comparison, CompareRow } from '../compare/comparison';
import type { JsonObject, JsonValue } from '../errors';
import type { RefereeRow } from '../referee/report';
import type { TimeFormatter } from './format';
import type { EventTable } from './model';

/** A detector that was to be compared and has no line of its own, with the reason. */
export interface AbsentMethod {
  readonly title: string;
  readonly reason: string;
}

/** One line a method, numbers as numbers; then those that have none. */
export function methodTable({ rows, referee }: Comparison, absent: readonly AbsentMethod[] = []): EventTable {
  const number = (metric: { readonly value: number | null }): number | string => metric.value ?? '';
  const figures = (row: CompareRow | RefereeRow): (number | string)[] => [
    number(row.vusPr.value),
    row.vusPr.interval.low ?? '',
    row.vusPr.interval.low === null ? '' : row.vusPr.interval.high,
    row.caught,
    row.labels,
    number(row.falseEventsPerDay),
    number(row.medianDelayMs),
    number(row.f1),
    number(row.aucRoc),
  ];
  return {
    columns: [
      'row',
      'method',
      'project',
      'seeds',
      'vus_pr',
      'vus_pr_low',
      'vus_pr_high',
      'caught',
      'labels',
      'false_events_per_day',
      'median_delay_ms',
      'f1',
      'auc_roc',
      'false_events_per_day_upper',
      'event_f1',
      'vus_pr_std',
      'rank_from',
      'rank_to',
      'false_events',
      'threshold',
      'against_one_liner',
      'against_low',
      'against_high',
      'standing',
      'train_seconds',
      'score_seconds',
      'engine',
      'absent_because',
    ],
    rows: [
      ...rows.map((row) => [
        row.letter,
        row.title,
        row.projectName,
        row.seeds.join(' '),
        ...figures(row),
        number(row.falseEventsPerDayUpper),
        number(row.eventF1),
        row.spread?.vusPrStd ?? '',
        row.rank.from,
        row.rank.to,
        row.falseEvents,
        row.thresholds.join(' '),
        ...against(row),
        row.trainSeconds,
        row.scoreSeconds ?? '',
        `${row.engine.backend} ${row.engine.version}`,
        '',
      ]),
      ...referee.map((row) => [
        ...['', row.title, '', '', ...figures(row), '', '', '', '', ''],
        ...[row.falseEvents ?? '', row.threshold ?? '', '', '', '', '', '', '', '', ''],
      ]),
      ...absent.map(({ title, reason }) => ['', title, ...Array.from({ length: 25 }, () => ''), reason]),
    ],
  };
}

/** VUS-PR minus that of the best one-liner, its interval, and what that says. */
function against({ againstOneLiner }: CompareRow): (number | string)[] {
  if (!againstOneLiner) return ['', '', '', ''];
  const { difference, standing } = againstOneLiner;
  const { value, interval } = difference;
  return [value.value ?? '', interval.low ?? '', interval.low === null ? '' : interval.high, standing];
}

/** Everything but the lines of the scores, which are for a screen; times as ISO 8601. */
export function comparisonData(comparison: Comparison, clock: TimeFormatter): JsonObject {
  const { conditions, period, events, rows, referee, pairs, verdict, eventTable, settings } = comparison;
  const timed = eventTable.map((event) => ({ ...event, start: clock.iso(event.start), end: clock.iso(event.end) }));
  const data = {
    format: 'faultline-comparison',
    version: 1,
    period: period && { start: clock.iso(period.start), end: clock.iso(period.end) },
    events,
    verdict,
    rows,
    referee,
    pairs,
    eventTable: timed,
    settings,
    conditions,
  };
  // Plain data by its types: numbers, texts, null, arrays and objects of them.
  return data as unknown as { readonly [key: string]: JsonValue };
}
