import { expect, it } from 'vitest';
import { sampleCounter, sampleCurve } from './curves';
import { labels, scores } from './test-scores';

it('draws precision, recall and false share by hand-counted samples', () => {
  // Labelled rows: 9 (1), 10 11 12 (5), 30 (1), 31 (3). At 5: 3 of 3 right, recall 3/6. At 3: rows 10-12, 31 right, 20 wrong: 4/5, 4/6.
  const points = sampleCurve(scores, labels);
  expect(points.map((p) => [p.threshold, p.precision, p.recall, p.falseShare])).toEqual([
    [5, 1, 0.5, 0],
    [3, 0.8, 4 / 6, 1 / 42],
    [1, 6 / 48, 1, 1],
  ]);
  expect(sampleCurve(scores, [])).toEqual([]);
});

it('counts samples above the threshold of their mode', () => {
  const rule = { value: 3.5, minDurationMs: 0, mergeGapMs: 0 };
  expect(sampleCounter(scores, labels)(rule)).toEqual({ anomaliesAbove: 3, normalsAbove: 1, anomalies: 6, normals: 42 });
  // Mode 1 from 20 h on with a threshold of 4.5: the sample of 20 h no longer counts.
  const rows = Uint8Array.from({ length: 48 }, (_, h) => (h >= 20 ? 1 : 0));
  const modes = { channel: 'speed', edges: [1] };
  const count = sampleCounter({ ...scores, modes: { rule: modes, rows } }, labels);
  expect(count({ ...rule, modes: { ...modes, values: [null, 4.5] } })).toMatchObject({ anomaliesAbove: 3, normalsAbove: 0 });
});
