import { partSpan } from '../prepare/split';
import type { Label } from '../labels/label';
import { testLabel } from '../labels/test-label';
import { eventsFrom } from '../events/events';
import type { ThresholdChoice } from '../thresholds/threshold';
import type { ComparedRun } from './run';

/** Runs made by hand for tests: minutes from 2026-01-01, 1,000 rows, trained to 400, calibrated to 600, tested from 610. */
export const minute = 60_000;
export const origin = Date.UTC(2026, 0, 1);
export const at = (row: number): number => origin + row * minute;

export const label = (first: number, last: number, change: Partial<Label> = {}): Label =>
  testLabel({ id: `label-${first}`, start: at(first), end: at(last), comment: `fault ${first}`, ...change });

export const rule: ThresholdChoice = {
  value: 1,
  minDurationMs: 0,
  mergeGapMs: 0,
  objective: { kind: 'f1' },
  from: 'by hand',
  achieved: null,
};

export interface RunChange {
  readonly title?: string;
  readonly seed?: number;
  readonly params?: ComparedRun['model']['params'];
  readonly labels?: readonly Label[];
  readonly threshold?: ThresholdChoice | null;
  readonly split?: ComparedRun['split'];
  readonly warmUpRows?: number;
  readonly resampleMs?: number;
  readonly sha256?: string;
  readonly rows?: number;
  readonly projectId?: string | null;
  readonly trainSeconds?: number;
}

/** @param score - of a row. */
export function run(id: string, score: (row: number) => number, change: RunChange = {}): ComparedRun {
  const n = change.rows ?? 1000;
  const timestamps = Float64Array.from({ length: n }, (_, row) => at(row));
  const values = Float32Array.from({ length: n }, (_, row) => score(row));
  const split = change.split ?? { trainUntil: at(400), calibrateUntil: at(600), guardMs: 10 * minute };
  const labels = change.labels ?? [];
  const threshold = change.threshold === undefined ? rule : change.threshold;
  return {
    member: { projectId: change.projectId ?? null, runId: id },
    projectName: change.projectId ? 'Other' : 'Pump',
    title: change.title ?? `Run ${id}`,
    dataset: { sourceName: 'pump.csv', sha256: change.sha256 ?? 'a'.repeat(64), start: at(0), end: at(n - 1), stepMs: minute },
    model: {
      detectorId: 'robust-z',
      detectorTitle: 'Robust z',
      specs: {},
      params: change.params ?? {},
      seed: change.seed ?? 1,
      split,
      preparation: { channels: ['Flow'], gapToleranceSteps: 5, maxFillRows: 3, resampleMs: change.resampleMs ?? 0 },
      // The guard; a short buffer keeps the bootstrap quick.
      warmUpRows: change.warmUpRows ?? 10,
      parameterCount: 2,
      trainSeconds: change.trainSeconds ?? 1,
      scoreSeconds: null,
      labelRevision: 1,
      engine: { backend: 'cpu', version: '1', threads: 1, reason: '' },
      version: '0.0.0',
      members: [],
    },
    split,
    labels,
    threshold,
    rows: { timestamps, score: values },
    test: { range: partSpan(split, 'test'), score: values, labels, refused: null },
    events: threshold
      ? eventsFrom(timestamps, values, threshold).map(({ start, end }, i) => ({ id: `${id}-${i}`, start, end }))
      : [],
  };
}
