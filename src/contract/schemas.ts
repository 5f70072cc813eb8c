import { z } from 'zod';
import { timeFormats } from '../core/ingest/recipe';
import { labelClasses } from '../core/labels/label';

/** Run-time validators of everything that enters the main process. Unknown keys are refused everywhere (`strictObject`). */

const id = z.string().min(1).max(64);
const name = z.string().trim().min(1).max(200);
const text = z.string().max(4000);
const time = z.number().finite();
const fileToken = z.string().min(8).max(128);
const seed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const column = z.number().int().min(0).max(20_000);
const buckets = z.number().int().min(1).max(4096);
const durationMs = z.number().finite().min(0).max(3.2e11);

export const nothing = z.strictObject({});
export const byId = z.strictObject({ id });
export const byDataset = z.strictObject({ datasetId: id });
export const byRun = z.strictObject({ runId: id });

export const settings = z.strictObject({
  theme: z.enum(['light', 'dark', 'system']).optional(),
  density: z.enum(['compact', 'comfortable']).optional(),
  timeZone: z.string().min(1).max(64).optional(),
});

export const projectCreate = z.strictObject({ name });
/** Read-only: to look at a project that is open elsewhere, or at what is readable of a damaged one. */
export const projectOpen = z.union([z.strictObject({ id, readOnly: z.boolean().optional() }), z.strictObject({ fileToken })]);
export const projectSaveAs = z.strictObject({ name });

export const recipe = z.strictObject({
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'latin-1', 'windows-1252']),
  delimiter: z.enum([',', ';', '\t', '|']),
  headerLine: z.number().int().min(0).max(10_000),
  unitLine: z.number().int().min(0).max(10_000),
  timeColumn: column,
  timeFormat: z.enum(timeFormats),
  timeZone: z.string().min(1).max(64),
  decimal: z.enum(['.', ',']),
  thousands: z.enum(['', '.', ',', ' ', "'"]),
  statusTexts: z.array(z.strictObject({ text: z.string().max(200), quality: z.enum(['bad', 'masked', 'absent']) })).max(200),
  valueColumns: z.array(column).min(1).max(20_000),
  tags: z.array(z.strictObject({ name: z.string().max(200), unit: z.string().max(50), step: z.boolean() })).max(20_000),
  labelColumn: column.nullable(),
});
export const importPreview = z.strictObject({
  fileToken,
  /** Absent: guess everything. */
  recipe: recipe.optional(),
  /** Column of 0/1 labels to leave out of the tags when guessing. */
  labelColumnName: z.string().max(200).optional(),
  /** Which rows are shown. */
  show: z.enum(['first', 'problem', 'last']).optional(),
});
export const importStart = z.strictObject({ fileToken, recipe, name, allowRepeat: z.boolean().optional() });

export const datasetWindow = z.strictObject({
  datasetId: id,
  channels: z.array(z.string().max(200)).min(1).max(200),
  start: time,
  end: time,
  buckets,
});
export const datasetUpdate = z.strictObject({
  datasetId: id,
  channel: z.string().max(200),
  unit: z.string().max(50).optional(),
  description: z.string().max(200).optional(),
  step: z.boolean().optional(),
});

const labelBody = z.strictObject({
  start: time,
  end: time,
  class: z.enum(labelClasses),
  comment: text,
  channels: z.array(z.string().max(200)).max(1000),
});
/** One undoable act: everything in it happens, or nothing does. */
export const labelSave = z.strictObject({
  datasetId: id,
  add: z.array(labelBody).max(100_000).optional(),
  update: z.array(labelBody.extend({ id })).max(100_000).optional(),
  remove: z.array(id).max(100_000).optional(),
});
export const labelImport = z.strictObject({ datasetId: id, fileToken });

export const split = z.strictObject({ trainUntil: time, calibrateUntil: time, guardMs: durationMs });
export const preparation = z.strictObject({
  channels: z.array(z.string().max(200)).min(1).max(2000),
  gapToleranceSteps: z.number().min(1).max(10_000),
  maxFillRows: z.number().int().min(0).max(100_000),
  resampleMs: durationMs,
});
const params = z.record(z.string().max(64), z.union([z.number(), z.string().max(200), z.boolean()]));
export const trainingPlan = z.strictObject({ datasetId: id, detectorId: id, params, split, preparation });
export const trainingStart = trainingPlan.extend({ seed, name: name.optional() });
export const scoringStart = z.strictObject({ modelId: id, datasetId: id });

export const scoreWindow = z.strictObject({
  runId: id,
  channels: z.array(z.string().max(200)).max(200),
  start: time,
  end: time,
  buckets,
});
const objective = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('f1') }),
  z.strictObject({ kind: z.literal('fbeta'), beta: z.number().positive().max(100) }),
  z.strictObject({ kind: z.literal('events-per-day'), limit: z.number().positive().max(10_000) }),
  z.strictObject({ kind: z.literal('quantile'), q: z.number().gt(0).lt(1) }),
  z.strictObject({ kind: z.literal('pot'), q: z.number().gt(0).lt(1) }),
  z.strictObject({ kind: z.literal('manual') }),
]);
export const calibrationScores = z.strictObject({ runId: id, part: z.enum(['calibration']) });
export const calibrationSuggest = z.strictObject({ runId: id, objective, minDurationMs: durationMs, mergeGapMs: durationMs });
export const calibrationSave = z.strictObject({
  runId: id,
  value: z.number().finite(),
  objective,
  minDurationMs: durationMs,
  mergeGapMs: durationMs,
  from: text.min(1),
  achieved: z.number().finite().nullable(),
});

export const eventReview = z.strictObject({
  id,
  state: z.enum(['new', 'acknowledged', 'investigating', 'confirmed', 'false-alarm', 'known-cause']),
  comment: text,
});

export const reportPreview = byRun;
export const reportExport = z.strictObject({
  runId: id,
  formats: z
    .array(z.enum(['html', 'pdf', 'csv', 'json']))
    .min(1)
    .max(4),
});
export const scoresExport = byRun;
export const evaluationRun = z.strictObject({
  scores: fileToken,
  labels: fileToken,
  minDurationMs: durationMs.optional(),
  mergeGapMs: durationMs.optional(),
  threshold: z.number().finite().optional(),
});
