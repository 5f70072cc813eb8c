import { expect, it } from 'vitest';
import { metricsAppendix } from '../report/metrics-appendix';
import type { ReportInput } from '../report/model';
import { metricText } from '../report/words';
import type { MetricSheet } from './sheet';
import { metricSheet } from './sheet-of';
import { sheetReasons, sheetTable, sheetWarning } from './sheet-table';

const minute = 60_000;
/** 200 minutes with one label of 20; scores are high in half of it, or in its first row and everywhere else at random. */
function sheetOf(high: (row: number) => boolean, rule = true): MetricSheet {
  const timestamps = Float64Array.from({ length: 200 }, (_, i) => i * minute);
  return metricSheet({
    timestamps,
    score: Float64Array.from(timestamps, (_, i) => (high(i) ? 2 : (i % 7) / 10)),
    labels: [{ id: 'a', start: 100 * minute, end: 119 * minute, class: 'anomaly', comment: '', channels: [], origin: 'user' }],
    rule: rule ? { value: 1, minDurationMs: 0, mergeGapMs: 0 } : null,
    part: 'test part',
    vusBuffer: 5,
  });
}
const good = sheetOf((i) => i >= 105 && i < 115);
const rows = (sheet: MetricSheet) => sheetTable(sheet).flatMap((group) => group.rows);
const text = (sheet: MetricSheet, name: string): string => {
  const found = rows(sheet).find((row) => row.name.trim() === name)!;
  return metricText(found.figure, found.write);
};

it('writes each figure with its unit', () => {
  expect(text(good, 'Point precision')).toBe('1.00');
  // Ten of twenty: 2·10 / (10 + 20).
  expect(text(good, 'Point F1')).toBe('0.667');
  // 20 of 200 rows, ten of them in the event; the label begins five minutes before the event.
  expect(text(good, 'Labelled share')).toBe('10.0 %');
  expect(text(good, 'Time in events')).toBe('5.00 %');
  expect(text(good, 'Median delay')).toBe('5 min');
  // Day is 1440 minutes; the 180 normal ones are an eighth, and no false event leaves 2.996 / 0.125.
  expect(text(good, '95 % upper limit')).toBe('24.0 a day');
});

it('marks what has its threshold from these very labels, and nothing else', () => {
  expect(rows(good).flatMap(({ name, bound }) => (bound ? [name.trim()] : []))).toEqual([
    "Paper's protocol F1",
    'without widening',
    'AUC-ROC of windows',
    'labels hit',
    'false episodes',
    'Best F1 (oracle)',
    'at threshold',
  ]);
});

it('sets a random score beside every point-adjusted and affiliation figure', () => {
  const flattering = rows(good).filter(({ name }) => /^(Point-adjusted|PA%|Affiliation|Paper)/.test(name));
  expect(flattering).toHaveLength(12);
  for (const { name, random } of flattering) expect([name, typeof random?.value]).toEqual([name, 'number']);
});

it('warns where a flattering figure is not above a random score', () => {
  expect(sheetWarning(good)).not.toContain('point-adjusted');
  // No labelled sample is found, and random scores with as many samples find the label nearly always.
  const bad = sheetOf((i) => i >= 20 && i < 50);
  expect(sheetWarning(bad)).toContain('Not above a random score, so it shows nothing: point-adjusted F1 0 (random 0.');
});

it('has the same rows without a threshold, and says once why figures are missing', () => {
  const open = sheetOf(() => false, false);
  expect(rows(open).map(({ name }) => name)).toEqual(rows(good).map(({ name }) => name));
  expect(sheetReasons(sheetTable(open)).find(({ reason }) => reason === 'no threshold given')!.names).toContain('Point F1');
  expect(sheetWarning(open)).toMatch(/^$|paper's protocol/);
});

it('is what the appendix of the report shows', () => {
  const [section] = metricsAppendix({ sheet: good } as ReportInput);
  expect(section!.title).toBe('All metrics');
  const tables = section!.blocks.flatMap((block) => (block.kind === 'table' ? [block] : []));
  expect(tables.map(({ title }) => title)).toEqual(sheetTable(good).map(({ title }) => title));
  expect(tables.flatMap((table) => table.rows.map(([name, value]) => [name, value]))).toEqual(
    rows(good).map(({ name, figure, write }) => [name.replace(/^ +/, '\u00a0\u00a0'), metricText(figure, write)]),
  );
  expect(
    tables
      .flatMap((table) => table.rows)
      .find(([name]) => name === 'Best F1 (oracle)')!
      .at(-1),
  ).toContain('not a result');
  // Grey are the rows that say they are no result.
  for (const { rows: texts, grey } of tables)
    expect(grey).toEqual(texts.flatMap((row, r) => (row.at(-1)!.startsWith('not a result') ? [r] : [])));
  expect(metricsAppendix({ sheet: null } as ReportInput)).toEqual([]);
});
