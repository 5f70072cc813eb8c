import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { PreparedSeries } from '../../src/core/prepare/prepared';

export interface Tep {
  /** 500 rows of normal operation. */
  readonly train: PreparedSeries;
  /** All runs, a segment each: run 0 is normal operation, the others have the fault of their number. */
  readonly test: PreparedSeries;
  /** The number of each segment's fault. */
  readonly faults: readonly number[];
}

const STEP_MS = 180_000;

/** Training part and runs, scaled by mean and standard deviation of the training rows. */
export async function loadTep(folder: string): Promise<Tep> {
  const { channels, values } = readCsv(join(folder, 'normal_train.csv'));
  const c = channels.length;
  const scale = scalerOf(values, c);
  const runs = await readRuns(join(folder, 'test.parquet'));
  let rows = 0;
  const segments = runs.map(({ values: own }) => ({ start: rows, end: (rows += own.length / c) }));
  const prepared = (cells: Float64Array, parts: PreparedSeries['segments']): PreparedSeries => ({
    timestamps: Float64Array.from({ length: cells.length / c }, (_, row) => STEP_MS * row),
    ...{ values: scale(cells), channels, segments: parts, stepMs: STEP_MS },
  });
  return {
    train: prepared(values, [{ start: 0, end: values.length / c }]),
    test: prepared(Float64Array.from(runs.flatMap(({ values: own }) => own)), segments),
    faults: runs.map(({ fault }) => fault),
  };
}

/** The first column is the time. */
function readCsv(file: string): { channels: string[]; values: Float64Array } {
  const [header, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const channels = header!.split(',').slice(1);
  return { channels, values: Float64Array.from(lines.flatMap((line) => line.split(',').slice(1).map(Number))) };
}

async function readRuns(file: string): Promise<{ fault: number; values: number[] }[]> {
  const database = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const reader = await database.runAndReadAll(`select * exclude (time, label) from '${file}' order by fault, time`);
    const runs = new Map<number, number[]>();
    for (const [fault, ...values] of reader.getRows()) {
      const own = runs.get(Number(fault)) ?? [];
      runs.set(Number(fault), own);
      own.push(...values.map(Number));
    }
    return [...runs].map(([fault, values]) => ({ fault, values }));
  } finally {
    database.closeSync();
  }
}

/** @param train - [n, c] */
function scalerOf(train: Float64Array, c: number): (values: Float64Array) => Float32Array {
  const n = train.length / c;
  const columns = Array.from({ length: c }, (_, j) => train.filter((__, i) => i % c === j));
  const means = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / n);
  const stds = columns.map((column, j) => Math.sqrt(column.reduce((sum, x) => sum + (x - means[j]!) ** 2, 0) / n) || 1);
  return (values) => Float32Array.from(values, (x, i) => (x - means[i % c]!) / stds[i % c]!);
}
