import { describe, expect, it } from 'vitest';
import type { ParamSpec } from '../../../core/detectors/params';
import type { SweepRow } from '../../../core/sweep/sweep';
import { fixedParams, proposedText, readValues, spaceOf, sweepSize } from './sweep-form';
import { valueText } from '../../composables/format';
import { meanWithSpread, rankTexts, seedValues, settingText, standingText } from './sweep-rows';

const text = { title: '', help: '' };
const whole: ParamSpec = { ...text, kind: 'integer', default: 24, min: 2, max: 40, unit: 'samples' };
const number: ParamSpec = { ...text, kind: 'number', default: 0.001, min: 0.00001, max: 0.1, unit: '' };
const choice: ParamSpec = {
  ...text,
  kind: 'choice',
  default: 'max',
  choices: [
    { value: 'max', title: 'Largest' },
    { value: 'rms', title: 'Root of mean square' },
  ],
};
const flag: ParamSpec = { ...text, kind: 'flag', default: true };

describe('typed values', () => {
  it('are read with commas or blanks between them, each once', () => {
    expect(readValues('16, 24  24;32', whole)).toEqual({ values: [16, 24, 32], error: '' });
    expect(readValues('max rms', choice)).toEqual({ values: ['max', 'rms'], error: '' });
    expect(readValues('yes, false', flag)).toEqual({ values: [true, false], error: '' });
  });

  it('are refused with the reason', () => {
    expect(readValues('16, 50', whole).error).toBe('50 is not within 2 to 40');
    expect(readValues('1.5, 3', whole).error).toBe('1.5 is not a whole number');
    expect(readValues('16, x', whole).error).toBe('"x" is not a number');
    expect(readValues('16', whole).error).toBe('one value is no choice: type another one');
    expect(readValues('mean, max', choice).error).toBe('"mean" is none of max, rms');
    expect(readValues(' ', whole).error).toBe('type at least two values');
  });

  it('begin around the present value and stay within the range', () => {
    expect(proposedText(whole, 24)).toBe('12, 24, 40');
    expect(proposedText(number, 0.001)).toBe('0.0005, 0.001, 0.002');
    expect(proposedText(choice, 'max')).toBe('max, rms');
    expect(proposedText(flag, true)).toBe('false, true');
  });
});

describe('the size of a sweep', () => {
  it('multiplies the values; halving tries a third of them again on more data', () => {
    const space = { a: [1, 2, 3], b: [1, 2, 3] };
    expect(sweepSize(space, { method: 'grid', seeds: [1, 2] })).toEqual({ settings: 9, trials: 18 });
    // Nine settings on a ninth, three on a third, one on all: 13 trainings.
    expect(sweepSize(space, { method: 'halving', seeds: [1] })).toEqual({ settings: 9, trials: 13 });
    expect(sweepSize({}, { method: 'grid', seeds: [1] })).toEqual({ settings: 0, trials: 0 });
  });

  it('is not known while a value cannot be read', () => {
    expect(spaceOf({ window: '16, x' }, { window: whole })).toBeNull();
    expect(spaceOf({ window: '16, 32' }, { window: whole })).toEqual({ window: [16, 32] });
  });

  it('leaves the other parameters as they are', () => {
    expect(fixedParams({ window: 24, score: 'max' }, { window: [16, 32] })).toEqual({ score: 'max' });
  });
});

describe('rows of the result', () => {
  const row = (setting: number, mean: number | null, withinNoise: boolean, rung = 1): SweepRow => ({
    setting,
    params: { window: setting },
    rung,
    share: 1,
    mean: mean === null ? { value: null, reason: 'failed' } : { value: mean },
    std: 0.02,
    seeds: [1, 2],
    seconds: 1,
    withinNoise,
  });

  it('share their rank inside the noise; those given up have none', () => {
    const rows = [row(0, 0.7, true), row(1, 0.69, true), row(2, 0.5, false), row(3, null, false), row(4, 0.9, false, 0)];
    expect(rankTexts(rows)).toEqual(['1 to 2', '1 to 2', '3', '', '']);
    expect(rankTexts([row(0, 0.7, true), row(1, 0.5, false)])).toEqual(['1', '2']);
  });

  it('are called a draw, a lead without spread, or a lead', () => {
    const names = ['window'];
    expect(standingText([row(8, 0.7, true), row(16, 0.69, true)], names)).toContain('cannot be told from the best');
    expect(standingText([row(8, 0.7, true), row(16, 0.5, false)], names)).toBe('Ahead on these labels: window 8.');
    const still = [row(8, 0.7, true), row(16, 0.5, false)].map((r) => ({ ...r, std: 0 }));
    expect(standingText(still, names)).toContain('no spread to judge it by');
    expect(standingText([row(8, null, false), row(16, null, false)], names)).toBe('');
  });

  it('show one standard deviation to either side, and none for one seed', () => {
    const { interval } = meanWithSpread(row(0, 0.7, true));
    expect([interval.low, 'high' in interval && interval.high].map((v) => Number(v).toFixed(6))).toEqual(['0.680000', '0.720000']);
    expect(meanWithSpread({ mean: { value: 0.7 }, std: null }).interval).toEqual({ low: null, reason: 'one seed only' });
  });

  it('take the seeds of their own rung', () => {
    const trial = { params: {}, share: 1, seconds: 1, error: '' };
    const trials = [
      { ...trial, setting: 0, seed: 1, rung: 0, vusPr: { value: 0.1 } },
      { ...trial, setting: 0, seed: 1, rung: 1, vusPr: { value: 0.6 } },
      { ...trial, setting: 0, seed: 2, rung: 1, vusPr: { value: null, reason: 'x' } },
      { ...trial, setting: 1, seed: 1, rung: 1, vusPr: { value: 0.9 } },
    ] as const;
    expect(seedValues({ trials }, { setting: 0, rung: 1 })).toEqual([0.6]);
  });

  it('are written without needless digits', () => {
    expect([24, 0.00001, 0.5, 'max', true].map(valueText)).toEqual(['24', '0.00001', '0.5', 'max', 'true']);
    expect(settingText(['window', 'rate'], { window: 24, rate: 0.001 })).toBe('window 24, rate 0.001');
  });
});
