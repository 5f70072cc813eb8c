import type { Label } from '../../src/core/labels/label';
import { vus } from '../../src/core/metrics/rank';
import { metricSheet } from '../../src/core/metrics/sheet-of';
import { randomFrom } from '../../src/core/random';
import { medianMs } from '../median';

/**
 * Every metric of a sheet over 200,000 samples with fifty labelled anomalies, buffer and window 100. Medians of five runs in milliseconds.
 */
const n = 200_000;
const random = randomFrom(1);
const timestamps = Float64Array.from({ length: n }, (_, i) => i * 1000);
const anomalous = (i: number): boolean => i % 4000 >= 3800;
const score = Float64Array.from(timestamps, (_, i) => random.normal() + (anomalous(i) ? 1.5 : 0));
const labels: Label[] = Array.from({ length: n / 4000 }, (_, k) => ({
  id: String(k),
  start: (k * 4000 + 3800) * 1000,
  end: (k * 4000 + 3999) * 1000,
  class: 'anomaly',
  comment: '',
  channels: [],
  origin: 'bench',
}));
const rule = { value: 2.5, minDurationMs: 0, mergeGapMs: 0 };

export function main(): void {
  const truth = Uint8Array.from(score, (_, i) => (anomalous(i) ? 1 : 0));
  const rows: readonly (readonly [string, () => unknown])[] = [
    ['VUS-ROC and VUS-PR', () => vus({ score, truth }, 100)],
    ['the whole sheet, 20 random draws', () => metricSheet({ timestamps, score, labels, rule, vusBuffer: 100 })],
    ['the whole sheet, no threshold', () => metricSheet({ timestamps, score, labels, rule: null, vusBuffer: 100 })],
  ];
  for (const [name, work] of rows) console.log(`${name}: ${medianMs(work).toFixed(0)} ms`);
}
