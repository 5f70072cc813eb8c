import { expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { feedbackOf, isFalseAlarmLabel, onlyIn, type ReviewedEvent } from './feedback';

const event = (start: number, end: number, over: Partial<ReviewedEvent>): ReviewedEvent => ({
  id: `id-${start}`,
  name: `E-${start}`,
  start,
  end,
  part: 'calibration',
  review: 'new',
  comment: '',
  ...over,
});
const label = (start: number, end: number, kind: Label['class']): Label => testLabel({ id: `${start}`, start, end, class: kind });
const calibration = { start: 100, end: 200 };
const reasons = (events: readonly ReviewedEvent[], labels: readonly Label[] = []) =>
  feedbackOf(events, labels, calibration).left.map(({ eventName, reason }) => `${eventName} ${reason}`);

it('makes an anomaly of a confirmed event and normal time of a false alarm, over the event', () => {
  const events = [
    event(110, 120, { review: 'confirmed', comment: 'seal leaked' }),
    event(130, 140, { review: 'false-alarm' }),
    event(150, 160, { review: 'investigating' }),
  ];
  const { labels, left } = feedbackOf(events, [label(150, 160, 'anomaly')], calibration);
  expect(labels).toEqual([
    { eventId: 'id-110', eventName: 'E-110', start: 110, end: 120, class: 'anomaly', comment: 'E-110 confirmed: seal leaked' },
    { eventId: 'id-130', eventName: 'E-130', start: 130, end: 140, class: 'normal', comment: 'E-130 false alarm' },
  ]);
  expect(left).toEqual([]);
});

it('takes nothing from the test part, the guard gap or the train part', () => {
  const given = (part: ReviewedEvent['part']) => reasons([event(110, 120, { part, review: 'confirmed' })])[0];
  expect(given('test')).toContain('lies in the test part');
  expect(given('guard')).toContain('guard gap');
  expect(given('train')).toContain('train part');
  // Its highest score lies in the calibration part, its end does not.
  expect(reasons([event(190, 201, { review: 'confirmed' })])[0]).toContain('reaches beyond the calibration part');
  expect(feedbackOf([event(110, 120, { review: 'confirmed' })], [], null).labels).toEqual([]);
});

it('leaves what the labels say already, contradicts none, and leaves known causes', () => {
  expect(reasons([event(110, 120, { review: 'confirmed' })], [label(120, 130, 'anomaly')])[0]).toContain('there already');
  expect(reasons([event(110, 120, { review: 'false-alarm' })], [label(120, 130, 'anomaly')])[0]).toContain('one of the two');
  expect(reasons([event(110, 120, { review: 'false-alarm' })], [label(105, 120, 'normal')])[0]).toContain('normal already');
  expect(reasons([event(110, 120, { review: 'known-cause' })])[0]).toContain('known cause');
});

it('knows the label of a false alarm, which is no sample of normal scores', () => {
  const { labels } = feedbackOf([event(130, 140, { review: 'false-alarm', comment: 'sun on the sensor' })], [], calibration);
  expect(labels.map(isFalseAlarmLabel)).toEqual([true]);
  expect(isFalseAlarmLabel({ class: 'normal', comment: 'a good week' })).toBe(false);
});

it('tells which events appear and which go', () => {
  const before = [
    { start: 1, end: 2 },
    { start: 5, end: 9 },
  ];
  const after = [{ start: 9, end: 12 }];
  expect(onlyIn(before, after)).toEqual([{ start: 1, end: 2 }]);
  expect(onlyIn(after, before)).toEqual([]);
});
