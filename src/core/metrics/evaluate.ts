import type { Interval } from '../labels/interval';
import { countOf, formatDuration, formatScore, timeFormatter } from '../report/format';
import { lowerBound } from '../series/search';
import { modeName } from '../thresholds/modes';
import { rowKinds } from '../thresholds/rows';
import type { ThresholdRule } from '../thresholds/threshold';
import { modeLimits } from '../events/rows';
import { dayMs } from './days';
import type { Evaluation, Metric } from './evaluation';
import { eventJudge, stretchOf, type Stretch, type StretchInput } from './judge';
import { poissonUpper } from './poisson';
import { aucRoc, averagePrecision, vus } from './rank';
import type { ScoreColumn } from '../scoring/scores';

/** The whole series or any stretch of it that holds the range; `modes`, `byChannel` or `shares` where the rule needs them. */
export interface EvaluateInput extends StretchInput<ScoreColumn> {
  readonly rule: ThresholdRule;
  /** Shown and hidden events under the rule; found here when absent. Those that overlap the range are judged. */
  readonly events?: readonly Interval[] | undefined;
  readonly hidden?: readonly Interval[] | undefined;
  /** Counts false events that begin in this mode, and its normal days, alone; null or absent: all. */
  readonly mode?: number | null | undefined;
  /** Name of the part for the protocol, "test part". */
  readonly part?: string | undefined;
  /** Longest buffer of VUS-PR in rows; 100 when absent or larger. */
  readonly vusBuffer?: number | undefined;
  /** Already computed by `rankMetrics` for the same scores, labels and range; they do not depend on the threshold. */
  readonly rank?: RankMetrics | undefined;
}

export type RankMetrics = Pick<Evaluation, 'aucRoc' | 'averagePrecision' | 'vusPr'>;

const vusBufferCap = 100;

/** Longest buffer of VUS in rows for a detector that looks back over so many rows: its window, up to the cap; the cap without one. */
export function vusBufferOf(warmUpRows: number): number {
  return warmUpRows > 0 ? Math.min(vusBufferCap, warmUpRows) : vusBufferCap;
}

/** Judges any threshold on the part it was made for; `events` and `hidden` as in `EvaluateInput`. */
export type Evaluator = (rule: ThresholdRule, events?: readonly Interval[], hidden?: readonly Interval[]) => Evaluation;

/**
 * Judges one threshold on one part.
 *
 * Rows without a score and rows in labels of instrument faults or ignored time count neither as normal nor as anomalous. Point metrics
 * count samples with score >= threshold of their mode, without hysteresis. Event metrics count the events that `detect` shows: a label is
 * caught when an event overlaps it; an event is false when it overlaps no label other than "normal": an instrument fault, a mask or a mode
 * change that someone marked explains it. What dead time and suppression rules hid can neither catch nor be false. With `mode` only false
 * events and normal days are of that mode; event precision counts the events of all. Nothing is point-adjusted. A metric that is not
 * defined has its reason instead of a number.
 *
 * @see Sehili and Zhang 2023 (event recall and precision); Paparrizos et al. 2022 (VUS-PR).
 */
export function evaluate(input: EvaluateInput): Evaluation {
  return evaluator(input)(input.rule, input.events, input.hidden);
}

/**
 * `evaluate` for many thresholds on the same part: everything that does not depend on the threshold is computed once, so that what is
 * left can run on every frame while a threshold is dragged.
 */
export function evaluator(input: Omit<EvaluateInput, 'rule' | 'events' | 'hidden'>): Evaluator {
  const part = stretchOf(input);
  const { timestamps } = part;
  const mode = input.mode ?? null;
  const anomalies = rowCounter(part, rowKinds.anomaly);
  const normals = rowCounter(part, rowKinds.normal);
  const scored = anomalies.rows + normals.rows;
  const why = emptyReason(part, scored, input.part);
  const noAnomaly = why ?? (anomalies.rows === 0 ? 'no labelled anomaly with scores in this part' : null);
  const bounds = { start: timestamps[0] ?? NaN, end: timestamps.at(-1) ?? NaN };
  const judge = eventJudge(part, input.labels, mode);
  const { days, labels } = judge;
  const rank = input.rank ?? rankMetrics(input);
  const left = timestamps.length - scored;

  return (rule, given, givenHidden) => {
    const hits = anomalies.reached(rule);
    const falseHits = normals.reached(rule);
    const judged = judge.of(rule, given && { events: given, hidden: givenHidden });
    const { events, hidden, trueEvents, falseAt } = judged;
    const counted = trueEvents + judged.falseEvents;
    const delays = judged.found.flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs]));
    const inEvents = events.reduce((sum, event) => sum + judge.rowsOf('anomaly', event) + judge.rowsOf('normal', event), 0);
    const noDays = `no scored normal time ${mode === null ? '' : 'of the mode '}in this part`;
    const perDay = (count: number): Metric => (days > 0 ? { value: count / days } : { value: null, reason: why ?? noDays });
    const noPrediction = hits + falseHits === 0 ? 'no sample reaches the threshold in this part' : null;
    const noEvent =
      events.length > 0 ? null : hidden > 0 ? 'every event in this part is hidden' : 'nothing was detected in this part';
    const allMasked = counted === 0 ? 'every event is explained by a label of another class' : null;
    return {
      protocol: protocolOf(input.part, rule, left, bounds, hidden, mode),
      rows: scored,
      days,
      labels: labels.length,
      caught: delays.length,
      events: events.length,
      hidden,
      falseEvents: falseAt.length,
      falseEventsPerDay: perDay(falseAt.length),
      falseEventsPerDayUpper: perDay(poissonUpper(falseAt.length)),
      medianDelayMs: metric(noAnomaly ?? (delays.length === 0 ? 'no labelled anomaly was caught' : null), () => median(delays)),
      precision: metric(why ?? noPrediction ?? noAnomaly, () => hits / (hits + falseHits)),
      recall: metric(noAnomaly, () => hits / anomalies.rows),
      // With anomalies but no detection F1 is 0, not undefined: 2·TP / (2·TP + FP + FN).
      f1: metric(noAnomaly, () => (2 * hits) / (hits + falseHits + anomalies.rows)),
      eventPrecision: metric(why ?? noEvent ?? noAnomaly ?? allMasked, () => trueEvents / counted),
      eventRecall: metric(noAnomaly, () => delays.length / labels.length),
      eventF1: metric(noAnomaly, () => harmonic(counted === 0 ? 0 : trueEvents / counted, delays.length / labels.length)),
      ...rank,
      prevalence: metric(why, () => anomalies.rows / scored),
      allOnesF1: metric(noAnomaly, () => (2 * anomalies.rows) / (scored + anomalies.rows)),
      timeInEvents: metric(why, () => inEvents / scored),
    };
  };
}

/** Number of rows of a kind, and how many of them reach the threshold of their mode; scores are sorted once for each mode. */
function rowCounter(part: Stretch<ScoreColumn>, kind: number): { rows: number; reached: (rule: ThresholdRule) => number } {
  const all = part.score.filter((_, i) => part.kinds[i] === kind).sort();
  const above = (sorted: ScoreColumn, limit: number): number => sorted.length - lowerBound(sorted, limit);
  const { modes } = part;
  if (!modes) return { rows: all.length, reached: (rule) => above(all, rule.value) };
  const byMode = [...new Set(modes)].map((mode) => ({
    mode,
    sorted: part.score.filter((_, i) => part.kinds[i] === kind && modes[i] === mode).sort(),
  }));
  return {
    rows: all.length,
    reached: (rule) => {
      if (!rule.modes) return above(all, rule.value);
      const limits = modeLimits(rule);
      return byMode.reduce((sum, { mode, sorted }) => sum + above(sorted, limits[mode]!), 0);
    },
  };
}

/** The metrics of a part that need no threshold; compute them once while a threshold is dragged. */
export function rankMetrics(input: Omit<EvaluateInput, 'rule'>): RankMetrics {
  const part = stretchOf(input);
  const score = part.score.filter((_, i) => part.kinds[i] !== rowKinds.left);
  const truth = part.kinds.filter((kind) => kind !== rowKinds.left);
  const reason =
    emptyReason(part, truth.length, input.part) ??
    (truth.includes(rowKinds.anomaly) ? 'no scored normal time in this part' : 'no labelled anomaly with scores in this part');
  const of = (value: number | null): Metric => (value === null ? { value, reason } : { value });
  const buffer = Math.min(vusBufferCap, Math.max(0, Math.round(input.vusBuffer ?? vusBufferCap)));
  return {
    aucRoc: of(aucRoc({ score, truth })),
    averagePrecision: of(averagePrecision({ score, truth })),
    vusPr: of(vus({ score, truth }, buffer)?.pr ?? null),
  };
}

function emptyReason(part: Stretch<ScoreColumn>, scored: number, name = 'part'): string | null {
  if (part.timestamps.length === 0) return `the ${name} has no row`;
  return scored === 0 ? `no row of the ${name} has a score outside masks` : null;
}

function metric(reason: string | null, value: () => number): Metric {
  return reason === null ? { value: value() } : { value: null, reason };
}

function harmonic(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}

/** Middle value; of an even number the mean of the two middle ones. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function protocolOf(
  part = 'part',
  rule: ThresholdRule,
  left: number,
  bounds: Interval,
  hidden: number,
  mode: number | null,
): string {
  const { iso } = timeFormatter('UTC');
  // Days, or to the second within one: "2020-03-09 11:05:12 to 2020-03-09 11:14:33".
  const digits = bounds.end - bounds.start < dayMs ? 19 : 10;
  const day = (ms: number): string => iso(ms).slice(0, digits).replace('T', ' ');
  const period = Number.isNaN(bounds.start) ? 'without rows' : `${day(bounds.start)} to ${day(bounds.end)}`;
  return [
    `${part} ${period}`,
    ...ruleInWords(rule),
    ...(rule.deadTimeMs || rule.suppress?.length ? [`${countOf(hidden, 'event')} hidden`] : []),
    ...(mode === null
      ? []
      : [`false events and normal days of ${rule.modes ? modeName(rule.modes, mode) : `mode ${mode + 1}`} alone`]),
    'not point-adjusted',
    ...(left > 0 ? [`${countOf(left, 'row')} without score or in masks left out`] : []),
  ].join(', ');
}

/** "score >= 3.42", "hysteresis 0.5", …: the knobs that are used. */
function ruleInWords(rule: ThresholdRule): string[] {
  const { modes } = rule;
  const own = modes?.values.flatMap((value, mode) => (value === null ? [] : [`${formatScore(value)} at ${modeName(modes, mode)}`]));
  return [
    `score >= ${formatScore(rule.value)}${own?.length ? ` (${own.join('; ')})` : ''}`,
    ...(rule.hysteresis ? [`hysteresis ${formatScore(rule.hysteresis)}`] : []),
    `min duration ${formatDuration(rule.minDurationMs)}`,
    `merge gap ${formatDuration(rule.mergeGapMs)}`,
    ...(rule.deadTimeMs ? [`dead time ${formatDuration(rule.deadTimeMs)}`] : []),
    ...(rule.suppress?.length ? [countOf(rule.suppress.length, 'suppression rule')] : []),
  ];
}
