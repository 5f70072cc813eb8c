import { expect, it } from 'vitest';
import { edgesText, parseEdges } from './mode-edges';

it('reads edges of modes as engineers write them', () => {
  expect(parseEdges('40; 80')).toEqual([40, 80]);
  expect(parseEdges(' 0,5;1,5 ; 2')).toEqual([0.5, 1.5, 2]);
  expect(parseEdges('-3 10')).toEqual([-3, 10]);
  expect(parseEdges(edgesText([1, 2.5]))).toEqual([1, 2.5]);
});
it('refuses what are no ascending edges', () => {
  for (const text of ['', 'high', '80; 40', '1; 1', '1 2 3 4 5 6 7 8 9']) expect(parseEdges(text)).toBeNull();
});
