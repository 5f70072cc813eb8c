import { describe, expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { evaluate } from '../metrics/evaluate';
import { randomFrom, type Random } from '../random';
import { labelsKnownBy, partAt, testView, type RunParts } from './seen';
import { partSpan, rowsOfPart } from './split';
import { normalScoresOf, suggestThreshold } from '../thresholds/suggest';
import type { Objective } from '../thresholds/threshold';

const label = (start: number, end: number, kind: Label['class'] = 'anomaly', id = `${start}`): Label =>
  testLabel({ id, start, end, class: kind });
const times = Float64Array.from({ length: 40 }, (_, i) => i);
const scores = Float32Array.from({ length: 40 }, (_, i) => i % 7);

/** A carried threshold: all of the run is test, but rows 10 to 19 chose it. */
const parts: RunParts = {
  split: { trainUntil: -4, calibrateUntil: -2, guardMs: 2 },
  seen: [{ start: 10, end: 20, by: 'calibration' }],
};
const calibratedOn = { start: 10, end: 19 };

describe('the test part of a run with time that was seen', () => {
  it('has neither the seen rows nor the gap around them', () => {
    const view = testView(parts, times, scores, [], calibratedOn);
    const left = [...times].filter((_, i) => Number.isNaN(view.score[i]!));
    // 10 to 19, and 2 on each side.
    expect(left).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    expect(view).toMatchObject({ left: 14, refused: null, range: { start: 0, end: 40 } });
    expect(scores.every((s) => !Number.isNaN(s))).toBe(true);
  });

  it('begins after the seen time where that comes first', () => {
    const early = { ...parts, seen: [{ start: 0, end: 20, by: 'calibration' as const }] };
    expect(testView(early, times, scores, [], { start: 0, end: 19 }).range).toEqual({ start: 22, end: 40 });
  });

  it('is refused with the reason when all of it was seen', () => {
    const all = { ...parts, seen: [{ start: 0, end: 40, by: 'calibration' as const }] };
    expect(testView(all, times, scores, [], { start: 0, end: 39 }).refused).toBe('the threshold has seen this time');
    const trained = { ...parts, seen: [{ start: 0, end: 40, by: 'train' as const }] };
    expect(testView(trained, times, scores, [], undefined).refused).toBe('the model was trained on this time');
  });

  it('masks an anomaly that reaches into the time that chose the threshold, and nothing else', () => {
    const labels = [label(19, 30), label(19, 30, 'normal', 'n'), label(33, 35)];
    expect(testView(parts, times, scores, labels, calibratedOn).labels.map((one) => one.class)).toEqual([
      'ignore',
      'normal',
      'anomaly',
    ]);
  });

  it('is the given data where nothing was seen', () => {
    const split = { trainUntil: 8, calibrateUntil: 20, guardMs: 2 };
    const own = { split, seen: [{ start: 10, end: 20, by: 'calibration' as const }] };
    const view = testView(own, times, scores, [], calibratedOn);
    expect(view.score).toBe(scores);
    expect(view).toMatchObject({ range: partSpan(split, 'test'), left: 0, refused: null });
  });

  it('agrees with the part that an event is shown in', () => {
    const view = testView(parts, times, scores, [], calibratedOn);
    for (const time of times) expect(partAt(parts, time) === 'test').toBe(!Number.isNaN(view.score[time]!));
    expect(partAt(parts, 12)).toBe('calibration');
    expect(partAt(parts, 21)).toBe('guard');
  });
});

describe('labels that a threshold may see', () => {
  it('end with the calibration part', () => {
    const known = labelsKnownBy([label(1, 5), label(8, 12), label(18, 30), label(25, 28)], { start: 10, end: 20 });
    expect(known.map(({ start, end }) => [start, end])).toEqual([
      [8, 12],
      [18, 20],
    ]);
  });
});

/** Rows on a grid with a few labels anywhere, cut into three parts. */
function anyRun(random: Random): {
  readonly timestamps: Float64Array;
  readonly score: Float32Array;
  readonly labels: readonly Label[];
  readonly split: RunParts['split'];
} {
  const n = 120;
  const timestamps = Float64Array.from({ length: n }, (_, i) => i * 10);
  const labels = Array.from({ length: 2 + random.int(5) }, (_, k) => {
    const start = random.int(n) * 10;
    return label(start, start + random.int(15) * 10, 'anomaly', `${k}`);
  });
  // One in the middle of the calibration part, so that F1 has something to go by.
  labels.push(label(550, 600, 'anomaly', 'sure'));
  const score = Float32Array.from(timestamps, (t) =>
    random.int(15) === 0 ? NaN : random.next() + (labels.some((l) => t >= l.start && t <= l.end) ? random.next() : 0),
  );
  return { timestamps, score, labels, split: { trainUntil: 400, calibrateUntil: 800, guardMs: 10 * random.int(6) } };
}

/** Labels of the test part exchanged for others; those that reach into it from before end or go on as chance has it. */
function otherTestLabels(labels: readonly Label[], split: RunParts['split'], last: number, random: Random): Label[] {
  const classes = ['anomaly', 'normal', 'mode-change', 'instrument', 'ignore'] as const;
  const kept = labels
    .filter(({ start }) => start <= last)
    .map((one) => (one.end > last ? { ...one, end: last + random.int(300) } : one));
  const others = Array.from({ length: random.int(6) }, (_, k) => {
    const start = split.calibrateUntil + split.guardMs + random.int(300);
    return label(start, start + random.int(100), classes[random.int(5)]!, `other ${k}`);
  });
  return [...kept, ...others];
}

const objectives: readonly Objective[] = [{ kind: 'f1' }, { kind: 'events-per-day', limit: 2000 }, { kind: 'quantile', q: 0.9 }];

it('keeps every suggestion the same, whatever the labels of the test part say', () => {
  const random = randomFrom(20261122);
  for (let round = 0; round < 60; round++) {
    const { timestamps, score, labels, split } = anyRun(random);
    const rows = rowsOfPart(timestamps, split, 'calibration');
    const own = timestamps.subarray(rows.start, rows.end);
    const ownScore = score.subarray(rows.start, rows.end);
    const time = { start: own[0]!, end: own.at(-1)! };
    const suggest = (given: readonly Label[]) => {
      const known = labelsKnownBy(given, time);
      const input = {
        timestamps: own,
        score: ownScore,
        labels: known,
        ...normalScoresOf(own, ownScore, known, new Float32Array()),
        minDurationMs: 0,
        mergeGapMs: 20,
      };
      return objectives.map((objective) => suggestThreshold(objective, input));
    };
    expect(suggest(otherTestLabels(labels, split, time.end, random))).toEqual(suggest(labels));
  }
});

it('never lets a row that was seen count in the test', () => {
  const random = randomFrom(7);
  for (let round = 0; round < 60; round++) {
    const { timestamps, score, labels, split } = anyRun(random);
    const from = random.int(1100);
    const calibrated = { start: from, end: from + random.int(400) };
    const run: RunParts = {
      split: { trainUntil: -2 * split.guardMs, calibrateUntil: -split.guardMs, guardMs: split.guardMs },
      seen: [{ start: calibrated.start, end: calibrated.end + 1, by: 'calibration' }],
    };
    const judge = (given: Float32Array) => {
      const view = testView(run, timestamps, given, labels, calibrated);
      if (view.refused !== null) return view.refused;
      const rule = { value: 1, minDurationMs: 0, mergeGapMs: 0 };
      return evaluate({ timestamps, score: view.score, labels: view.labels, rule, range: view.range });
    };
    const changed = score.map((s, i) =>
      timestamps[i]! >= calibrated.start && timestamps[i]! <= calibrated.end && !Number.isNaN(s) ? 9 * random.next() : s,
    );
    expect(judge(changed)).toEqual(judge(score));
  }
});
