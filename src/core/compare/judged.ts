import { ofClass, overlaps, rowsWithin, type Interval, type Span } from '../labels/interval';
import type { Label } from '../labels/label';
import { vusBufferOf } from '../metrics/evaluate';
import type { Evaluation } from '../metrics/evaluation';
import type { VusZones } from '../metrics/vus-zones';
import { countAbove, judgeDetected, touches, type JudgedTest } from '../referee/judge';
import { labelNames } from '../report/words';
import { lowerBound } from '../series/search';
import { rowKinds, rowKindsOf } from '../thresholds/rows';
import type { ThresholdRule } from '../thresholds/threshold';
import type { ComparedRun } from './run';

/** A labelled anomaly without any row that counts. */
export interface LostLabel {
  readonly name: string;
  /** Runs that have no score anywhere in it. */
  readonly without: readonly ComparedRun[];
}

/** The rows that all runs are judged on. */
export interface JudgedRows {
  readonly period: Span;
  /** [n] times that every run has in the period. */
  readonly timestamps: Float64Array;
  /** [n] 1 where every run has a score of its own that may be judged. */
  readonly scored: Uint8Array;
  /** Of the first run, as of today, with masks over labels that some threshold has seen. */
  readonly labels: readonly Label[];
  /** "L-09" by label id: names among all labels of the first run's data, as everywhere. */
  readonly names: ReadonlyMap<string, string>;
  /** Rows that count, and rows left out. */
  readonly counted: number;
  readonly left: number;
  readonly lost: readonly LostLabel[];
  /** L of VUS in rows: the longest window of the runs, the same for all. */
  readonly buffer: number;
}

/** A run on the judged rows. */
export interface JudgedRun {
  readonly run: ComparedRun;
  readonly evaluation: Evaluation;
  readonly zones: VusZones | null;
  /** Events with at least one judged row. */
  readonly events: ComparedRun['events'];
  /** Share of the counted rows at or above the threshold, 0..1. */
  readonly above: number;
}

/** Scores of any method on the judged rows, with its rule and events. */
export interface JudgedMethod {
  /** [n] */
  readonly score: Float32Array;
  readonly rule: ThresholdRule;
  readonly events: readonly Interval[];
  /** [n] see `ScoredRows`. */
  readonly modes?: Uint8Array | undefined;
}

export function judgedRows(runs: readonly ComparedRun[], period: Span): JudgedRows {
  const timestamps = commonTimes(runs, period);
  const scored = new Uint8Array(timestamps.length).fill(1);
  for (const run of runs) {
    const rows = rowsAt(run, timestamps);
    for (let i = 0; i < rows.length; i++) if (Number.isNaN(run.test.score[rows[i]!]!)) scored[i] = 0;
  }
  const labels = judgedLabels(runs, period);
  const kinds = kindsOf(timestamps, scored, labels);
  const counted = kinds.reduce((sum, kind) => sum + (kind === rowKinds.left ? 0 : 1), 0);
  const bounds = { start: period.start, end: period.end - 1 };
  const inside = ofClass(runs[0]!.labels, 'anomaly').filter((label) => overlaps(label, bounds));
  const names = labelNames(runs[0]!.labels);
  const lostOf = (label: Label): LostLabel[] => {
    const { start, end } = rowsWithin(timestamps, label);
    if (kinds.subarray(start, end).includes(rowKinds.anomaly)) return [];
    const inLabel = timestamps.subarray(start, end);
    const isSilent = (run: ComparedRun): boolean => rowsAt(run, inLabel).every((row) => Number.isNaN(run.test.score[row]!));
    return [{ name: names.get(label.id)!, without: end > start ? runs.filter(isSilent) : [] }];
  };
  const longest = Math.max(...runs.map(({ model }) => model.warmUpRows));
  return {
    period,
    timestamps,
    scored,
    labels,
    names,
    counted,
    left: timestamps.length - counted,
    lost: inside.flatMap(lostOf),
    buffer: vusBufferOf(longest),
  };
}

/** The run's own threshold and events on the judged rows. */
export function judgeRun(run: ComparedRun, judged: JudgedRows): JudgedRun {
  const rows = rowsAt(run, judged.timestamps);
  const score = Float32Array.from(rows, (row) => run.test.score[row]!);
  const modes = run.rows.modes && Uint8Array.from(rows, (row) => run.rows.modes![row]!);
  // A threshold was kept: it is a condition of every comparison.
  const rule = run.threshold!;
  const { evaluation, zones } = judgeMethod({ score, rule, events: run.events, modes }, judged);
  const test = testOf(judged);
  const above = countAbove(test, { timestamps: judged.timestamps, score, modes }, rule);
  return {
    run,
    evaluation,
    zones,
    events: run.events.filter((event) => touches(test.timestamps, test.common, event)),
    above: judged.counted === 0 ? 0 : above / judged.counted,
  };
}

/** The rows in the words of the referee, which judges by the same functions. */
export function testOf({ timestamps, scored, labels, period, buffer }: JudgedRows): JudgedTest {
  return { timestamps, common: scored, labels, range: period, buffer };
}

/** Any method by the same rows, labels and buffer. */
export function judgeMethod(
  { score, rule, events, modes }: JudgedMethod,
  judged: JudgedRows,
): { readonly evaluation: Evaluation; readonly zones: VusZones | null } {
  const rows = { timestamps: judged.timestamps, score, modes };
  const { evaluation, aucRoc, zones } = judgeDetected(testOf(judged), rows, rule, { events, hidden: [] });
  return { evaluation: { ...evaluation, aucRoc }, zones };
}

/** [n] of a run's rows, in the order of the judged ones; all are there. */
export function rowsAt({ rows }: Pick<ComparedRun, 'rows'>, timestamps: Float64Array): Int32Array {
  let at = lowerBound(rows.timestamps, timestamps[0] ?? Infinity);
  return Int32Array.from(timestamps, (time) => {
    while (rows.timestamps[at]! < time) at++;
    return at;
  });
}

/** [n] what each judged row counts as, see `rowKindsOf`. */
export function kindsOfRows({ timestamps, scored, labels }: JudgedRows): Uint8Array {
  return kindsOf(timestamps, scored, labels);
}

function kindsOf(timestamps: Float64Array, scored: Uint8Array, labels: readonly Label[]): Uint8Array {
  return rowKindsOf(
    timestamps,
    Float32Array.from(scored, (has) => (has === 1 ? 0 : NaN)),
    labels,
  );
}

function commonTimes(runs: readonly ComparedRun[], period: Span): Float64Array {
  const inside = ({ rows: { timestamps } }: ComparedRun): Float64Array =>
    timestamps.subarray(lowerBound(timestamps, period.start), lowerBound(timestamps, period.end));
  return runs.map(inside).reduce((left, right) => {
    let at = 0;
    return left.filter((time) => {
      while (at < right.length && right[at]! < time) at++;
      return right[at] === time;
    });
  });
}

/** Labels that agree between the runs, and masks where the threshold of any of them has seen an anomaly that reaches into the period. */
function judgedLabels(runs: readonly ComparedRun[], period: Span): Label[] {
  const [first, ...others] = runs;
  const bounds = { start: period.start, end: period.end - 1 };
  const masks = others.flatMap((run) => {
    const known = new Map(run.labels.map((label) => [label.id, label.class]));
    return run.test.labels.filter(
      (label) => label.class === 'ignore' && known.get(label.id) !== 'ignore' && overlaps(label, bounds),
    );
  });
  return [...first!.test.labels, ...masks];
}
