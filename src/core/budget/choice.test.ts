import { expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { suggestThreshold, type SuggestInput } from '../thresholds/suggest';
import type { EventContract } from './contract';

const hour = 3_600_000;
const label: Label = { id: 'a', start: 100 * hour, end: 110 * hour, class: 'anomaly', comment: '', channels: [], origin: 'user' };
const contract: EventContract = { falseEvents: 1, days: 10, confidence: 0.95, mustCatch: ['a'], withinMs: 3 * hour, mode: null };

/** 40 days by the hour: 1 in normal time, 9 in the label two hours after its start. */
function input(over: Partial<SuggestInput> = {}): SuggestInput {
  const timestamps = Float64Array.from({ length: 960 }, (_, i) => i * hour);
  const score = Float32Array.from({ length: 960 }, (_, i) => (i >= 102 && i <= 110 ? 9 : 1));
  const names = new Map([['a', 'L-01']]);
  return {
    timestamps,
    score,
    labels: [label],
    normal: score,
    normalFrom: 'test',
    minDurationMs: 0,
    mergeGapMs: 0,
    contract,
    names,
    ...over,
  };
}

it('is the setting that keeps the contract, with the contract, and says what binds', () => {
  const choice = suggestThreshold({ kind: 'contract' }, input());
  expect(choice).toMatchObject({ objective: { kind: 'contract' }, contract, minDurationMs: 0, mergeGapMs: 0 });
  expect(choice.value).toBeGreaterThan(1);
  expect(choice.value).toBeLessThan(9);
  // No false event in 39.54 normal days: 2.9957 / 39.54 = 0.0758 of 0.1 a day; 2 of 3 hours.
  expect(choice.achieved).toBeCloseTo(0.0758, 4);
  expect(choice.from).toMatch(
    /^Keeps the contract on the calibration part: threshold .* What binds is the false events; at most 0\.0758/,
  );
});

it('is the nearest setting where nothing keeps it, and says so', () => {
  const choice = suggestThreshold({ kind: 'contract' }, input({ contract: { ...contract, withinMs: hour } }));
  expect(choice.from).toMatch(/^No setting tried keeps the contract .* does not keep the time to find L-01;/);
});

it('keeps the edges of the modes that the contract speaks of, with one threshold for all', () => {
  const rows = Uint8Array.from({ length: 960 }, (_, i) => (i < 100 ? 0 : 1));
  const modes = { rule: { channel: 'speed', edges: [500] }, rows };
  const choice = suggestThreshold({ kind: 'contract' }, input({ contract: { ...contract, mode: 1 }, modes }));
  expect(choice.modes).toEqual({ channel: 'speed', edges: [500], values: [null, null] });
});

it('refuses to go on without a contract, and without the labels that it asks for', () => {
  const suggest = (over: Partial<SuggestInput>) => () => suggestThreshold({ kind: 'contract' }, input(over));
  expect(suggest({ contract: undefined })).toThrow(expect.objectContaining({ code: 'threshold/bad-objective' }));
  expect(suggest({ labels: [] })).toThrow(expect.objectContaining({ code: 'threshold/no-labels' }));
  expect(suggest({ labels: [], contract: { ...contract, mustCatch: [], withinMs: null } })).not.toThrow();
});
