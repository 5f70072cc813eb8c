import { describe, expect, it } from 'vitest';
import { isFaultline } from '../errors';
import { formatContract, parseContract } from './parse';

const minute = 60_000;

describe('a contract in words', () => {
  it('reads each promise, in any order', () => {
    expect(parseContract('1 false event in 3 days, catch all, within 20 min, sure to 95 %, in mode 1')).toEqual({
      falseEvents: 1,
      days: 3,
      confidence: 0.95,
      mustCatch: 'all',
      withinMs: 20 * minute,
      mode: 1,
    });
    expect(
      parseContract('must catch L-03 and L-06; each within 1 h 30 min; at most 2 false events per week; sure to 97.5%'),
    ).toEqual({
      falseEvents: 2,
      days: 7,
      confidence: 0.975,
      mustCatch: ['L-03', 'L-06'],
      withinMs: 90 * minute,
      mode: null,
    });
    expect(parseContract('no false events in 12 h, catch nothing.')).toMatchObject({ falseEvents: 0, days: 0.5, mustCatch: [] });
    expect(parseContract('one false event per day')).toMatchObject({ falseEvents: 1, days: 1, confidence: 0.95, mustCatch: 'all' });
    expect(parseContract('1 false event in 2 d, within 1200 s, catch L-1+L-2')).toMatchObject({
      withinMs: 20 * minute,
      mustCatch: ['L-1', 'L-2'],
    });
  });

  it('writes what it reads', () => {
    for (const text of [
      '1 false event in 3 days, catch all, within 20 min, sure to 95 %, in mode 1',
      '2 false events in 7 days, catch L-03 and L-06, within 1 h 30 min, sure to 99.9 %',
      'no false events in 1 day, catch nothing, sure to 50 %',
    ]) {
      expect(formatContract(parseContract(text))).toBe(text);
    }
  });

  it('says which part it does not understand, and which number is out of range', () => {
    const message = (text: string): string => {
      try {
        parseContract(text);
      } catch (error) {
        if (isFaultline(error, 'threshold/bad-objective')) return error.message;
      }
      return 'read';
    };
    expect(message('1 false event in 3 days, quickly')).toContain('"quickly" is not a promise that is known');
    expect(message('catch all')).toContain('does not say how many false events');
    expect(message('1 false event in 3 days, sure to 100 %')).toContain('confidence of a contract is 0.5 to 0.999, not 1');
    expect(message('1 false event in 0 days')).toContain('number of days');
    expect(message('1 false event in 3 days, in mode 12')).toContain('mode');
    expect(message('1 false event in 3 days, within soon')).toContain('"within soon"');
  });
});
