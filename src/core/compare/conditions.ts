import { clipIntervals, ofClass, type Span } from '../labels/interval';
import type { Label } from '../labels/label';
import { countOf, formatDuration, timeFormatter } from '../report/format';
import { listed } from '../report/words';
import { lowerBound } from '../series/search';
import type { CompareCondition } from './comparison';
import { nameOf, windowMs, type ComparedRun } from './run';

/** Classes that decide what counts as anomaly, as mask or as explained; the others change no figure. */
const judgedClasses = ['anomaly', 'instrument', 'ignore', 'mode-change'] as const;

export interface Conditions {
  readonly conditions: readonly CompareCondition[];
  readonly refused: string | null;
  readonly commonPossible: boolean;
  /** Half-open; null when it is not the same for all. */
  readonly period: Span | null;
}

/**
 * What must hold before any number of a comparison is computed: the runs are judged on the same rows of the same time, by the same
 * labels, each by a threshold that was kept for it, and no window reaches from time that a run learned or was calibrated on into it.
 *
 * @param common - judge the time that all test parts share, instead of asking that they be equal.
 * @param timeZone - in which times are written.
 */
export function conditionsOf(runs: readonly ComparedRun[], common: boolean, timeZone: string): Conditions {
  const found = check(runs, common, timeZone);
  const refused = refusalOf(found.conditions);
  return {
    ...found,
    refused,
    commonPossible: refused !== null && !common && refusalOf(check(runs, true, timeZone).conditions) === null,
  };
}

function refusalOf(conditions: readonly CompareCondition[]): string | null {
  const broken = conditions.filter(({ ok }) => !ok);
  return broken.length === 0 ? null : broken.map(({ text }) => text).join(' ');
}

function check(runs: readonly ComparedRun[], common: boolean, timeZone: string): Pick<Conditions, 'conditions' | 'period'> {
  const clock = timeFormatter(timeZone);
  const found = common ? commonPeriod(runs, clock.time) : samePeriod(runs, clock.time);
  const { period } = found;
  const rows = period ? (found.problem ?? rowsProblem(runs, period)) : found.problem;
  const thresholds = runs.filter(({ threshold }) => threshold === null).map(nameOf);
  const condition = (id: CompareCondition['id'], title: string, problem: string | null, text: string): CompareCondition => ({
    id,
    title,
    ok: problem === null,
    text: problem ?? text,
  });
  const when = period ? `${clock.time(period.start)} to ${clock.time(period.end - 1)}` : '';
  const test = condition(
    'test-part',
    common ? 'common test part' : 'same test part',
    rows,
    `${common ? 'Common test' : 'Test'} part ${when}.`,
  );
  const kept = condition(
    'thresholds',
    'thresholds kept',
    thresholds.length > 0 ? `No threshold was kept for ${listed(thresholds)}. Choose one on the calibration page.` : null,
    'Each run is judged by the threshold that was kept for it last.',
  );
  // Without a period there is nothing to compare labels and windows in, and a tick would say what nobody looked at.
  if (!period) return { conditions: [test, kept], period };
  const conditions = [
    test,
    condition('labels', 'same labels', labelProblem(runs, period, clock.time), labelText(runs[0]!, period)),
    kept,
    condition('windows', 'no shared windows', windowProblem(runs, period), windowText(runs)),
  ];
  return { conditions, period };
}

/** A period, or why there is none. */
interface FoundPeriod {
  readonly period: Span | null;
  readonly problem: string | null;
}
type Write = (ms: number) => string;

/** The test part of a run, its end bounded by the data. */
function testSpan({ test, dataset }: ComparedRun): Span {
  return { start: test.range.start, end: Math.min(test.range.end, dataset.end + 1) };
}

function samePeriod(runs: readonly ComparedRun[], write: Write): FoundPeriod {
  const empty = emptyTest(runs);
  if (empty) return { period: null, problem: empty };
  const [first, ...others] = runs;
  const period = testSpan(first!);
  const other = others.find((run) => testSpan(run).start !== period.start || testSpan(run).end !== period.end);
  if (!other) return { period, problem: null };
  const { start, end } = testSpan(other);
  const what =
    start !== period.start
      ? `begins on ${write(start)}, that of ${nameOf(first!)} on ${write(period.start)}`
      : `ends on ${write(end - 1)}, that of ${nameOf(first!)} on ${write(period.end - 1)}`;
  return { period: null, problem: `The test part of ${nameOf(other)} ${what}.` };
}

/** The time that all test parts share, and that no run's window reaches into from what it has seen. */
function commonPeriod(runs: readonly ComparedRun[], write: Write): FoundPeriod {
  const empty = emptyTest(runs);
  if (empty) return { period: null, problem: empty };
  const start = Math.max(...runs.map((run) => Math.max(testSpan(run).start, safeStart(run))));
  const end = Math.min(...runs.map((run) => testSpan(run).end));
  if (end > start) return { period: { start, end }, problem: null };
  const late = runs.find((run) => Math.max(testSpan(run).start, safeStart(run)) === start)!;
  const early = runs.find((run) => testSpan(run).end === end)!;
  return {
    period: null,
    problem: `The test parts have no time in common: that of ${nameOf(early)} ends on ${write(end - 1)}, that of ${nameOf(late)} begins on ${write(start)}.`,
  };
}

function emptyTest(runs: readonly ComparedRun[]): string | null {
  const none = runs.find((run) => run.test.refused !== null || testSpan(run).end <= testSpan(run).start);
  return none ? `${nameOf(none)} has no test part to judge${none.test.refused ? `: ${none.test.refused}` : ''}.` : null;
}

/** Why the rows are not the same, though the time is. */
function rowsProblem(runs: readonly ComparedRun[], period: Span): string | null {
  const [first, ...others] = runs;
  const grid = (run: ComparedRun): number => run.model.preparation.resampleMs;
  const resampled = others.find((run) => grid(run) !== grid(first!));
  if (resampled) {
    const text = (run: ComparedRun): string =>
      grid(run) === 0 ? `${nameOf(run)} keeps the rows of the data` : `${nameOf(run)} is resampled to ${formatDuration(grid(run))}`;
    return `The rows are not the same: ${text(first!)}, ${text(resampled)}.`;
  }
  const times = (run: ComparedRun): Float64Array => {
    const { timestamps } = run.rows;
    return timestamps.subarray(lowerBound(timestamps, period.start), lowerBound(timestamps, period.end));
  };
  const wanted = times(first!);
  if (wanted.length === 0) return `${nameOf(first!)} has no row in the compared period.`;
  const other = others.find((run) => run.dataset.sha256 !== first!.dataset.sha256 && !equalTimes(wanted, times(run)));
  return other
    ? `${nameOf(other)} was made from another file (${other.dataset.sourceName}) than ${nameOf(first!)} (${first!.dataset.sourceName}), ` +
        'and their rows have other times in the compared period.'
    : null;
}

function equalTimes(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((time, i) => b[i] === time);
}

/** The labels that decide in a period, as text that two label sets share when they say the same. */
function labelKeys(labels: readonly Label[], period: Span): Map<string, Label> {
  const inside = clipIntervals(ofClass(labels, ...judgedClasses), { start: period.start, end: period.end - 1 });
  return new Map(inside.map((label) => [`${label.class} ${label.start} ${label.end}`, label]));
}

function labelProblem(runs: readonly ComparedRun[], period: Span, write: Write): string | null {
  const [first, ...others] = runs;
  const wanted = labelKeys(first!.labels, period);
  for (const run of others) {
    const own = labelKeys(run.labels, period);
    const extra = [...own].find(([key]) => !wanted.has(key));
    const missing = [...wanted].find(([key]) => !own.has(key));
    const [has, hasNot, label] = extra ? [run, first!, extra[1]] : missing ? [first!, run, missing[1]] : [];
    if (has && hasNot && label) {
      return `The labels differ: ${nameOf(has)} has a label "${label.class}" from ${write(label.start)} to ${write(label.end)} that ${nameOf(hasNot)} has not.`;
    }
  }
  return null;
}

function labelText(run: ComparedRun, period: Span): string {
  const labels = [...labelKeys(run.labels, period).values()];
  const anomalies = ofClass(labels, 'anomaly').length;
  const rest = labels.length - anomalies;
  const others =
    rest === 0 ? '' : rest === 1 ? ' and one label that masks or explains' : ` and ${rest} labels that mask or explain`;
  return `${capital(countOf(anomalies, 'labelled anomaly', 'labelled anomalies'))} in the period${others}, as they are today.`;
}

/** Earliest time whose window holds nothing that trained or calibrated the run. */
function safeStart(run: ComparedRun): number {
  return run.split.calibrateUntil + windowMs(run);
}

function windowProblem(runs: readonly ComparedRun[], period: Span): string | null {
  const run = runs.find((one) => safeStart(one) > period.start);
  return run
    ? `The first windows of ${nameOf(run)} in the compared period hold data of its calibration part: it looks back over ${formatDuration(windowMs(run))}, and the guard is ${formatDuration(run.split.guardMs)}.`
    : null;
}

function windowText(runs: readonly ComparedRun[]): string {
  const longest = Math.max(...runs.map(windowMs));
  return longest === 0
    ? 'No run looks back.'
    : `The longest look-back is ${formatDuration(longest)}; the guard before the period is at least as long.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
