import { describe, expect, it } from 'vitest';
import type { ContractMap } from '../../core/budget/contract';
import { cellWords, durationUnit, mapMargin, mapScale, regionWords, stateAt } from './contract-map';

const minute = 60_000;
// 4 thresholds by 3 durations; 0 holds, 1 too many false events, 2 misses, 3 late. Rows from the shortest duration up.
const map: ContractMap = {
  values: [1, 2, 3, 5],
  durations: [0, 10 * minute, 20 * minute],
  cells: Uint8Array.of(1, 0, 0, 2, 1, 0, 3, 2, 0, 0, 3, 2),
  labelOf: Int16Array.of(-1, -1, -1, 1, -1, -1, 0, 1, -1, -1, 0, 1),
  labels: ['a', 'b'],
  tried: 12,
  holding: 5,
  proposal: { value: 2, minDurationMs: 0, mergeGapMs: 0 },
  proposalUpper: null,
  feasible: true,
  bindingText: '',
  binding: null,
  price: [],
  note: '',
};
const name = (id: string): string => ({ a: 'L-06', b: 'L-05' })[id] ?? '';

describe('map of the contract', () => {
  it('says for each cell what breaks there', () => {
    expect([0, 1, 3, 6].map((at) => cellWords(map, { column: at % 4, row: Math.floor(at / 4) }, name))).toEqual([
      'too many false events to be sure',
      'contract holds',
      'misses L-05',
      'L-06 found too late',
    ]);
  });

  it('names each region once, in its middle', () => {
    const words = regionWords(map, name);
    expect(words.map((w) => w.words).sort()).toEqual([
      'L-06 found too late',
      'contract holds',
      'misses L-05',
      'too many false events to be sure',
    ]);
    // Cells that hold: columns 1 and 2 on row 0, 1 on row 1, 0 and 1 on row 2; the mean row is 5 / 5 = 1. Rows 0 and 2 are as long and
    // as near; the first wins. Column 1 is the longest run upwards.
    const holds = words.find((w) => w.words === 'contract holds')!;
    expect(holds.lying).toEqual({ column: 1.5, row: 0, along: 2, across: 3 });
    expect(holds.standing).toEqual({ column: 1, row: 1, along: 3, across: 1 });
    // The whole last column: 3 cells up, 1 across.
    const misses = words.find((w) => w.words === 'misses L-05')!;
    expect(misses.standing).toEqual({ column: 3, row: 1, along: 3, across: 1 });
    expect(misses.lying).toEqual({ column: 3, row: 1, along: 1, across: 3 });
  });

  it('places thresholds between the middles of cells, and reads them back', () => {
    const width = mapMargin.left + mapMargin.right + 400;
    const scale = mapScale(map, width, mapMargin.top + mapMargin.bottom + 90);
    // Cells of 100 × 30 px: threshold 1 in the middle of the first, 4 half way from the third (3) to the fourth (5).
    expect(scale.x(1)).toBeCloseTo(mapMargin.left + 50, 9);
    expect(scale.x(4)).toBeCloseTo(mapMargin.left + 300, 9);
    expect(scale.value(mapMargin.left + 300)).toBeCloseTo(4, 9);
    expect(scale.y(10 * minute)).toBeCloseTo(mapMargin.top + 45, 9);
    expect(scale.duration(mapMargin.top + 30)).toBeCloseTo(15 * minute, 6);
    expect(scale.at(mapMargin.left + 310, mapMargin.top + 5)).toEqual({ column: 3, row: 2 });
    expect(scale.at(mapMargin.left - 1, mapMargin.top + 5)).toBeNull();
  });

  it('keeps a setting beyond the grid at its edge', () => {
    const scale = mapScale(map, mapMargin.left + mapMargin.right + 400, 200);
    expect(scale.x(99)).toBe(mapMargin.left + 400);
    expect(scale.x(-99)).toBe(mapMargin.left);
  });
});

it('tells the state of a setting by the cell it lies in, and nothing beyond the map', () => {
  expect(stateAt(map, 2.1, 9 * minute)).toBe(0);
  expect(stateAt(map, 5.5, 0)).toBe(2);
  expect([stateAt(map, 0.2, 0), stateAt(map, 9, 0), stateAt(map, 2, 60 * minute)]).toEqual([null, null, null]);
});

it('names durations in one unit of short numbers', () => {
  const unit = (...minutes: number[]): string => durationUnit(minutes.map((m) => m * minute)).name;
  expect([unit(0, 0.5, 1.5), unit(0, 10, 20), unit(0, 50, 400), unit(0, 60, 210), unit(0, 1440, 4320)]).toEqual([
    's',
    'min',
    'min',
    'h',
    'd',
  ]);
});
