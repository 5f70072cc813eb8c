import { expect, it } from 'vitest';
import { compareRuns } from '../compare/compare';
import { label, minute, rule, run } from '../compare/test-runs';
import { vusZones } from '../metrics/vus-zones';
import { comparisonBlocks, comparisonReport, comparisonSection } from './compare-report';
import { renderCsv } from './csv';
import { renderHtml } from './html';
import { renderJson } from './json';

const labels = [0, 1, 2, 3, 4, 5].map((i) => label(640 + 40 * i, 649 + 40 * i));
const wave = (row: number, phase: number): number => 0.4 + 0.3 * Math.sin(row * 1.7 + phase);
const faulty = (row: number): boolean => row >= 640 && row < 850 && (row - 640) % 40 < 10;

/** A finds all six, B none and has the name of a tag in it. */
const comparison = compareRuns({
  runs: [
    run('a', (row) => (faulty(row) ? 2 : wave(row, 0)), { labels }),
    run('b', (row) => wave(row, 1), { labels, title: '<script>B', threshold: { ...rule, mergeGapMs: 5 * minute } }),
  ],
  common: false,
  buckets: 100,
  timeZone: 'UTC',
  referee: ({ timestamps, buffer }) => ({
    oneLiner: {
      row: {
        id: 'max-abs-z',
        title: 'Best one-liner: largest z',
        caught: 3,
        labels: 6,
        falseEventsPerDay: { value: 2 },
        medianDelayMs: { value: minute },
        f1: { value: 0.5 },
        aucRoc: { value: 0.7 },
      },
      zones: vusZones(
        {
          score: Float32Array.from(timestamps, (_, i) => wave(i, 2)),
          truth: Uint8Array.from(timestamps, (_, i) => Number(faulty(610 + i))),
        },
        buffer,
      ),
    },
    random: null,
  }),
});
const choices = { title: 'Pump', createdAt: Date.UTC(2026, 5, 1), timeZone: 'UTC', appVersion: '1.2.3' };

it('says the same in HTML, CSV and JSON', () => {
  const report = comparisonReport(comparison, choices);
  const html = renderHtml(report);
  const value = comparison.rows[0]!.vusPr.value.value!;
  expect(html).toContain(`>${value.toFixed(3)}<`);
  expect(html).toContain(comparison.verdict);
  const lines = renderCsv(report.table).trim().split('\r\n');
  expect(lines).toHaveLength(4);
  expect(lines[1]!.split(',').slice(0, 5)).toEqual(['A', 'Run a', 'Pump', '1', String(value)]);
  const data = JSON.parse(renderJson(report)) as { rows: { vusPr: { value: { value: number } } }[]; eventTable: unknown[] };
  expect(data.rows[0]!.vusPr.value.value).toBe(value);
  expect(data.eventTable).toHaveLength(6);
});

it('says what each method is worth beside the one-liner, what it costs, and which has no line and why', () => {
  const absent = [{ title: 'GDN', reason: 'The data have one tag, it needs several.' }];
  const report = comparisonReport(comparison, { ...choices, absent });
  const html = renderHtml(report);
  // By construction A has every fault and the one-liner, a wave, has none. B is a wave of another phase, by luck a worse one.
  expect(comparison.rows.map(({ againstOneLiner }) => againstOneLiner!.standing)).toEqual(['ahead', 'behind']);
  expect(html).toMatch(/>better: \+0\.\d{3} \(\+0\.\d{3} to \+0\.\d{3}\)</);
  expect(html).toContain('GDN has no line: The data have one tag, it needs several.');
  const [head, ...lines] = renderCsv(report.table)
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  const at = (name: string): number => head!.indexOf(name);
  // The last line ends with the reason, which holds a comma; the others have a cell for every column.
  expect(new Set(lines.slice(0, -1).map((line) => line.length))).toEqual(new Set([head!.length]));
  expect(lines.map((line) => line[at('standing')])).toEqual(['ahead', 'behind', '', '']);
  expect(lines[0]![at('train_seconds')]).toBe('1');
  expect(lines[0]![at('engine')]).toBe('cpu 1');
  expect(lines.at(-1)![1]).toBe('GDN');
  expect(lines.at(-1)!.slice(at('absent_because')).join(',')).toBe('"The data have one tag, it needs several."');
});

it('escapes names that people and files gave', () => {
  const html = renderHtml(comparisonReport(comparison, choices));
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script&gt;B');
});

it('holds what each method found, every pair and every setting that differs', () => {
  const { sections } = comparisonReport(comparison, choices);
  expect(sections.map(({ title }) => title)).toEqual(['1 Result', '2 Event by event', '3 Pairs', '4 Settings', '5 Conditions']);
  const text = JSON.stringify(sections);
  expect(text).toContain('["L-01","1 Jan 2026 10:40","fault 640","at once","missed"]');
  expect(text).toContain('A is ahead (6 events)');
  expect(text).toContain('["Merge gap","0 s","5 min"]');
  expect(text).toContain('"mark":"kept"');
});

it('writes no sign before a difference that is written as nothing, and the referee grey', () => {
  const pair = comparison.pairs[0]!;
  const nothing = {
    ...pair,
    difference: { ...pair.difference, value: { value: -0.0004 }, interval: { low: -0.0004, high: 0.01 } },
  };
  const tables = comparisonReport({ ...comparison, pairs: [nothing] }, choices).sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'table' ? [block] : [])),
  );
  expect(tables.find(({ title }) => title.startsWith('Table 4'))!.rows[0]!.slice(1, 3)).toEqual(['0.000', '0.000 to +0.010']);
  const methods = tables.find(({ title }) => title.startsWith('Table 1'))!;
  expect(methods.grey!.length).toBe(comparison.referee.length);
  for (const r of methods.grey!) expect(methods.rows[r]![1]).toContain('referee');
});

it('tells in the report of a run why a kept comparison cannot be made any more', () => {
  expect(comparisonSection([])).toEqual([]);
  const refused = { ...comparison, refused: 'The labels differ.', rows: [] };
  expect(comparisonBlocks(refused, 'Table')).toEqual([{ kind: 'paragraph', text: 'Not compared: The labels differ.' }]);
  const [section] = comparisonSection([
    { name: 'First', comparison },
    { name: 'Second', comparison: refused },
  ]);
  expect(section!.title).toBe('Comparisons');
  expect(section!.blocks.filter(({ kind }) => kind === 'table')).toHaveLength(1);
});
