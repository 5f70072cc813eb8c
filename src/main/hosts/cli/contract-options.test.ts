import { describe, expect, it } from 'vitest';
import { isFaultline } from '../../../core/errors';
import type { Label } from '../../../core/labels/label';
import { testLabel } from '../../../core/labels/test-label';
import { readContract, readRule, withLabelIds, type ContractOptions } from './contract-options';

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (isFaultline(error, 'cli/usage')) return error.message;
    throw error;
  }
  return 'taken';
};

describe('options of the rule', () => {
  it('reads knobs, modes, suppression and what is searched', () => {
    expect(
      readRule({
        hysteresis: '0.3',
        'dead-time': '600',
        'mode-tag': 'speed',
        'mode-edges': '500,1200',
        suppress: ['FT-102:0.8:calibration: every Monday', 'ns=2;s=A:B:0.5'],
        search: 'min-duration, Merge-gap,hysteresis,dead-time',
      }),
    ).toEqual({
      hysteresis: 0.3,
      deadTimeMs: 600_000,
      modes: { channel: 'speed', edges: [500, 1200] },
      suppress: [
        { channel: 'FT-102', minShare: 0.8, reason: 'calibration: every Monday' },
        { channel: 'ns=2;s=A:B', minShare: 0.5, reason: '' },
      ],
      search: ['minDuration', 'mergeGap', 'hysteresis', 'deadTime'],
    });
    expect(readRule({})).toEqual({});
  });

  it('refuses what it cannot mean', () => {
    expect(refusal(() => readRule({ hysteresis: '-1' }))).toContain('--hysteresis must be a number of at least 0');
    expect(refusal(() => readRule({ 'mode-tag': 'speed' }))).toContain('belong together');
    for (const edges of ['500,400', '500,500', '', 'fast', '1,2,3,4,5,6,7,8,9']) {
      expect(refusal(() => readRule({ 'mode-tag': 'speed', 'mode-edges': edges }))).toContain('ascending numbers');
    }
    for (const text of ['FT-102', 'FT-102:2', 'FT-102:x', ':0.5']) {
      expect(refusal(() => readRule({ suppress: [text] }))).toContain('TAG:SHARE');
    }
    expect(refusal(() => readRule({ search: 'threshold' }))).toContain('min-duration, merge-gap, hysteresis, dead-time');
  });
});

describe('options of the contract', () => {
  const modes = { 'mode-tag': 'speed', 'mode-edges': '500' };

  it('reads a text or single options, and both say the same', () => {
    const text = readContract({
      ...modes,
      contract: '1 false event in 3 days, catch L-01, within 20 min, sure to 90 %, in mode 1',
    });
    const single = readContract({
      ...modes,
      'max-false': '1',
      'per-days': '3',
      'must-catch': 'L-01',
      within: '1200',
      confidence: '0.9',
      'in-mode': '1',
    });
    expect(text).toEqual({ falseEvents: 1, days: 3, confidence: 0.9, mustCatch: ['L-01'], withinMs: 1_200_000, mode: 1 });
    expect(single).toEqual(text);
    expect(readContract({ 'max-false': '2' })).toEqual({
      falseEvents: 2,
      days: 1,
      confidence: 0.95,
      mustCatch: 'all',
      withinMs: null,
      mode: null,
    });
    expect(readContract({})).toBe(undefined);
  });

  it('refuses what it cannot mean', () => {
    const cases: readonly [ContractOptions, string][] = [
      [{ contract: '1 false event in 3 days', within: '60' }, 'not both'],
      [{ within: '60' }, 'needs --max-false'],
      [{ 'max-false': 'few' }, '--max-false must be a number'],
      [{ 'max-false': '1', confidence: '95' }, 'confidence of a contract is 0.5 to 0.999'],
      [{ contract: 'be good' }, 'is not a promise'],
      [{ 'max-false': '1', 'in-mode': '1' }, 'needs --mode-tag'],
      [{ ...modes, 'max-false': '1', 'in-mode': '2' }, 'There is no mode 2'],
    ];
    for (const [given, words] of cases) expect(refusal(() => readContract(given))).toContain(words);
  });

  it('finds labels by the names that reports give them', () => {
    const label = (id: string, start: number): Label => testLabel({ id, start, end: start + 1 });
    const labels = [label('x', 20), label('y', 10)];
    const contract = readContract({ 'max-false': '1', 'must-catch': 'l-01,x' })!;
    expect(withLabelIds(contract, labels).mustCatch).toEqual(['y', 'x']);
    expect(refusal(() => withLabelIds({ ...contract, mustCatch: ['L-09'] }, labels))).toContain('There is: L-01, L-02');
  });
});
