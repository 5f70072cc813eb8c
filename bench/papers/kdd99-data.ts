import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { symmetricEigen } from '../../src/core/detectors/shared/symmetric-eigen';
import { quantile } from '../../src/core/detectors/shared/windows';
import type { PreparedSeries } from '../../src/core/prepare/prepared';

export interface Kdd99 {
  readonly train: PreparedSeries;
  /** The first rows of the test file. */
  readonly test: PreparedSeries;
  /** [rows of test] 1 attack, 0 normal. */
  readonly truth: Uint8Array;
  /** Train rows that were left out because they stand among the normal test rows, value for value. */
  readonly dropped: number;
}

interface Rows {
  /** [n, c] */
  readonly values: Float32Array;
  readonly labels: Uint8Array;
}

export const COLUMNS = 34;
const SIGNALS = 6;
/** Range of a signal between its 0.1 % and 99.9 % quantiles in train, and where values beyond are cut. */
const RANGE = 0.9;
const CUT = 3 * RANGE;

/**
 * KDD Cup 1999 with every statistic from train: normal test rows leave the train part; log(1 + x) for columns whose train maximum exceeds 1,
 * then to −1..1; six principal components, the sign fixed, each to ±0.9 by its 0.1 % and 99.9 % quantiles and cut at three times that.
 */
export async function loadKdd99(folder: string, testRows: number): Promise<Kdd99> {
  const { train, test: whole, dropped } = await readKdd99(folder);
  const test = Float64Array.from(whole.values.subarray(0, testRows * COLUMNS));

  scale(train, test);
  const [trainSignals, testSignals] = project(train, test);
  return {
    ...{ train: prepared(trainSignals!), test: prepared(testSignals!) },
    truth: whole.labels.slice(0, testRows),
    dropped,
  };
}

/** Both files as they are, without the train rows that stand among the normal test rows. */
export async function readKdd99(folder: string): Promise<{ train: Float64Array; test: Rows; dropped: number }> {
  const [all, test] = [await read(join(folder, 'train.parquet')), await read(join(folder, 'test.parquet'))];
  const normal = new Set(keysOf(test.values).filter((_, row) => test.labels[row] === 0));
  const keep = Int32Array.from(keysOf(all.values).flatMap((key, row) => (normal.has(key) ? [] : [row])));
  const train = new Float64Array(keep.length * COLUMNS);
  keep.forEach((row, i) => train.set(all.values.subarray(row * COLUMNS, (row + 1) * COLUMNS), i * COLUMNS));
  return { train, test, dropped: all.labels.length - keep.length };
}

async function read(file: string): Promise<Rows> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', preserve_insertion_order: 'true' });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${file.replaceAll("'", "''")}')`);
    const columns = reader.getColumns();
    const names = reader.columnNames();
    const label = names.indexOf('label');
    const features = names.flatMap((_, j) => (j === label ? [] : [columns[j]!]));
    const n = columns[label]!.length;
    const values = new Float32Array(n * COLUMNS);
    features.forEach((column, j) => column.forEach((value, row) => (values[row * COLUMNS + j] = Number(value))));
    return { values, labels: Uint8Array.from(columns[label]!, Number) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** One text for each row, equal for equal values. @param values - [n, c] */
export function keysOf(values: Float32Array): string[] {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Array.from({ length: values.length / COLUMNS }, (_, row) =>
    bytes.toString('latin1', row * 4 * COLUMNS, (row + 1) * 4 * COLUMNS),
  );
}

/** In place: logarithm of wide columns, then to −1..1 by the train part's extremes; a constant column becomes 0. */
function scale(train: Float64Array, test: Float64Array): void {
  for (let j = 0; j < COLUMNS; j++) {
    let [low, high] = [Infinity, -Infinity];
    for (let k = j; k < train.length; k += COLUMNS) {
      low = Math.min(low, train[k]!);
      high = Math.max(high, train[k]!);
    }
    const bend = high > 1 ? Math.log1p : (value: number) => value;
    const [from, to] = [bend(low), bend(high)];
    for (const part of [train, test]) {
      for (let k = j; k < part.length; k += COLUMNS) part[k] = to > from ? (2 * (bend(part[k]!) - from)) / (to - from) - 1 : 0;
    }
  }
}

/** Signals of both parts, [n, 6] each. */
function project(train: Float64Array, test: Float64Array): Float32Array[] {
  const d = COLUMNS;
  const n = train.length / d;
  const mean = new Float64Array(d);
  train.forEach((value, k) => (mean[k % d]! += value / n));
  const covariance = new Float64Array(d * d);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < d; i++) {
      const a = train[row * d + i]! - mean[i]!;
      for (let j = 0; j < d; j++) covariance[i * d + j]! += (a * (train[row * d + j]! - mean[j]!)) / n;
    }
  }
  const { vectors } = symmetricEigen(covariance, d);
  const along = (part: Float64Array, k: number): Float64Array =>
    Float64Array.from({ length: part.length / d }, (_, row) => {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += (part[row * d + j]! - mean[j]!) * vectors[k * d + j]!;
      return sum;
    });
  const parts = [train, test].map((part) => new Float32Array((part.length / d) * SIGNALS));
  for (let k = 0; k < SIGNALS; k++) {
    const [own, other] = [along(train, k), along(test, k)];
    const [low, high] = [quantile(own, 0.001), quantile(own, 0.999)];
    [own, other].forEach((signal, p) =>
      signal.forEach((value, row) => {
        const scaled = RANGE * ((2 * (value - low)) / (high - low) - 1);
        parts[p]![row * SIGNALS + k] = Math.min(CUT, Math.max(-CUT, scaled));
      }),
    );
  }
  return parts;
}

/** Connections in their order; the file has no times. */
function prepared(values: Float32Array): PreparedSeries {
  const rows = values.length / SIGNALS;
  return {
    timestamps: Float64Array.from({ length: rows }, (_, row) => 1000 * row),
    values,
    channels: Array.from({ length: SIGNALS }, (_, k) => `component ${k + 1}`),
    segments: [{ start: 0, end: rows }],
    stepMs: 1000,
  };
}
