import type { CompareRow, Comparison } from '../../../core/compare/comparison';
import type { Metric } from '../../../core/metrics/evaluation';
import type { RefereeRow } from '../../../core/referee/report';
import { formatDuration, formatNumber } from '../../../core/report/format';
import { isoOf, table } from './text';

/** Without the lines of the scores; times are ISO 8601 in UTC. */
export function comparisonJson({ scores: _, period, eventTable, labels, ...rest }: Comparison) {
  const timed = <T extends { readonly start: number; readonly end: number }>(one: T) => ({
    ...one,
    start: isoOf(one.start),
    end: isoOf(one.end),
  });
  return { ...rest, period: period && timed(period), eventTable: eventTable.map(timed), labels: labels.map(timed) };
}

/** Methods with figures and ranks, then the referee's rows. */
export function tableLines({ rows, referee }: Comparison): string[] {
  const text = (metric: Metric, write: (value: number) => string): string => (metric.value === null ? '–' : write(metric.value));
  const three = (value: number): string => value.toFixed(3);
  const cells = (row: CompareRow | RefereeRow): string[] => [
    text(row.vusPr.value, three),
    row.vusPr.interval.low === null ? '–' : `${three(row.vusPr.interval.low)} to ${three(row.vusPr.interval.high)}`,
    `${Number(row.caught.toFixed(1))} of ${row.labels}`,
    text(row.falseEventsPerDay, formatNumber),
    text(row.medianDelayMs, formatDuration),
    text(row.f1, three),
    text(row.aucRoc, three),
  ];
  const lines = [
    ...rows.map((row) => [
      row.letter,
      row.title +
        (row.seeds.length > 1
          ? `, ${row.seeds.length} seeds${row.spread ? `, std ${formatNumber(row.spread.vusPrStd, 2)}` : ''}`
          : '') +
        (row.belowOneLiner ? ' (below the one-liner)' : ''),
      ...cells(row),
      row.rank.from === row.rank.to ? String(row.rank.from) : `${row.rank.from} to ${row.rank.to}`,
    ]),
    ...referee.map((row) => ['', row.title, ...cells(row), '']),
  ];
  const head = ['', 'Method', 'VUS-PR', '95 % interval', 'Caught', 'False a day', 'Median delay', 'F1', 'AUC-ROC', 'Rank'];
  return table(head, lines, new Set([2, 3, 4, 5, 6, 7, 8, 9]));
}
