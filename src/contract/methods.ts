import type { z } from 'zod';
import type { ContractMap } from '../core/budget/contract';
import type { Comparison } from '../core/compare/comparison';
import type { RunInsight } from '../core/insight/insight';
import type { MetricSheet } from '../core/metrics/sheet';
import type { RunDrift } from '../core/drift/report';
import type { RefereeReport } from '../core/referee/report';
import type { SweepResult } from '../core/sweep/sweep';
import type { LabelSet } from '../core/labels/label';
import type { ThresholdChoice } from '../core/thresholds/threshold';
import * as s from './schemas';
import type * as t from './types';

/** One method: the validator of its parameters and, as a type only, what it gives. */
export interface MethodSpec<S extends z.ZodType, R> {
  readonly params: S;
  readonly __result?: R;
}
const method =
  <R>() =>
  <S extends z.ZodType>(params: S): MethodSpec<S, R> => ({ params });

/**
 * Everything a host can ask of the application. Names are literal, so one text search finds caller, handler and test.
 * A method added here without a handler in `services/index.ts` does not compile.
 */
export const methods = {
  'host.info': method<t.HostInfo>()(s.nothing),
  'engine.status': method<t.EngineStatus>()(s.nothing),
  'doctor.run': method<readonly t.DoctorRow[]>()(s.nothing),
  'settings.get': method<t.Settings>()(s.nothing),
  'settings.set': method<t.Settings>()(s.settings),

  'project.list': method<readonly t.ProjectSummary[]>()(s.nothing),
  'project.create': method<t.ProjectState>()(s.projectCreate),
  'project.open': method<t.ProjectState>()(s.projectOpen),
  'project.openSample': method<t.ProjectState>()(s.nothing),
  'project.state': method<t.ProjectState | null>()(s.nothing),
  'project.rename': method<t.ProjectState>()(s.projectCreate),
  /** Writes a copy under another name into the projects folder and goes on with the copy. */
  'project.saveAs': method<t.ProjectState>()(s.projectSaveAs),
  /** Copies a project of the list beside it without opening it. */
  'project.duplicate': method<t.ProjectSummary>()(s.byId),
  /** The open project as one file to hand over. */
  'project.export': method<t.ExportedFile>()(s.nothing),
  /** Puts a project file on the list without opening it: it is neither migrated nor written. */
  'project.add': method<t.ProjectSummary>()(s.projectAdd),
  /** Datasets, models and runs of a project of the list, read without opening it: what a comparison across projects chooses from. */
  'project.runs': method<t.ProjectRuns>()(s.byId),
  /** Takes a project off the list; the file stays. */
  'project.forget': method<null>()(s.byId),
  'project.close': method<null>()(s.nothing),

  'import.preview': method<t.ImportPreview>()(s.importPreview),
  'import.start': method<{ readonly jobId: string }>()(s.importStart),

  'dataset.window': method<t.SeriesWindow>()(s.datasetWindow),
  'dataset.update': method<t.DatasetInfo>()(s.datasetUpdate),
  'dataset.remove': method<null>()(s.byDataset),

  'label.list': method<LabelSet>()(s.byDataset),
  'label.save': method<LabelSet>()(s.labelSave),
  'label.import': method<LabelSet>()(s.labelImport),

  'detector.list': method<readonly t.DetectorDescription[]>()(s.nothing),
  'training.propose': method<t.TrainingProposal>()(s.byDataset),
  'training.plan': method<t.TrainingPlan>()(s.trainingPlan),
  'training.estimate': method<t.CostEstimate>()(s.trainingPlan),
  'training.start': method<{ readonly jobId: string }>()(s.trainingStart),
  'scoring.start': method<{ readonly jobId: string }>()(s.scoringStart),
  'model.history': method<t.JobDetail['history']>()(s.byId),

  'job.list': method<readonly t.JobSummary[]>()(s.nothing),
  'job.detail': method<t.JobDetail>()(s.byId),
  'job.cancel': method<null>()(s.byId),
  'job.resume': method<{ readonly jobId: string }>()(s.byId),

  'score.window': method<t.ScoreWindow>()(s.scoreWindow),
  'calibration.scores': method<t.PartScores>()(s.calibrationScores),
  'calibration.suggest': method<ThresholdChoice>()(s.calibrationSuggest),
  /** Where the contract holds on the calibration part, the setting proposed for it, and the price of relaxing it. */
  'calibration.contract': method<ContractMap>()(s.calibrationContract),
  /** Reviewed events as labels of the calibration part, and the threshold they would give; changes nothing. */
  'calibration.feedback': method<t.FeedbackPreview>()(s.byRun),
  'calibration.save': method<t.StoredThreshold>()(s.calibrationSave),
  /** @throws FaultlineError 'threshold/no-scores' when no threshold was kept for the run yet. */
  'run.result': method<t.RunResult>()(s.byRun),
  /** Every metric of the kept threshold on one part. */
  'run.metrics': method<MetricSheet>()(s.runMetrics),
  /** One-liners, random and all-ones beside the run's test part, and what is doubtful about it. */
  'run.referee': method<RefereeReport>()(s.byRun),
  /** What the run's model learned, to be looked at; null where its detector shows nothing. */
  'run.insight': method<RunInsight | null>()(s.byRun),
  /** What following the drift did; null for a run of a model that follows none. */
  'run.drift': method<RunDrift | null>()(s.byRun),
  'event.review': method<t.EventInfo>()(s.eventReview),

  'compare.runs': method<Comparison>()(s.compareRuns),
  'comparison.list': method<readonly t.StoredComparison[]>()(s.nothing),
  'comparison.save': method<t.StoredComparison>()(s.comparisonSave),
  'comparison.remove': method<null>()(s.byId),
  'comparison.export': method<readonly t.ExportedFile[]>()(s.comparisonExport),
  /** A new run from stored ones over the same rows. */
  'ensemble.create': method<{ readonly runId: string }>()(s.ensembleCreate),
  /** Trains several detectors on the same parts, one job after the other, and gives each a threshold by the same rule. */
  'queue.start': method<{ readonly queueId: string; readonly jobIds: readonly string[] }>()(s.queueStart),
  /** One table over what is finished, beside what is not. */
  'queue.result': method<t.QueueResult>()(s.queueResult),
  'queue.cancel': method<null>()(s.byId),
  'queue.resume': method<{ readonly jobIds: readonly string[] }>()(s.byId),
  'queue.export': method<readonly t.ExportedFile[]>()(s.queueExport),
  'sweep.start': method<{ readonly jobId: string }>()(s.sweepStart),
  'sweep.result': method<SweepResult>()(s.byId),

  'report.preview': method<{ readonly html: string }>()(s.reportPreview),
  'report.export': method<readonly t.ExportedFile[]>()(s.reportExport),
  /** CSV `timestamp,score,threshold,anomaly` and a column for each channel's contribution. */
  'scores.export': method<t.ExportedFile>()(s.scoresExport),
  'evaluation.run': method<MetricSheet>()(s.evaluationRun),
} as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type Params<M extends MethodName> = z.output<Methods[M]['params']>;
export type Result<M extends MethodName> = NonNullable<Methods[M]['__result']> | Extract<Methods[M]['__result'], null>;
/** A missing one does not compile. */
export type Handlers = { readonly [M in MethodName]: (params: Params<M>) => Promise<Result<M>> };
