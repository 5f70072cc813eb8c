import { expect, it } from 'vitest';
import { lacksModeTag, modesOfRows } from './run-modes';

type Reads = Parameters<typeof modesOfRows>[0];

/** A dataset of one tag with rows at 0, 10, 20, …. */
function reads(values: readonly number[], step: boolean): Reads {
  return {
    datasets: { get: () => ({ channels: [{ name: 'speed', step }] }) },
    series: {
      readTimestamps: () => Float64Array.from(values, (_, i) => 10 * i),
      readColumn: () => Float64Array.from(values),
    },
  } as unknown as Reads;
}
const run = { datasetId: 'd' };
const rule = { channel: 'speed', edges: [500, 1200] };
const rows = Float64Array.of(0, 10, 15, 20, 30);

it('takes the mode of a row from the last sample of the tag, whose grid may be another', () => {
  expect([...modesOfRows(reads([100, 500, 1200, 1199], false), run, rows, rule)]).toEqual([0, 1, 1, 2, 1]);
});

it('gives no mode where the tag has no value', () => {
  expect([...modesOfRows(reads([NaN, 600, NaN, 700], false), run, rows, rule)]).toEqual([255, 1, 1, 255, 1]);
});

it('holds the value of a step tag between its samples', () => {
  expect([...modesOfRows(reads([NaN, 600, NaN, NaN], true), run, rows, rule)]).toEqual([255, 1, 1, 1, 1]);
});

it('gives no mode to data without the tag, and says so', () => {
  const other = { channel: 'load', edges: [1] };
  expect([...modesOfRows(reads([1, 2], false), run, rows, other)]).toEqual([255, 255, 255, 255, 255]);
  expect([lacksModeTag(reads([], false), run, other), lacksModeTag(reads([], false), run, rule)]).toEqual([true, false]);
});
