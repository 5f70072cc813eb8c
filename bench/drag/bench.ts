import { eventRows } from '../../src/core/events/events';
import type { Label } from '../../src/core/labels/label';
import { evaluate, evaluator } from '../../src/core/metrics/evaluate';
import { vus } from '../../src/core/metrics/rank';
import { randomFrom } from '../../src/core/random';
import { medianMs } from '../median';

/**
 * What happens on every frame while a threshold is dragged, over a million samples. Each line is the median of five runs in
 * milliseconds, and its ratio to a named peer measured in the same run: one plain pass over the scores, which nothing can beat.
 */
const n = 1_000_000;
const random = randomFrom(1);
const timestamps = Float64Array.from({ length: n }, (_, i) => i * 1000);
const score = Float32Array.from(timestamps, () => random.next());
const labels: Label[] = Array.from({ length: 20 }, (_, i) => ({
  id: String(i),
  start: i * 40_000_000,
  end: i * 40_000_000 + 3_000_000,
  class: 'anomaly',
  comment: '',
  channels: [],
  origin: 'bench',
}));
const rule = { value: 0.999, minDurationMs: 0, mergeGapMs: 0 };

function countAbove(): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (score[i]! >= rule.value) count++;
  return count;
}

export function main(): void {
  const judge = evaluator({ timestamps, score, labels });
  const pass = medianMs(countAbove);
  const rows: readonly (readonly [string, () => unknown])[] = [
    ['find the events', () => eventRows(timestamps, score, rule)],
    ['judge another threshold', () => judge(rule)],
    ['judge from scratch (once a part)', () => evaluate({ timestamps, score, labels, rule })],
    [
      'VUS-PR of 200,000 rows, 100 buffers',
      () =>
        vus(
          {
            score: score.subarray(0, 200_000),
            truth: Uint8Array.from(timestamps.subarray(0, 200_000), (t) => (t % 4e6 < 2e5 ? 1 : 0)),
          },
          100,
        ),
    ],
  ];
  console.log(`one plain pass over ${n} scores: ${pass.toFixed(2)} ms`);
  for (const [name, work] of rows) {
    const ms = medianMs(work);
    console.log(`${name}: ${ms.toFixed(1)} ms, ${(ms / pass).toFixed(1)} x the pass`);
  }
}
