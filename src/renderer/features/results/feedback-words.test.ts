import { expect, it } from 'vitest';
import type { FeedbackPreview } from '../../../contract/types';
import type { Evaluation } from '../../../core/metrics/evaluation';
import { changesOf } from './feedback-words';

const none = { value: null, reason: 'no label' } as const;
const evaluation = (caught: number, falseEvents: number): Evaluation =>
  ({
    labels: 3,
    caught,
    falseEvents,
    falseEventsPerDayUpper: { value: 0.4444 },
    medianDelayMs: none,
    f1: { value: 0.5 },
  }) as unknown as Evaluation;
const threshold = (value: number) => ({ value }) as FeedbackPreview['before']['threshold'];
const preview: FeedbackPreview = {
  labels: [],
  left: [],
  before: { threshold: threshold(3), evaluation: evaluation(1, 2) },
  after: { threshold: threshold(3.5), evaluation: evaluation(1, 0) },
  appear: [],
  vanish: [],
};

it('puts each figure before beside the one after', () => {
  expect(changesOf(preview).map((c) => [c.before, c.after, c.same])).toEqual([
    ['3.00', '3.50', false],
    ['1 of 3', '1 of 3', true],
    ['2', '0', false],
    ['0.444', '0.444', true],
    ['–', '–', true],
    ['0.500', '0.500', true],
  ]);
});
it('has a dash where no threshold can be chosen', () => {
  const changes = changesOf({ ...preview, after: { threshold: null, reason: 'all are normal' } });
  expect(changes[0]).toMatchObject({ before: '3.00', after: '–' });
});
