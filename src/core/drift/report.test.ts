import { expect, it } from 'vitest';
import { driftSentence, movedTags, type DriftTag, type RunDrift } from './report';

const hour = 3_600_000;
const tag = (channel: string, deviations: number, more: Partial<DriftTag> = {}): DriftTag => ({
  channel,
  unit: '°C',
  follows: true,
  halfLifeMs: hour,
  furthest: deviations / 2,
  last: 0,
  deviations,
  heldMs: 0,
  accepted: [],
  reached: false,
  ...more,
});
const report = (tags: DriftTag[], more: Partial<RunDrift> = {}): RunDrift => ({
  rule: { halfLifeMs: 6 * hour, holdMs: 96 * hour, reach: 10 },
  tags,
  lowered: null,
  effect: null,
  ...more,
});

it('names the tags that moved by a standard deviation or more, furthest first', () => {
  const tags = [tag('A', 1.5), tag('B', -4), tag('C', 0.9), tag('D', 2), tag('E', 3)];
  expect(movedTags(report(tags)).map(({ channel }) => channel)).toEqual(['B', 'E', 'D', 'A']);
  expect(driftSentence(report(tags), 2)).toBe(
    'Levels followed (half-life at most 6 h): B by up to −2.00 °C, E by up to +1.50 °C, 2 more.',
  );
  expect(driftSentence(report([tag('C', 0.9)]))).toBe('Levels followed (half-life at most 6 h): none moved.');
});

it('says first what it changed, and then what was taken as normal, where it ended and how far scores fell', () => {
  const tags = [tag('A', -10, { reached: true, accepted: [1, 2] })];
  const effect = {
    followed: { timeInEvents: 0.02, falseEvents: 3, caught: 4, labels: 5 },
    plain: { timeInEvents: 0.38, falseEvents: 7, caught: 4, labels: 5 },
  };
  expect(driftSentence(report(tags, { effect, lowered: 1.5 }))).toBe(
    'Test part without and with: in events 38 % → 2.0 % of the time, false events 7 → 3; caught 4 → 4 of 5. Levels followed (half-life at most 6 h): A by up to −5.00 °C. ' +
      '2 lasting shifts were taken as normal. Scores were lowered by up to 1.500. Came to the end of its reach: A.',
  );
});
