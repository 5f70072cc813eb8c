import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PreparedSeries, Segment } from '../../src/core/prepare/prepared';
import type { LabelledRows } from './judged';

/** A method of Table 1 with its printed precision, recall and F1. */
export type Printed = readonly [precision: number, recall: number, f1: number];

export interface NabSeries {
  readonly id: string;
  readonly file: string;
  /** Windows p and windows in a row k with which the table of the paper was reached. */
  readonly paper: readonly [window: number, windows: number];
  /** "Win-l" of Table 1 for the paper's own method: the span of every comparison at equal span. */
  readonly span: number;
  /** Table 1 of Xu and Wang 2025. Win-l of the other three is 24. */
  readonly printed: Readonly<Record<'hreg-vae-lstm' | 'vae' | 'lstm-ad' | 'arma', Printed>>;
}

export const nabSeries: readonly NabSeries[] = [
  {
    ...{ id: 'ambient', file: 'ambient_temperature_system_failure.csv', paper: [24, 7], span: 168 },
    printed: {
      'hreg-vae-lstm': [0.812, 1, 0.895],
      vae: [0.686, 0.5, 0.573],
      'lstm-ad': [1, 0.5, 0.666],
      arma: [0.184, 1, 0.311],
    },
  },
  {
    ...{ id: 'cpu', file: 'cpu_utilization_asg_misconfiguration.csv', paper: [48, 3], span: 144 },
    printed: {
      'hreg-vae-lstm': [0.773, 1, 0.873],
      vae: [0.348, 0.5, 0.41],
      'lstm-ad': [0.274, 1, 0.43],
      arma: [0.234, 1, 0.38],
    },
  },
  {
    ...{ id: 'ec2', file: 'ec2_request_latency_system_failure.csv', paper: [24, 8], span: 192 },
    printed: {
      'hreg-vae-lstm': [0.979, 1, 0.99],
      vae: [0.949, 1, 0.996],
      'lstm-ad': [1, 0.436, 0.608],
      arma: [0.938, 1, 0.968],
    },
  },
  {
    ...{ id: 'machine', file: 'machine_temperature_system_failure.csv', paper: [48, 12], span: 288 },
    printed: {
      'hreg-vae-lstm': [0.986, 1, 0.986],
      vae: [0.211, 1, 0.207],
      'lstm-ad': [1, 0.5, 0.667],
      arma: [0.142, 1, 0.248],
    },
  },
  {
    ...{ id: 'taxi', file: 'nyc_taxi.csv', paper: [24, 7], span: 168 },
    printed: {
      'hreg-vae-lstm': [0.994, 1, 0.997],
      vae: [0.662, 0.8, 0.725],
      'lstm-ad': [1, 0.2, 0.333],
      arma: [0.769, 0.4, 0.526],
    },
  },
];

export interface NabData {
  readonly train: PreparedSeries;
  /** All rows; its segments are the test parts, which share no window. */
  readonly test: PreparedSeries;
  /** Labelled points: single rows, counted from 0. */
  readonly labels: readonly LabelledRows[];
}

interface Labels {
  readonly train_split: readonly [from: number, to: number];
  readonly published_points: readonly { readonly row: number }[];
}

/** A series as the published code splits it, scaled by its training rows. */
export function loadNab(folder: string, { file }: NabSeries): NabData {
  const labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as { series: Record<string, Labels> };
  const { train_split, published_points } = labels.series[file]!;
  const [from, to] = train_split;
  const [, ...lines] = readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/);
  const raw = lines.map((line) => [Number(line.split(',')[1])]);
  const scaled = scaledBy(raw, { start: from, end: to });
  const tests = [
    { start: 0, end: from },
    { start: to, end: raw.length },
  ].filter(({ start, end }) => end > start);
  return {
    train: seriesOf(scaled.slice(from, to), ['value'], [{ start: 0, end: to - from }]),
    test: seriesOf(scaled, ['value'], tests),
    labels: published_points.map(({ row }) => ({ start: row, end: row + 1 })),
  };
}

/** Rows of tags as a detector sees them, [n·c]: scaled by mean and (population) standard deviation of some rows. */
export function scaledBy(rows: readonly (readonly number[])[], { start, end }: Segment): Float32Array {
  const normal = rows.slice(start, end);
  const columns = normal[0]!.map((_, j) => {
    const mean = normal.reduce((sum, values) => sum + values[j]! / normal.length, 0);
    const std = Math.sqrt(normal.reduce((sum, values) => sum + (values[j]! - mean) ** 2 / normal.length, 0));
    return { mean, std: std > 0 ? std : 1 };
  });
  return Float32Array.from(rows.flatMap((values) => values.map((value, j) => (value - columns[j]!.mean) / columns[j]!.std)));
}

/** Rows by number: the clocks of these files repeat and jump back. */
export function seriesOf(values: Float32Array, channels: readonly string[], segments: readonly Segment[]): PreparedSeries {
  const timestamps = Float64Array.from({ length: values.length / channels.length }, (_, i) => i);
  return { timestamps, values, channels, segments, stepMs: 1 };
}
