import { expect, it } from 'vitest';
import { timeScale } from './layout';
import { limitLine, limitSpans } from './mode-limits';

const limit = (mode: number): number => [3, 5][mode] ?? 4;

it('joins rows of one threshold; a row without a mode has the pooled one', () => {
  const spans = limitSpans(Float64Array.of(0, 10, 20, 30, 40), Uint8Array.of(0, 0, 1, 255, 255), limit, 10);
  expect(spans).toEqual([
    { start: 0, end: 20, value: 3 },
    { start: 20, end: 30, value: 5 },
    { start: 30, end: 50, value: 4 },
  ]);
});

it('draws what is in sight and below the top of the lane', () => {
  // 100 px for 100 ms from x = 0; the first span ends at 20, the third lies beyond the lane.
  const scale = timeScale({ width: 100, header: 0, right: 0 }, { start: 0, end: 100 });
  const spans = [
    { start: -50, end: 20, value: 3 },
    { start: 20, end: 60, value: 5 },
    { start: 60, end: 90, value: 50 },
    { start: 120, end: 150, value: 3 },
  ];
  const [line] = limitLine(spans, scale, (value) => 10 - value, 8, '#000');
  expect(line).toMatchObject({ shape: { pathData: 'M0 7.5H20M20 5.5H60' } });
  expect(limitLine([], scale, (v) => v, 8, '#000')).toEqual([]);
});
