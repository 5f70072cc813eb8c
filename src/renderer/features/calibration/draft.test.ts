import { describe, expect, it } from 'vitest';
import type { ThresholdChoice } from '../../../core/thresholds/threshold';
import { firstContract, sameChoice, saveBody, withContract, withRule, withoutMode } from './draft';

const choice: ThresholdChoice = {
  value: 3.42,
  minDurationMs: 720_000,
  mergeGapMs: 1_800_000,
  hysteresis: 0.3,
  deadTimeMs: 60_000,
  modes: { channel: 'speed', edges: [100], values: [null, 3.1] },
  suppress: [{ channel: 'FT-102', minShare: 0.6, reason: 'calibrated every Monday' }],
  contract: { ...firstContract(15), mustCatch: ['a', 'b'], withinMs: 10_800_000 },
  objective: { kind: 'contract' },
  from: 'the contract',
  achieved: 0.1,
};

it('begins with a contract that the data can show', () => {
  // Exact Poisson limit of one event seen: 4.744. 14.3 days / 4.744 = 3.01.
  expect(firstContract(14.3)).toMatchObject({ falseEvents: 1, days: 3 });
  expect(firstContract(10.7).days).toBe(2);
  expect(firstContract(0.2).days).toBe(1);
  expect(firstContract(900).days).toBe(30);
});

describe('draft of a threshold', () => {
  it('is saved whole: every knob, modes, rules that hide, contract', () => {
    expect(saveBody({ ...choice, calibratedOn: { start: 0, end: 1 } }, 'r')).toEqual({ runId: 'r', ...choice });
  });
  it('leaves out what is not set', () => {
    const plain: ThresholdChoice = {
      ...choice,
      hysteresis: 0,
      deadTimeMs: undefined,
      modes: undefined,
      suppress: [],
      contract: undefined,
    };
    expect(Object.keys(saveBody(plain, 'r')).sort()).toEqual(
      ['achieved', 'from', 'mergeGapMs', 'minDurationMs', 'objective', 'runId', 'value'].sort(),
    );
  });
  it('is set by hand once a knob is turned, and keeps the contract', () => {
    expect(withRule(choice, { value: 3 })).toMatchObject({
      value: 3,
      objective: { kind: 'manual' },
      achieved: null,
      contract: choice.contract,
    });
  });
  it('is no longer chosen by a contract that changed', () => {
    expect(withContract(choice, { ...firstContract(15) }).objective).toEqual({ kind: 'manual' });
    expect(withContract({ ...choice, objective: { kind: 'f1' } }, null)).toMatchObject({
      objective: { kind: 'f1' },
      contract: undefined,
    });
  });
  it('is the same when it detects and promises the same', () => {
    expect(sameChoice(choice, { ...choice, from: 'x', objective: { kind: 'manual' } })).toBe(true);
    expect(sameChoice({ ...choice, hysteresis: 0 }, { ...choice, hysteresis: undefined })).toBe(true);
    expect(sameChoice(choice, { ...choice, contract: { ...choice.contract!, days: 4 } })).toBe(false);
    expect(sameChoice(choice, { ...choice, modes: { ...choice.modes!, values: [null, 3.2] } })).toBe(false);
    // Stored and read again: keys in another order.
    const { mustCatch, ...rest } = choice.contract!;
    expect(sameChoice(choice, { ...choice, contract: { mustCatch, ...rest } })).toBe(true);
  });
  it('counts all time when the mode it names is gone', () => {
    expect(withoutMode({ ...firstContract(15), mode: 2 }, 2)?.mode).toBeNull();
    expect(withoutMode({ ...firstContract(15), mode: 1 }, 2)?.mode).toBe(1);
  });
});
