import { expect, it } from 'vitest';
import { operatorLoad } from './load';
import { allowancePhrase, describeContract, modePhrase } from './words';

const contract = { falseEvents: 1, days: 3, confidence: 0.95, mustCatch: ['a', 'b'], withinMs: 10_800_000, mode: 1 };
const names = new Map([
  ['a', 'L-03'],
  ['b', 'L-06'],
]);

it('says a contract as one sentence', () => {
  expect(describeContract(contract, names, 'running')).toBe(
    'While running at most 1 false event in 3 days, sure to 95 %; must catch L-03 and L-06; each within 3 h.',
  );
  expect(describeContract({ ...contract, mode: null, mustCatch: 'all', withinMs: null })).toBe(
    'At most 1 false event in 3 days, sure to 95 %; must catch every labelled anomaly.',
  );
  expect(describeContract({ ...contract, mustCatch: ['a'] }, names)).toBe(
    'In mode 1 at most 1 false event in 3 days, sure to 95 %; must catch L-03; within 3 h.',
  );
  const modes = { channel: 'speed', edges: [500, 1200] };
  expect([0, 1, 2].map((mode) => modePhrase(modes, mode))).toEqual(['speed < 500', 'speed 500 to 1,200', 'speed >= 1,200']);
  expect(allowancePhrase({ falseEvents: 0, days: 1 })).toBe('no false events in 1 day');
  expect(allowancePhrase({ falseEvents: 2, days: 0.5 })).toBe('2 false events in 0.5 days');
});

it('weighs the events that an operator has to look at', () => {
  // 5 events in 27.9 days of the calibration page.
  expect(operatorLoad(5, 27.9)).toMatchObject({ budgetPerDay: 1, ceilingPerDay: 144, within: true });
  expect(operatorLoad(5, 27.9).eventsPerDay).toBeCloseTo(0.1792, 4);
  expect(operatorLoad(288, 1)).toMatchObject({ ofBudget: 288, ofCeiling: 2, within: false });
  expect(operatorLoad(3, 0)).toMatchObject({ eventsPerDay: null, ofBudget: null, ofCeiling: null, within: null });
});
