import { describe, expect, it } from 'vitest';
import type { Label } from '../labels/label';
import { randomFrom } from '../random';
import type { PreparedSeries } from '../prepare/prepared';
import type { Objective, ThresholdChoice } from '../thresholds/threshold';
import { oneLinerScores } from './one-liners';
import { referee, type OneLinerScores, type Refereed } from './referee';
import { oneLinerIds, type OneLinerId, type PairedDifference } from './report';
import { differenceText, standingOf, verdictOf } from './standing';

const step = 60_000;
const rows = { train: 1000, calibration: 1000, test: 3000 };
const n = rows.train + rows.calibration + rows.test;
const time = (row: number): number => row * step;

interface Made {
  readonly labels: readonly Label[];
  readonly prepared: PreparedSeries;
  readonly truth: Uint8Array;
}

/** One noisy tag; each anomaly lifts it by `lift` standard deviations for 40 rows. */
function make(anomalies: readonly number[], lift: number): Made {
  const random = randomFrom(2);
  const truth = new Uint8Array(n);
  for (const start of anomalies) truth.fill(1, start, start + 40);
  const values = Float32Array.from(truth, (y) => random.normal() + lift * y);
  const labels = anomalies.map((start, i): Label => ({
    id: `L${i}`,
    start: time(start),
    end: time(start + 39),
    class: 'anomaly',
    comment: '',
    channels: [],
    origin: 'user',
  }));
  const timestamps = Float64Array.from({ length: n }, (_, i) => time(i));
  return { labels, truth, prepared: { timestamps, values, channels: ['T'], segments: [{ start: 0, end: n }], stepMs: step } };
}

function run(made: Made, score: Float32Array, objective: Objective = { kind: 'f1' }, value = 0.5): Refereed {
  const { timestamps } = made.prepared;
  const train = { ...made.prepared, segments: [{ start: 0, end: rows.train }] };
  const cut = <T extends Float32Array | Float64Array>(of: T, from: number, to: number): T => of.slice(from, to) as T;
  const all = oneLinerScores(
    made.prepared,
    { ...train, values: train.values.slice(0, rows.train), timestamps: cut(timestamps, 0, rows.train) },
    24,
  );
  const [from, to] = [rows.train, rows.train + rows.calibration];
  const threshold: ThresholdChoice = { value, minDurationMs: 0, mergeGapMs: 12 * step, objective, from: 'test', achieved: null };
  return referee({
    title: 'Detector',
    part: 'test part',
    rows: { timestamps, score },
    detectedOn: { timestamps, score },
    labels: made.labels,
    range: { start: time(to), end: Infinity },
    threshold,
    calibration: {
      timestamps: cut(timestamps, from, to),
      score: cut(score, from, to),
      labels: made.labels.filter(({ end }) => end < time(to)),
    },
    oneLiners: Object.fromEntries(
      oneLinerIds.map((id) => [id, { run: all[id], calibration: cut(all[id], from, to), train: cut(all[id], 0, from) }]),
    ) as Record<OneLinerId, OneLinerScores>,
    buffer: 24,
    random: randomFrom(1),
    engine: 'cpu',
  });
}

const inCalibration = [1200, 1600];
const inTest = [2100, 2500, 2900, 3300, 3700, 4100, 4500];

describe('referee', () => {
  const made = make([...inCalibration, ...inTest], 2);
  const knowing = Float32Array.from(made.truth, (y, i) => y + (i % 7) / 100);

  it('says by how much a detector that knows the labels beats the best one-liner', () => {
    const { report } = run(made, knowing);
    expect(report.standing).toBe('ahead');
    expect(report.verdict).toMatch(
      /^Detector beats the best one-liner \((robust z|largest z|moving range|moving standard deviation)\) by \+0\.\d\d VUS-PR \(95 % interval 0\.\d\d to 0\.\d\d, 7 events\)\.$/,
    );
    expect(report.detector).toMatchObject({ caught: 7, labels: 7, falseEventsPerDay: { value: 0 }, f1: { value: 1 } });
    expect(report.oracle.f1).toEqual({ value: 1 });
  });

  it('is fair to the one-liners: the best of the six by VUS-PR, each with a threshold of its own', () => {
    const { report } = run(made, knowing);
    const oneLiners = report.rows.filter(({ id }) => (oneLinerIds as readonly string[]).includes(id));
    expect(oneLiners.map(({ id }) => id)).toEqual([...oneLinerIds]);
    expect(report.best.vusPr.value.value).toBe(Math.max(...oneLiners.map(({ vusPr }) => vusPr.value.value!)));
    const z = oneLiners.find(({ id }) => id === 'max-abs-z')!;
    expect(z.thresholdFrom).toBe('by the objective of the detector');
    expect(z.caught).toBeGreaterThan(4);
    expect(oneLiners.find(({ id }) => id === 'constant')).toMatchObject({ caught: 0, f1: { value: 0 }, aucRoc: { value: 0.5 } });
  });

  it('does not let a random score pass', () => {
    const random = randomFrom(8);
    const score = Float32Array.from(made.truth, () => random.next());
    const { report } = run(made, score, { kind: 'manual' }, 0.95);
    expect(report.standing).toBe('behind');
    expect(report.verdict).toContain('Detector does not beat the best one-liner');
    const peer = report.rows.find(({ id }) => id === 'random')!;
    expect(report.detector.vusPr.value.value! - peer.vusPr.value.value!).toBeLessThan(0.03);
    // 2·q·π/(q + π) with q about 5 % and π = 280/3000.
    expect(peer.f1.value!).toBeCloseTo((2 * 0.05 * (280 / 3000)) / (0.05 + 280 / 3000), 2);
    expect(report.rows[0]!.thresholdFrom).toMatch(/^reached by as many calibration samples as the detector's \(\d\.\d %\)$/);
  });

  it('gives everything anomalous what it has and no more', () => {
    const row = run(made, knowing).report.rows.find(({ id }) => id === 'all-ones')!;
    expect(row).toMatchObject({ caught: 7, labels: 7, falseEventsPerDay: { value: null }, aucRoc: { value: 0.5 } });
    expect(row.f1.value).toBeCloseTo((2 * 280) / (3000 + 280), 12);
  });

  it('judges all on the rows that all have, of the test part alone', () => {
    const score = knowing.slice().fill(NaN, 2480, 2560);
    const { report, judged, truth } = run(made, score);
    expect(report.events).toBe(6);
    expect(report.rows.every(({ labels }) => labels === 6)).toBe(true);
    expect(judged.indexOf(1)).toBe(rows.train + rows.calibration);
    expect(truth).toHaveLength(rows.test - 80);
  });

  it('repeats', () => {
    expect(run(made, knowing)).toEqual(run(made, knowing));
  });

  it('cannot tell without a labelled anomaly, and says why', () => {
    const { report } = run(make(inCalibration, 2), knowing);
    expect(report.standing).toBe('cannot-tell');
    expect(report.verdict).toBe('Cannot tell: no labelled anomaly that can be judged in the test part.');
    expect(report.detector.vusPr.value.value).toBeNull();
  });
});

describe('standing', () => {
  const difference = (value: number, low: number, high: number, events: number): PairedDifference => ({
    metric: 'VUS-PR',
    value: { value },
    interval: { low, high },
    events,
    resamples: 1000,
  });
  const verdict = (of: PairedDifference): string => verdictOf('MIM-GAN', 'Moving range', of, standingOf(of), 'test part');

  it('is worded as the engineer reads it', () => {
    expect(verdict(difference(0.11, 0.02, 0.19, 7))).toBe(
      'MIM-GAN beats the best one-liner (moving range) by +0.11 VUS-PR (95 % interval 0.02 to 0.19, 7 events).',
    );
    expect(verdict(difference(-0.08, -0.12, -0.03, 7))).toBe(
      'MIM-GAN does not beat the best one-liner (moving range): −0.08 VUS-PR (95 % interval −0.12 to −0.03, 7 events).',
    );
    expect(verdict(difference(0.04, -0.02, 0.1, 3))).toBe(
      'No significant difference between MIM-GAN and the best one-liner (moving range): +0.04 VUS-PR (95 % interval −0.02 to 0.10, 3 events).',
    );
  });
  it('claims nothing with fewer than five events', () => {
    expect(standingOf(difference(0.3, 0.2, 0.4, 4))).toBe('cannot-tell');
    expect(standingOf(difference(0.3, 0.2, 0.4, 5))).toBe('ahead');
    expect(verdict(difference(0.3, 0.2, 0.4, 4))).toContain('with fewer than 5 events');
    const one: PairedDifference = { ...difference(0.3, 0, 0, 1), interval: { low: null, reason: '1 labelled anomaly' } };
    expect(verdict(one)).toBe(
      'Cannot tell whether MIM-GAN beats the best one-liner (moving range): +0.30 VUS-PR (1 labelled anomaly).',
    );
  });
  it('writes small differences with the digits they need', () => {
    expect(differenceText(difference(0.0004, 0.0001, 0.001, 9))).toBe('+0.0004 VUS-PR (95 % interval 0.0001 to 0.001, 9 events)');
    expect(differenceText(difference(0.0004, -0.00004, 0.02, 9))).toBe('+0.0004 VUS-PR (95 % interval 0.0000 to 0.02, 9 events)');
  });
});
