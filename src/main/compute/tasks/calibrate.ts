import type { ContractMap, EventContract } from '../../../core/budget/contract';
import { contractSearchOf } from '../../../core/budget/choice';
import { contractMap } from '../../../core/budget/map';
import type { Label } from '../../../core/labels/label';
import { labelsKnownBy } from '../../../core/prepare/seen';
import { labelNames } from '../../../core/report/words';
import { normalScoresOf, suggestThreshold as suggest, type SearchKnob, type SuggestInput } from '../../../core/thresholds/suggest';
import type { ModeRule, ModeThresholds, Objective, Suppression, ThresholdChoice } from '../../../core/thresholds/threshold';
import { modesOfRows } from '../../run-modes';
import { partsOfRun, rowsOfRunPart } from '../../run-parts';
import { sharesOf } from '../../run-shares';
import type { ProjectReader, StoredRun } from '../../store';
import { judgeRun, scoredRowsOf, type JudgedThreshold, type RunEvaluation } from '../judge-run';
import { withProject } from './data';

/** What a person sets beside the threshold. */
export interface Knobs {
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
  readonly hysteresis?: number | undefined;
  readonly deadTimeMs?: number | undefined;
  readonly suppress?: readonly Suppression[] | undefined;
}

export interface SuggestRequest extends Knobs {
  readonly file: string;
  readonly runId: string;
  readonly objective: Objective;
  readonly modes?: ModeRule | undefined;
  readonly contract?: EventContract | undefined;
  readonly search?: readonly SearchKnob[] | undefined;
}

/** The threshold an objective asks for, from the calibration part and nothing else. */
export function suggestThreshold({ file, runId, objective, ...request }: SuggestRequest): Promise<ThresholdChoice> {
  return withProject(file, (reader) => {
    const run = reader.runs.get(runId);
    const { labels } = reader.labels.list(run.datasetId);
    return suggest(objective, calibrationInput(reader, run, labels, request));
  });
}

/**
 * All that a threshold is chosen from: rows of the calibration part, and what of the labels lies in their time. Labels of later time do
 * not come in here, nor the end of a label that goes on beyond it.
 */
export function calibrationInput(
  reader: ProjectReader,
  run: StoredRun,
  labels: readonly Label[],
  { modes, contract, search, ...knobs }: Omit<SuggestRequest, 'file' | 'runId' | 'objective'>,
): SuggestInput {
  const rows = rowsOfRunPart(reader, run, 'calibration');
  const timestamps = reader.runs.timestamps(run.id, rows);
  const score = reader.runs.score(run.id, rows);
  const known = timestamps.length === 0 ? [] : labelsKnownBy(labels, { start: timestamps[0]!, end: timestamps.at(-1)! });
  const heldOut = reader.models.content(run.modelId).normalScores;
  const { minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress } = knobs;
  return {
    timestamps,
    score,
    labels: known,
    ...normalScoresOf(timestamps, score, known, heldOut),
    minDurationMs,
    mergeGapMs,
    hysteresis,
    deadTimeMs,
    suppress,
    shares: sharesOf(reader, run, suppress?.map(({ channel }) => channel) ?? [], rows),
    modes: modes && { rule: modes, rows: modesOfRows(reader, run, timestamps, modes) },
    contract,
    search,
    names: labelNames(labels),
  };
}

export interface ContractRequest extends Knobs {
  readonly file: string;
  readonly runId: string;
  readonly contract: EventContract;
  readonly modes?: ModeThresholds | undefined;
  readonly search?: readonly SearchKnob[] | undefined;
}

/** Where a contract holds on the calibration part, from its rows and the labels known there. */
export function mapContract({ file, runId, contract, modes, search, ...knobs }: ContractRequest): Promise<ContractMap> {
  return withProject(file, (reader) => {
    const run = reader.runs.get(runId);
    const { labels } = reader.labels.list(run.datasetId);
    const input = calibrationInput(reader, run, labels, { ...knobs, modes, search });
    return contractMap(contractSearchOf(input, contract, modes, input.names));
  });
}

export interface EvaluateInput {
  readonly file: string;
  readonly runId: string;
  readonly threshold: JudgedThreshold;
  /** The labels the threshold was kept with. */
  readonly labels: readonly Label[];
}

/** Events over the whole run and the judgement of the calibration and the test part, each with its own rows only. */
export function evaluateRun({ file, runId, threshold, labels }: EvaluateInput): Promise<RunEvaluation> {
  return withProject(file, (reader) => {
    const run = reader.runs.get(runId);
    const model = reader.models.get(run.modelId);
    return judgeRun({
      rows: scoredRowsOf(reader, run, threshold),
      labels,
      threshold,
      parts: partsOfRun(reader, run, model, threshold),
      warmUpRows: model.warmUpRows,
    });
  });
}
