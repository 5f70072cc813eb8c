import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  clipIntervals,
  intersectSpans,
  overlaps,
  rowMask,
  rowsWithin,
  subtractSpans,
  unionIntervals,
  unionSpans,
  type Span,
} from './interval';

const limit = 30;
const anyInterval = fc
  .tuple(fc.integer({ min: 0, max: limit }), fc.integer({ min: 0, max: 8 }))
  .map(([start, length]) => ({ start, end: Math.min(limit, start + length) }));
const anyList = fc.array(anyInterval, { maxLength: 8 });
/** Integers of half-open spans. */
const cells = (spans: readonly Span[]): Set<number> =>
  new Set(spans.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, k) => start + k)));
const points = (list: readonly Span[]): Set<number> => cells(list.map(({ start, end }) => ({ start, end: end + 1 })));
const sorted = (set: Set<number>): number[] => [...set].sort((a, b) => a - b);

it('counts a shared end as overlap, because both ends belong to a label', () => {
  expect(overlaps({ start: 0, end: 5 }, { start: 5, end: 9 })).toBe(true);
  expect(overlaps({ start: 0, end: 4 }, { start: 5, end: 9 })).toBe(false);
});

it('has the same points after a union, in order and apart', () => {
  fc.assert(
    fc.property(anyList, (list) => {
      const merged = unionIntervals(list);
      expect(sorted(points(merged))).toEqual(sorted(points(list)));
      for (let i = 1; i < merged.length; i++) expect(merged[i]!.start).toBeGreaterThan(merged[i - 1]!.end);
    }),
  );
});

it('clips to the points inside', () => {
  fc.assert(
    fc.property(anyList, anyInterval, (list, bounds) => {
      const inside = points([bounds]);
      expect(sorted(points(clipIntervals(list, bounds)))).toEqual(sorted(points(list)).filter((p) => inside.has(p)));
    }),
  );
});

it('subtracts and intersects spans cell by cell', () => {
  fc.assert(
    fc.property(anyList, anyList, (a, b) => {
      const base = unionSpans(a);
      const other = cells(b);
      expect(sorted(cells(subtractSpans(base, b)))).toEqual(sorted(cells(base)).filter((c) => !other.has(c)));
      expect(sorted(cells(intersectSpans(base, b)))).toEqual(sorted(cells(base)).filter((c) => other.has(c)));
    }),
  );
});

it('never joins two segments that only touch', () => {
  const segments = [
    { start: 0, end: 5 },
    { start: 5, end: 9 },
  ];
  expect(subtractSpans(segments, [{ start: 2, end: 3 }])).toEqual([
    { start: 0, end: 2 },
    { start: 3, end: 5 },
    { start: 5, end: 9 },
  ]);
  expect(intersectSpans(segments, [{ start: 4, end: 6 }])).toEqual([
    { start: 4, end: 5 },
    { start: 5, end: 6 },
  ]);
});

it('masks the rows inside, both ends included', () => {
  const time = Float64Array.of(0, 10, 20, 30);
  expect(rowsWithin(time, { start: 10, end: 20 })).toEqual({ start: 1, end: 3 });
  expect(rowsWithin(time, { start: 11, end: 19 })).toEqual({ start: 2, end: 2 });
  expect([
    ...rowMask(time, [
      { start: 10, end: 10 },
      { start: 25, end: 99 },
    ]),
  ]).toEqual([0, 1, 0, 1]);
});
