import { describe, expect, it } from 'vitest';
import { isFaultline } from '../../../core/errors';
import { paramsOf, pointOf, readArgs, seconds, splitWith, wholeNumber } from './options';

const usage = (run: () => unknown): boolean => {
  try {
    run();
  } catch (error) {
    return isFaultline(error, 'cli/usage');
  }
  return false;
};
const day = 86_400_000;
const period = { start: Date.UTC(2024, 0, 1), end: Date.UTC(2024, 0, 11) };

it('takes a negative number behind an option as its value, and nothing else', () => {
  const options = { threshold: { type: 'string' }, json: { type: 'boolean' } } as const;
  expect(readArgs('evaluate', ['--threshold', '-3.5', '--json'], options, []).values).toEqual({ threshold: '-3.5', json: true });
  expect(readArgs('evaluate', ['--threshold', '-.5'], options, []).values.threshold).toBe('-.5');
  expect(usage(() => readArgs('evaluate', ['--threshold', '--json'], options, []))).toBe(true);
  expect(usage(() => readArgs('evaluate', ['--json', '-3'], options, []))).toBe(true);
});

it('counts given words in words', () => {
  const given = (words: string[]): string => {
    try {
      readArgs('import', words, {}, ['FILE']);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  expect(given([])).toMatch(/but none was given/);
  expect(given(['a', 'b'])).toMatch(/but 2 were given/);
});

describe('pointOf', () => {
  it.each([
    ['0', period.start],
    ['1', period.end],
    ['0.5', period.start + 5 * day],
    ['.25', period.start + 2.5 * day],
    ['2024-01-03', period.start + 2 * day],
    ['2024-01-03T12:00', period.start + 2.5 * day],
    ['2024-01-03 12:00:00', period.start + 2.5 * day],
    ['2024-01-03T12:00:00Z', period.start + 2.5 * day],
    ['2024-01-03T13:00:00+01:00', period.start + 2.5 * day],
  ])('reads %s', (text, time) => {
    expect(pointOf('--train-until', text, period)).toBe(time);
  });

  it.each(['', 'soon', '1.5', '-0.1', '2024', '2024-13-01', '03/01/2024', 'NaN', '1e-1', '2024-01-03T12:00:00 Europe/Paris'])(
    'refuses "%s"',
    (text) => {
      expect(usage(() => pointOf('--train-until', text, period))).toBe(true);
    },
  );
});

describe('splitWith', () => {
  const proposed = { trainUntil: period.start + 4 * day, calibrateUntil: period.start + 7 * day, guardMs: 1000 };

  it('keeps what was proposed and changes what was given', () => {
    expect(splitWith(proposed, period, {})).toEqual(proposed);
    expect(splitWith(proposed, period, { 'calibrate-until': '0.8' })).toEqual({
      ...proposed,
      calibrateUntil: period.start + 8 * day,
    });
  });

  it('calibrates on half of the rest where the training now ends after the proposed calibration', () => {
    expect(splitWith(proposed, period, { 'train-until': '0.8' })).toEqual({
      trainUntil: period.start + 8 * day,
      calibrateUntil: period.start + 9 * day,
      guardMs: 1000,
    });
  });

  it('refuses a calibration that ends before it starts', () => {
    expect(usage(() => splitWith(proposed, period, { 'train-until': '0.8', 'calibrate-until': '0.7' }))).toBe(true);
  });
});

describe('numbers and parameters', () => {
  it('reads whole numbers and seconds, and refuses the rest', () => {
    expect([wholeNumber('--seed', '7'), seconds('--merge-gap', '1.5')]).toEqual([7, 1500]);
    for (const text of ['', ' ', '-1', '1.5', 'x', '1e300']) expect(usage(() => wholeNumber('--seed', text))).toBe(true);
    for (const text of ['', '-1', 'x', 'Infinity']) expect(usage(() => seconds('--merge-gap', text))).toBe(true);
  });

  it('reads parameters as a JSON object of plain values', () => {
    expect(paramsOf('{"window": 24, "score": "paper", "flag": true}')).toEqual({ window: 24, score: 'paper', flag: true });
    for (const text of ['', '{', '[]', 'null', '5', '{"a": []}', '{"a": null}']) expect(usage(() => paramsOf(text))).toBe(true);
  });
});
