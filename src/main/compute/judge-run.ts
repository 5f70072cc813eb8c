import { checkContract } from '../../core/budget/check';
import type { ContractState, EventContract } from '../../core/budget/contract';
import { partJudge } from '../../core/budget/judged';
import type { DetectedEvent, HiddenEvent } from '../../core/events/event';
import { detect, type ScoredRows } from '../../core/events/events';
import type { Interval, Span } from '../../core/labels/interval';
import type { Label } from '../../core/labels/label';
import { evaluate } from '../../core/metrics/evaluate';
import type { Evaluation, Metric } from '../../core/metrics/evaluation';
import { testView, type RunParts } from '../../core/prepare/seen';
import { partSpan } from '../../core/prepare/split';
import { labelNames } from '../../core/report/words';
import { lowerBound } from '../../core/series/search';
import type { ThresholdChoice, ThresholdRule } from '../../core/thresholds/threshold';
import { modesOfRows } from '../run-modes';
import type { ProjectReader, StoredRun } from '../store';

/** A threshold with what its judgement depends on beside the rule. */
export type JudgedThreshold = ThresholdRule & Pick<ThresholdChoice, 'objective' | 'contract' | 'calibratedOn'>;

export interface RunEvaluation {
  readonly events: readonly DetectedEvent[];
  readonly hidden: readonly HiddenEvent[];
  readonly calibration: Evaluation;
  readonly test: Evaluation;
  /** Highest separate scores when nothing was found, highest first. */
  readonly nearMisses: readonly { readonly time: number; readonly score: number }[];
  readonly contract: { readonly calibration: ContractState; readonly test: ContractState } | null;
}

export interface JudgeInput {
  /** All rows of the run, see `scoredRowsOf`. */
  readonly rows: ScoredRows;
  readonly labels: readonly Label[];
  readonly threshold: JudgedThreshold;
  readonly parts: RunParts;
  /** Longest buffer of VUS; 0: none of its own. */
  readonly warmUpRows: number;
}

/** One part of a run as it may be judged with a threshold. Everything that shows a metric of the test part takes its rows from here. */
export interface PartView {
  /** The run's rows; scores of time that was seen are NaN. */
  readonly rows: ScoredRows;
  readonly labels: readonly Label[];
  /** Half-open. */
  readonly range: Span;
  /** For the protocol: "test part". */
  readonly name: string;
  /** Why the part is not judged at all; null when it is. */
  readonly refused: string | null;
}

/** Scored rows of a whole run with the modes that a rule needs. */
export function scoredRowsOf(
  reader: Pick<ProjectReader, 'runs' | 'datasets' | 'series'>,
  run: StoredRun,
  rule: ThresholdRule,
): ScoredRows {
  const { timestamps, scores } = reader.runs.scores(run.id);
  return {
    timestamps,
    score: scores.score,
    byChannel: scores.byChannel,
    channels: run.channels,
    modes: rule.modes && modesOfRows(reader, run, timestamps, rule.modes),
  };
}

export function partView(part: 'calibration' | 'test', input: Omit<JudgeInput, 'warmUpRows'>): PartView {
  const { rows, labels, parts, threshold } = input;
  if (part === 'calibration') {
    return { rows, labels, range: partSpan(parts.split, part), name: 'calibration part', refused: null };
  }
  const view = testView(parts, rows.timestamps, rows.score, labels, threshold.calibratedOn);
  return {
    rows: { ...rows, score: view.score },
    labels: view.labels,
    range: view.range,
    name: view.left > 0 ? 'test part without time seen before' : 'test part',
    refused: view.refused,
  };
}

/** Events over the whole run and the judgement of the calibration and the test part, each with its own rows only. */
export function judgeRun(input: JudgeInput): RunEvaluation {
  const { rows, threshold, warmUpRows } = input;
  const { events, hidden } = detect(rows, threshold);
  const judge = (part: PartView): Evaluation => {
    const found = evaluate({
      ...part.rows,
      labels: part.labels,
      rule: threshold,
      events: events.filter((event) => touches(part, event)),
      hidden: hidden.filter((event) => touches(part, event)),
      range: part.range,
      part: part.name,
      ...(warmUpRows > 0 && { vusBuffer: warmUpRows }),
    });
    return part.refused === null ? found : withheld(found, part.refused);
  };
  const calibration = partView('calibration', input);
  const test = partView('test', input);
  return {
    events,
    hidden,
    calibration: judge(calibration),
    test: judge(test),
    nearMisses: events.length > 0 ? [] : nearMisses(rows.timestamps, rows.score, Math.max(1, warmUpRows)),
    contract: threshold.contract
      ? {
          calibration: contractState(threshold.contract, calibration, 'calibration', events, input),
          test: contractState(threshold.contract, test, 'later', events, input),
        }
      : null,
  };
}

/** The contract in one part, by the part's own rows, the labels that it may be judged with, and the events that are shown. */
function contractState(
  contract: EventContract,
  view: PartView,
  part: 'calibration' | 'later',
  events: readonly Interval[],
  { threshold, labels: all }: JudgeInput,
): ContractState {
  const { rows, range, labels, refused } = view;
  const shown = events.filter((event) => touches(view, event));
  const judged = partJudge({ rows, range, labels, part, mode: contract.mode }).judge(threshold, shown);
  const state = checkContract(contract, judged, labelNames(all));
  if (refused === null) return state;
  return { ...state, terms: state.terms.map((term) => ({ ...term, text: `Cannot be told: ${refused}.` })) };
}

/** True when an event has a row with a score in the part; one that lies in seen time alone is not of it. */
export function touches({ rows, range }: PartView, event: Interval): boolean {
  const { timestamps, score } = rows;
  const from = Math.max(event.start, range.start);
  for (let i = lowerBound(timestamps, from); i < timestamps.length; i++) {
    const time = timestamps[i]!;
    if (time > event.end || time >= range.end) return false;
    if (!Number.isNaN(score[i]!)) return true;
  }
  return false;
}

/** Every metric null with the reason. */
function withheld(evaluation: Evaluation, reason: string): Evaluation {
  const none: Metric = { value: null, reason };
  const entries = Object.entries(evaluation).map(([name, entry]) => [name, typeof entry === 'object' ? none : entry] as const);
  return { ...(Object.fromEntries(entries) as unknown as Evaluation), protocol: `${evaluation.protocol}; ${reason}` };
}

const NEAR_MISSES = 3;

/** The highest scores that are at least `apartRows` rows from each other. */
function nearMisses(timestamps: Float64Array, score: Float32Array, apartRows: number): { time: number; score: number }[] {
  const found: number[] = [];
  while (found.length < NEAR_MISSES) {
    let best = -1;
    for (let i = 0; i < score.length; i++) {
      if (Number.isNaN(score[i]!) || (best >= 0 && score[i]! <= score[best]!)) continue;
      if (found.every((other) => Math.abs(other - i) >= apartRows)) best = i;
    }
    if (best < 0) break;
    found.push(best);
  }
  return found.map((row) => ({ time: timestamps[row]!, score: score[row]! }));
}
