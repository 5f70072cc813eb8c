import type { MetricSheet } from '../../../core/metrics/sheet';
import { sheetNotes, sheetReasons, sheetTable, sheetWarning } from '../../../core/metrics/sheet-table';
import { countOf, formatCount } from '../../../core/report/format';
import { metricText } from '../../../core/report/words';
import { table } from './text';

const count = (figure: MetricSheet['events']): string => (typeof figure === 'number' ? formatCount(figure) : '–');

/** A sheet for people: each figure, beside it what a random score reaches, and once each reason why a figure is missing. */
export function sheetLines(sheet: MetricSheet): string[] {
  const groups = sheetTable(sheet);
  const warning = sheetWarning(sheet);
  const rows = groups.flatMap(({ title, rows }) => [
    [],
    [title],
    ...rows.map(({ name, figure, random, write, bound }) => [
      `  ${name}${bound ? ' (not a result)' : ''}`,
      metricText(figure, write),
      random === null ? '' : metricText(random, write),
    ]),
  ]);
  return [
    `Scores: ${sheet.protocol}`,
    `${countOf(sheet.rows, 'row counts', 'rows count')}, labelled anomalies ${formatCount(sheet.labels)}, events ${count(sheet.events)}, ` +
      `false ${count(sheet.operational.falseEvents)}, buffer ${formatCount(sheet.vus.buffer)} ${sheet.vus.buffer === 1 ? 'row' : 'rows'}`,
    '',
    ...table(['Metric', 'Value', 'Random'], rows, new Set([1, 2])),
    '',
    ...(warning ? [warning] : []),
    ...sheetNotes(sheet),
    ...sheetReasons(groups).map(({ reason }) => `–: ${reason}`),
  ];
}
