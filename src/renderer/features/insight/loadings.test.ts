import { expect, it } from 'vitest';
import { loadingCells } from './loadings';

it('writes the loadings of single rows with their sign, and colours them by the largest', () => {
  const cells = loadingCells([0.8, -0.6, 0], 3);
  expect(cells.map(({ text }) => text)).toEqual(['+0.80', '−0.60', '0.00']);
  expect(cells.map(({ level }) => level)).toEqual([5, 4, 0]);
});

it('writes the share of each tag over a window, and which way it goes', () => {
  // By hand: two rows of two tags, shares 0.5 and 0.5; the first is level, the second swings.
  expect(loadingCells([-0.5, 0.5, -0.5, -0.5], 2).map(({ text }) => text)).toEqual(['−50 %', '~50 %']);
});
