import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultlineError, type ErrorCode } from '../../src/core/errors';
import type { ImportReport, Recipe } from '../../src/core/ingest/recipe';
import { createRandom } from './random';
import type { NewDataset, NewModel, ProjectStore, RowBatch, StoredDataset, StoredRun } from '../../src/main/store/index';

/** A folder for one test, and how to remove it. */
export function temporaryFolder(): { readonly path: string; readonly file: (name: string) => string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'faultline-store-'));
  return { path, file: (name) => join(path, name), remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The code of the error that `work` throws; '' when it throws none. Errors of other kinds pass through. */
export function codeOf(work: () => unknown): ErrorCode | '' {
  try {
    work();
    return '';
  } catch (error) {
    if (error instanceof FaultlineError) return error.code;
    throw error;
  }
}

export const recipe: Recipe = {
  encoding: 'utf-8',
  delimiter: ',',
  headerLine: 1,
  unitLine: 0,
  timeColumn: 0,
  timeFormat: 'iso',
  timeZone: 'UTC',
  decimal: '.',
  thousands: '',
  statusTexts: [],
  valueColumns: [1, 2],
  tags: [
    { name: 'flow', unit: 'm³/h', step: false },
    { name: 'valve', unit: '%', step: true },
  ],
  labelColumn: null,
};

const none = { count: 0, first: [] };
export const report: ImportReport = {
  fileRows: 0,
  rows: 0,
  cells: 0,
  values: 0,
  missing: none,
  status: none,
  unreadable: none,
  badTime: none,
  repeated: none,
  outOfOrder: none,
  ragged: none,
  clockChange: none,
  unknownTexts: [],
};

export function newDataset(channels: readonly string[], name = 'pump'): NewDataset {
  return {
    name,
    sourceName: `${name}.csv`,
    sha256: 'a'.repeat(64),
    bytes: 1234,
    recipe,
    channels: channels.map((channel) => ({ name: channel, unit: 'bar', step: false })),
  };
}

/** Rows each minute from `startRow`; values between -1 and 1 from a seeded stream, so that each row is known. */
export function rows(startRow: number, n: number, channels: number, seed = 1): RowBatch {
  const next = createRandom(seed + startRow);
  return {
    timestamps: Float64Array.from({ length: n }, (_, i) => (startRow + i) * 60_000),
    columns: Array.from({ length: channels }, () => Float64Array.from({ length: n }, () => next() * 2 - 1)),
    quality: Array.from({ length: channels }, () => new Uint8Array(n)),
  };
}

export function addDataset(store: ProjectStore, channels: readonly string[], n: number, batch = 10_000): StoredDataset {
  const id = store.datasets.beginDataset(newDataset(channels));
  for (let row = 0; row < n; row += batch) store.datasets.appendRows(id, rows(row, Math.min(batch, n - row), channels.length));
  return store.datasets.finishDataset(id, report);
}

export const engine = { backend: 'cpu', version: '4.22.0', threads: 1, reason: 'test' } as const;

export function newModel(datasetId: string, channels: readonly string[], jobId: string | null = null): NewModel {
  return {
    name: 'robust z',
    datasetId,
    jobId,
    detectorId: 'robust-z',
    formatVersion: 1,
    params: { window: 5, robust: true, kind: 'median' },
    seed: Number.MAX_SAFE_INTEGER,
    split: { trainUntil: 1000, calibrateUntil: 2000, guardMs: 60 },
    preparation: {
      channels,
      gapToleranceSteps: 3,
      maxFillRows: 2,
      resampleMs: 0,
      scaler: { mean: channels.map(() => 0.1), std: channels.map(() => 2.5), flat: channels.map(() => false) },
    },
    labelRevision: 0,
    dataSha256: 'b'.repeat(64),
    channels,
    engine,
    versions: { faultline: '0.1.0' },
    trainSeconds: 1.25,
    parameterCount: 7,
    warmUpRows: 4,
    manifest: { layers: [1, 2, 3] },
    weights: Uint8Array.from({ length: 1000 }, (_, i) => i % 251),
    normalScores: Float32Array.of(0.5, 1.5, 2.5),
    history: [{ stage: 'fit', step: 1, losses: { mad: 0.25 }, learningRate: 0, gradientNorm: 0 }],
  };
}

/** A run over the first `n` rows of a dataset, with the score rising from 0. */
export function addRun(store: ProjectStore, dataset: StoredDataset, modelId: string, n: number): StoredRun {
  const channels = dataset.channels.map((channel) => channel.name);
  return store.runs.create({
    modelId,
    datasetId: dataset.id,
    title: 'robust z on pump',
    engine,
    channels,
    timestamps: store.series.readTimestamps(dataset.id, 0, n),
    scores: {
      score: Float32Array.from({ length: n }, (_, i) => (i === 0 ? NaN : i / n)),
      review: Float32Array.from({ length: n }, (_, i) => (i > n - 10 ? NaN : i / (2 * n))),
      byChannel: Float32Array.from({ length: n * channels.length }, (_, i) => (i % channels.length === 0 ? 1 : 0)),
      expected: Float32Array.from({ length: n * channels.length }, (_, i) => i / 8),
      expectedHalfWidth: Float32Array.from(channels, () => 0.75),
    },
  });
}
