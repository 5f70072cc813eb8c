import { expect, it } from 'vitest';
import type { RunContext } from './detectors/detector';
import { robustZ } from './detectors/robust-z';
import type { Label } from './labels/label';
import { runPipeline } from './pipeline';
import { defaultPreparation } from './prepare/prepare';
import { defaultSplit } from './prepare/split';
import { randomFrom } from './random';

const run: RunContext = {
  random: randomFrom(1),
  tensorflow: () => Promise.reject(new Error('not used here')),
  fusedLstm: false,
  report: () => undefined,
  checkpoint: () => Promise.resolve(),
};

it('goes from rows to judged events, and learns nothing from what comes later', async () => {
  const random = randomFrom(11);
  const n = 4000;
  const minute = 60_000;
  const timestamps = Float64Array.from({ length: n }, (_, i) => i * minute);
  const faults = [
    [500, 520],
    [2000, 2030],
    [2900, 2920],
    [3500, 3540],
  ] as const;
  const inFault = (i: number): boolean => faults.some(([start, end]) => i >= start && i <= end);
  const series = {
    timestamps,
    channels: ['steady', 'faulty'],
    columns: [
      Float64Array.from({ length: n }, () => 50 + random.normal()),
      Float64Array.from({ length: n }, (_, i) => 1e6 + 20 * random.normal() + (inFault(i) ? 400 : 0)),
    ],
  };
  const labels: Label[] = faults.map(([start, end], k) => ({
    id: String(k),
    start: start * minute,
    end: end * minute,
    class: 'anomaly',
    comment: '',
    channels: [],
    origin: 'user',
  }));
  const split = defaultSplit(series, labels, 16);
  const result = await runPipeline(
    {
      series,
      labels,
      choices: defaultPreparation(series),
      split,
      detector: robustZ,
      params: { combine: 'max' },
      objective: { kind: 'f1' },
      minDurationMs: 0,
      mergeGapMs: 5 * minute,
    },
    run,
  );
  // 20 standard deviations stand clear of everything: every labelled fault is found as one event, and nothing else.
  expect(result.events).toHaveLength(4);
  result.events.forEach((event, k) => {
    expect([event.start, event.end]).toEqual([labels[k]!.start, labels[k]!.end]);
    expect(event.channels[0]!.channel).toBe('faulty');
    expect(event.channels[0]!.share).toBeGreaterThan(0.9);
  });
  expect(result.calibration).toMatchObject({ labels: 1, caught: 1, falseEvents: 0, f1: { value: 1 } });
  expect(result.test.caught).toBe(result.test.labels);
  expect(result.test.labels).toBeGreaterThan(0);
  expect(result.threshold.achieved).toBe(1);
  // The scaler saw normal rows of the train part only, or the faults of 400 units would have widened its 20.
  expect(result.preparation.scaler.std[1]).toBeGreaterThan(18);
  expect(result.preparation.scaler.std[1]).toBeLessThan(22);
});
