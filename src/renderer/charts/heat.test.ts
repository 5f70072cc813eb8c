import { expect, it } from 'vitest';
import { heatLevel, heatMap, shareAt } from './heat';
import { timeScale } from './layout';
import { chartTokens } from './tokens';

const nan = Number.NaN;
const contribution = {
  channels: ['a', 'b'],
  time: Float64Array.of(0, 10, 20),
  share: Float32Array.of(1, 0.25, nan, 0, 0.75, nan),
};

it('reads the share of a tag at an instant, none where there is no score', () => {
  expect(shareAt(contribution, 'b', 15)).toBe(0.75);
  expect(shareAt(contribution, 'b', 25)).toBeNull();
  expect(shareAt(contribution, 'c', 15)).toBeNull();
  expect(shareAt(contribution, 'a', -1)).toBeNull();
});

it('is dark where the tag alone reaches the threshold and blank where the score is low', () => {
  expect(heatLevel(1, 4, 4)).toBe(5);
  expect(heatLevel(1, 40, 4)).toBe(5);
  // 0.5 · 4 / 4 = 0.5 of six levels: 3.
  expect(heatLevel(0.5, 4, 4)).toBe(3);
  expect(heatLevel(1, 0.5, 4)).toBe(0);
  expect(heatLevel(nan, 4, 4)).toBe(0);
  expect(heatLevel(1, nan, 4)).toBe(0);
});

it('joins neighbouring cells of one level and draws each level once', () => {
  const score = { time: contribution.time, min: Float32Array.of(4, 4, 4), max: Float32Array.of(4, 4, 4), raw: true };
  const same = { ...contribution, share: Float32Array.of(1, 1, nan, 0, 0, nan) };
  const shapes = heatMap(
    same,
    score,
    4,
    ['a', 'b'],
    timeScale({ width: 130, header: 100, right: 0 }, { start: 0, end: 30 }),
    { top: 0, bottom: 20 },
    chartTokens((name) => name),
  );
  // Ground, and level 5 as one box over the first two cells: 20 of 30 px.
  expect(shapes).toHaveLength(2);
  expect(shapes[1]).toMatchObject({ style: { fill: 'heat-5' }, shape: { pathData: 'M100 0h20v9.4h-20z' } });
});
