import type { EngineInfo } from '../detectors/detector';
import type { ParamSpecs, ParamValues } from '../detectors/params';
import type { ScoredRows } from '../events/events';
import type { Span } from '../labels/interval';
import type { Label } from '../labels/label';
import type { PreparationChoices, Split } from '../prepare/prepared';
import type { ThresholdChoice } from '../thresholds/threshold';
import type { CompareMember } from './comparison';

/** A stored run as a comparison needs it: all rows, what of the test part may be judged, and what it was made with. */
export interface ComparedRun {
  readonly member: CompareMember;
  readonly projectName: string;
  readonly title: string;
  readonly dataset: {
    readonly sourceName: string;
    readonly sha256: string;
    readonly start: number;
    readonly end: number;
    readonly stepMs: number;
  };
  readonly model: ComparedModel;
  /** Parts of this run's time; the model's own where the run is of the data that trained it. */
  readonly split: Split;
  /** As of today. */
  readonly labels: readonly Label[];
  /** null: none was kept. */
  readonly threshold: ThresholdChoice | null;
  /** All rows of the run. */
  readonly rows: ScoredRows;
  readonly test: TestOfRun;
  /** Those kept with the threshold, in order of time. */
  readonly events: readonly { readonly id: string; readonly start: number; readonly end: number }[];
}

/** The test part of a run without what its model and its threshold have seen. */
export interface TestOfRun {
  /** Half-open; may be unbounded at its end. */
  readonly range: Span;
  /** [n] of all rows; NaN where it was seen. */
  readonly score: Float32Array;
  /** Labels of anomalies that the threshold has seen are masks. */
  readonly labels: readonly Label[];
  /** Why nothing may be judged; null when something may. */
  readonly refused: string | null;
}

export interface ComparedModel {
  readonly detectorId: string;
  readonly detectorTitle: string;
  readonly specs: ParamSpecs;
  readonly params: ParamValues;
  readonly seed: number;
  readonly split: Split;
  readonly preparation: PreparationChoices;
  /** Leading rows of a segment without score: the window it looks back over. */
  readonly warmUpRows: number;
  readonly parameterCount: number;
  readonly trainSeconds: number;
  /** Of the whole dataset, right after the training; null where it was not kept. */
  readonly scoreSeconds: number | null;
  readonly labelRevision: number;
  readonly engine: EngineInfo;
  readonly version: string;
  /** Titles of the runs that an ensemble was combined from; [] for a detector. */
  readonly members: readonly string[];
}

/** Time that the model looks back over, ms. */
export function windowMs({ model, dataset }: Pick<ComparedRun, 'model' | 'dataset'>): number {
  return model.warmUpRows * (model.preparation.resampleMs || dataset.stepMs);
}

/** "“Hreg-VAE-LSTM on pump” of project “Unit 11”", for sentences. */
export function nameOf(run: ComparedRun): string {
  return run.member.projectId === null ? `"${run.title}"` : `"${run.title}" of the project "${run.projectName}"`;
}
