import { expect, it } from 'vitest';
import type { EventContract } from '../../core/budget/contract';
import type { Label } from '../../core/labels/label';
import { testLabel } from '../../core/labels/test-label';
import { judgeRun, type JudgedThreshold, type JudgeInput } from './judge-run';

const hour = 3_600_000;
const day = 24 * hour;
/** Hourly rows over 40 days; calibration from day 10 to 20, guard of 6 h, test from then on. */
const timestamps = Float64Array.from({ length: 40 * 24 }, (_, i) => i * hour);
const split = { trainUntil: 10 * day - 6 * hour, calibrateUntil: 20 * day, guardMs: 6 * hour };
const label = (id: string, start: number, hours: number): Label => testLabel({ id, start, end: start + hours * hour });
const high = (...times: readonly number[]): Float32Array => Float32Array.from(timestamps, (t) => (times.includes(t) ? 9 : 1));
const contract: EventContract = { falseEvents: 1, days: 3, confidence: 0.95, mustCatch: 'all', withinMs: 2 * hour, mode: null };
const threshold: JudgedThreshold = {
  value: 5,
  minDurationMs: 0,
  mergeGapMs: 0,
  objective: { kind: 'f1' },
  calibratedOn: { start: 10 * day, end: 20 * day - hour },
  contract,
};
const judge = (over: Partial<JudgeInput> & Pick<JudgeInput, 'rows'>) =>
  judgeRun({ labels: [], threshold, parts: { split, seen: [] }, warmUpRows: 0, ...over });

it('checks the contract with the events that are shown, each part by its own', () => {
  const labels = [label('a', 12 * day, 4), label('b', 30 * day, 4)];
  // Caught after an hour; a false event in calibration; in the test the label after 3 h and two false events within 3 days.
  const score = high(12 * day + hour, 15 * day, 30 * day + 3 * hour, 25 * day, 26 * day);
  const { contract: state, test, calibration } = judge({ rows: { timestamps, score }, labels });
  expect([calibration.falseEvents, test.falseEvents]).toEqual([1, 2]);
  // One false event in 10 days of normal time: Garwood's limit 4.744 / 9.8 d is above 1 in 3 days.
  expect(state!.calibration.terms.map(({ kept }) => kept)).toEqual([false, true, true]);
  expect(state!.test.terms.map(({ kept }) => kept)).toEqual([false, true, false]);
  // The second false event, on day 26, is one too many within 3 days; the late label follows on day 30.
  expect(state!.test.brokenSince).toBe(26 * day);
});

it('leaves what a suppression rule hides out of events, judgement and contract, and counts it', () => {
  const score = high(25 * day, 26 * day);
  const rows = { timestamps, score, byChannel: new Float32Array(timestamps.length).fill(1), channels: ['FT-102'] };
  const suppress = [{ channel: 'FT-102', minShare: 0.5, reason: 'calibration' }];
  const found = judge({ rows, threshold: { ...threshold, suppress } });
  expect(found.events).toEqual([]);
  expect(found.hidden.map(({ start, by }) => [start / day, by])).toEqual([
    [25, 'suppression'],
    [26, 'suppression'],
  ]);
  expect(found.test).toMatchObject({ falseEvents: 0, hidden: 2 });
  expect(found.contract!.test.brokenSince).toBeNull();
});

it('shows no test metric and no state of the contract for time that the threshold has seen', () => {
  const parts = {
    split: { ...split, trainUntil: -12 * hour, calibrateUntil: -6 * hour },
    seen: [{ start: 0, end: 40 * day, by: 'calibration' as const }],
  };
  const carried: JudgedThreshold = { ...threshold, objective: { kind: 'carried' }, calibratedOn: { start: 0, end: 40 * day } };
  const {
    test,
    events,
    contract: state,
  } = judge({
    rows: { timestamps, score: high(25 * day) },
    labels: [label('b', 25 * day, 4)],
    threshold: carried,
    parts,
  });
  expect(events).toHaveLength(1);
  const metrics = Object.entries(test).filter(([, entry]) => typeof entry === 'object');
  expect(metrics.length).toBeGreaterThan(10);
  for (const [, metric] of metrics) expect(metric).toEqual({ value: null, reason: 'the threshold has seen this time' });
  expect(test).toMatchObject({ rows: 0, labels: 0, caught: 0, events: 0, falseEvents: 0 });
  expect(state!.test).toMatchObject({ kept: null, brokenSince: null });
  expect(state!.test.terms.map(({ text }) => text)).toEqual(Array(3).fill('Cannot be told: the threshold has seen this time.'));
});

it('does not count the event of an anomaly whose label the threshold has seen', () => {
  // The label begins in the calibration part and goes on to day 22.
  const long = label('long', 19 * day, 72);
  const score = high(21 * day, 30 * day);
  const { test } = judge({ rows: { timestamps, score }, labels: [long, label('b', 30 * day, 4)] });
  expect(test).toMatchObject({ labels: 1, caught: 1, falseEvents: 0 });
});
