import { expect, it } from 'vitest';
import { metricSheet } from './sheet-of';
import { withheldSheet } from './withheld';

it('leaves no number of a part that may not be judged, and keeps what was set', () => {
  const sheet = metricSheet({
    timestamps: Float64Array.from({ length: 40 }, (_, i) => i * 60_000),
    score: Float64Array.from({ length: 40 }, (_, i) => (i * 7) % 11),
    labels: [{ id: '1', start: 1_500_000, end: 1_800_000, class: 'anomaly', comment: '', channels: [], origin: 'user' }],
    rule: { value: 8, minDurationMs: 0, mergeGapMs: 0 },
    vusBuffer: 6,
  });
  const { protocol, rows, labels, events, threshold, random, ...groups } = withheldSheet(sheet, 'seen before');
  expect({ rows, labels, events, threshold, random }).toEqual({
    rows: 40,
    labels: 1,
    events: sheet.events,
    threshold: 8,
    random: { draws: 20, seed: 1 },
  });
  expect(protocol).toBe(`${sheet.protocol}; seen before`);
  const numbers: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'number') numbers.push(path);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
  };
  walk(groups, '');
  expect(numbers).toEqual(['.range.alpha', '.vus.buffer', '.nab.probationRows', '.paperWindow.length']);
  expect(groups.paK.f1At['20']).toEqual({ value: null, reason: 'seen before' });
});
