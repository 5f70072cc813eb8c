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
export const projectAdd = z.strictObject({ fileToken });
export const projectSaveAs = z.strictObject({ name });

/** Times made from the order of the rows. */
const rowTimes = z.strictObject({ firstMs: time, stepMs: durationMs.min(0.001) });
export const recipe = z.strictObject({
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'latin-1', 'windows-1252']),
  delimiter: z.enum([',', ';', '\t', '|']),
  headerLine: z.number().int().min(0).max(10_000),
  unitLine: z.number().int().min(0).max(10_000),
  timeColumn: column.nullable(),
  rowTimes: rowTimes.optional(),
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
  /** Make the times from the order of the rows when guessing. */
  rowTimes: rowTimes.optional(),
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
  drift: z
    .strictObject({
      halfLifeMs: durationMs.positive(),
      holdMs: durationMs.positive(),
      reach: z.number().min(1).max(1000),
      withScore: z.literal(true).optional(),
    })
    .optional(),
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
  z.strictObject({ kind: z.literal('cost'), miss: z.number().min(0).max(1e12), falseEvent: z.number().min(0).max(1e12) }),
  z.strictObject({ kind: z.literal('recall'), limit: z.number().positive().max(10_000) }),
  z.strictObject({ kind: z.literal('delay'), limit: z.number().positive().max(10_000) }),
  z.strictObject({ kind: z.literal('contract') }),
  z.strictObject({ kind: z.literal('events-per-day'), limit: z.number().positive().max(10_000) }),
  z.strictObject({ kind: z.literal('quantile'), q: z.number().gt(0).lt(1) }),
  z.strictObject({ kind: z.literal('pot'), q: z.number().gt(0).lt(1) }),
  z.strictObject({ kind: z.literal('conformal'), alpha: z.number().gt(0).lt(1) }),
  z.strictObject({ kind: z.literal('manual') }),
  z.strictObject({ kind: z.literal('carried') }),
]);
const channel = z.string().min(1).max(200);
const modeRule = z.strictObject({ channel, edges: z.array(z.number().finite()).min(1).max(8) });
const modes = modeRule.extend({ values: z.array(z.number().finite().nullable()).min(2).max(9) });
const suppress = z.array(z.strictObject({ channel, minShare: z.number().min(0).max(1), reason: z.string().max(500) })).max(50);
const knobs = {
  minDurationMs: durationMs,
  mergeGapMs: durationMs,
  hysteresis: z.number().min(0).max(1e9).optional(),
  deadTimeMs: durationMs.optional(),
  suppress: suppress.optional(),
};
export const eventContract = z.strictObject({
  falseEvents: z.number().min(0).max(1e6),
  days: z.number().positive().max(36_500),
  confidence: z.number().min(0.5).max(0.999),
  mustCatch: z.union([z.literal('all'), z.array(id).max(10_000)]),
  withinMs: durationMs.nullable(),
  mode: z.number().int().min(0).max(8).nullable(),
});
export const calibrationScores = z.strictObject({
  runId: id,
  part: z.enum(['calibration']),
  modes: modeRule.optional(),
  shares: z.array(channel).max(50).optional(),
});
const searched = z.array(z.enum(['minDuration', 'mergeGap', 'hysteresis', 'deadTime'])).max(4);
export const calibrationSuggest = z.strictObject({
  runId: id,
  objective,
  ...knobs,
  /** Finds a threshold for each mode that has enough rows. */
  modes: modeRule.optional(),
  contract: eventContract.optional(),
  /** Knobs that are searched together with the threshold; the others stay as given. */
  search: searched.optional(),
});
export const calibrationContract = z.strictObject({
  runId: id,
  contract: eventContract,
  ...knobs,
  modes: modes.optional(),
  search: searched.optional(),
});
export const calibrationSave = z.strictObject({
  runId: id,
  value: z.number().finite(),
  objective,
  ...knobs,
  modes: modes.optional(),
  contract: eventContract.optional(),
  from: text.min(1),
  achieved: z.number().finite().nullable(),
});
export const runMetrics = z.strictObject({ runId: id, part: z.enum(['calibration', 'test']) });

const members = z
  .array(z.strictObject({ projectId: id.nullable(), runId: id }))
  .min(2)
  .max(40);
export const compareRuns = z.strictObject({
  members,
  /** Judge the common part of the tests where they differ. */
  common: z.boolean().optional(),
  /** Points of the score lines. */
  buckets: buckets.optional(),
});
export const comparisonSave = z.strictObject({ name, members, common: z.boolean() });
export const comparisonExport = z.strictObject({
  members,
  common: z.boolean(),
  formats: z
    .array(z.enum(['html', 'pdf', 'csv', 'json']))
    .min(1)
    .max(4),
});
/** Detectors that are trained one after the other on the same parts, each with a threshold by the same rule. */
export const queueStart = z.strictObject({
  datasetId: id,
  detectors: z
    .array(z.strictObject({ detectorId: id, params }))
    .min(1)
    .max(40),
  split,
  preparation,
  seeds: z.array(seed).min(1).max(20),
  /** Absent: best F1 where the calibration part holds a labelled anomaly, else a tail fit of normal scores. */
  objective: objective.optional(),
  minDurationMs: durationMs,
  mergeGapMs: durationMs,
  name: name.optional(),
});
export const queueResult = z.strictObject({
  id,
  /** Without: no comparison is computed, which would slow down a training that is being timed. */
  table: z.boolean().optional(),
});
export const queueExport = z.strictObject({
  id,
  formats: z
    .array(z.enum(['html', 'pdf', 'csv', 'json']))
    .min(1)
    .max(4),
});
export const ensembleCreate = z.strictObject({
  runIds: z.array(id).min(2).max(20),
  method: z.enum(['rank-average', 'max-p']),
  name: name.optional(),
});
export const sweepStart = z.strictObject({
  datasetId: id,
  detectorId: id,
  split,
  preparation,
  /** Parameters that are not swept. */
  params,
  method: z.enum(['grid', 'halving']),
  space: z.record(
    z.string().max(64),
    z
      .array(z.union([z.number(), z.string().max(200), z.boolean()]))
      .min(1)
      .max(50),
  ),
  minutes: z.number().positive().max(10_080),
  seeds: z.array(seed).min(1).max(20),
  name: name.optional(),
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
  /** 0/1 column of the labels file; intervals otherwise. */
  labelColumn: z.string().max(200).optional(),
  /** Longest buffer of VUS and window of the paper's protocol, in rows. */
  buffer: z.number().int().min(0).max(10_000).optional(),
  window: z.number().int().min(1).max(1_000_000).optional(),
  range: z.strictObject({ alpha: z.number().min(0).max(1), bias: z.enum(['flat', 'front', 'middle', 'back']) }).optional(),
  seed: seed.optional(),
});
