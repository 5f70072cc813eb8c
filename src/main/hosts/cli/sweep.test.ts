import { expect, it } from 'vitest';
import { spaceOf } from './sweep';

it('reads parameters with the values to try', () => {
  expect(spaceOf(['window=8, 16,24', 'score=sharp,paper', 'whiten=true,false'])).toEqual({
    window: [8, 16, 24],
    score: ['sharp', 'paper'],
    whiten: [true, false],
  });
});

it('refuses what is no list of values', () => {
  for (const text of ['window', '=1,2', 'window=', 'window=1,,2']) expect(() => spaceOf([text])).toThrow('NAME=V1,V2');
  expect(() => spaceOf([])).toThrow('--resume');
});
