import { clipIntervals } from '../labels/interval';
import { eventJudge, stretchOf, type EventJudge, type EventJudgement, type Stretch } from '../metrics/judge';
import { medianStep } from '../series/statistics';
import { levelsBetween, thresholdLevels } from './levels';
import { rowKinds, scoresOfKind } from './rows';
import type { SearchKnob, SuggestInput } from './suggest';
import { quantileOf } from './tail';
import type { ThresholdRule } from './threshold';

/**
 * What is wanted of a rule: smaller numbers first, compared one after the other; null where the rule is out of the question.
 *
 * @param falseEvents - most false events at this threshold or any higher one tried, with the same knobs: low enough, everything is one event
 * that covers each label, and its own count of false events would call that perfect.
 */
export type Goal = (judged: EventJudgement, falseEvents: number, judge: EventJudge) => readonly number[] | null;

export interface SearchResult {
  readonly rule: ThresholdRule;
  readonly judged: EventJudgement;
  readonly judge: EventJudge;
  /** Number of different rules that were judged. */
  readonly tried: number;
}

/** Knobs of one combination; hysteresis absolute, or a share of the way from the median normal score to the threshold. */
interface Knobs {
  readonly minDurationMs: number;
  readonly mergeGapMs: number;
  readonly deadTimeMs: number;
  readonly hysteresis: { readonly absolute: number } | { readonly share: number };
}

/** Rows that may be visited in all (a few seconds of a million rows), and rules that may be judged. */
const rowBudget = 5e8;
const ruleBudget = 20_000;
const levelLimits = { min: 16, max: 400 } as const;
/** Combinations around whose best threshold a finer search goes on, thresholds in each of its rounds, and rounds. */
const refined = { combinations: 5, levels: 24, rounds: 2 } as const;

/**
 * The rule of a grid that comes nearest to a goal, on the rows handed in and nothing else. Thresholds lie between neighbouring scores: all
 * of them where there are few, else an even choice that is dense at the high end, refined around the best. Knobs that are not to be
 * searched stay as given. Equal rules: fewer false events, then the higher threshold, then the knobs as given. Long merge gaps are not tried:
 * they buy few events with long ones.
 *
 * @returns null when no row has a score.
 */
export function searchRule(input: SuggestInput, goal: Goal): SearchResult | null {
  const part = stretchOf({ ...input, modes: undefined });
  const judge = eventJudge(part, input.labels);
  const combinations = knobChoices(input, part, judge);
  const n = Math.max(1, part.score.length);
  const affordable = Math.floor(Math.min(ruleBudget, rowBudget / n) / combinations.length);
  const most = Math.min(levelLimits.max, Math.max(levelLimits.min, affordable));
  const levels = thresholdLevels(
    part.score,
    most,
    part.kinds.map((kind) => (kind === rowKinds.anomaly ? 1 : 0)),
  );
  if (levels.length === 0) return null;
  const middle = medianNormal(part);
  let tried = 0;

  /** From high to low; `before`: most false events at the thresholds above the first. */
  const scan = (knobs: Knobs, values: readonly number[], before: number): Scan => {
    let most = before;
    let best: Candidate | null = null;
    const falseEvents = values.map((value) => {
      tried++;
      const rule = ruleOf(input, knobs, value, middle);
      const judged = judge.of(rule);
      most = Math.max(most, judged.falseAt.length);
      const rank = goal(judged, most, judge);
      if (rank) best = better(best, { rule, judged, rank: [...rank, most, -value] });
      return most;
    });
    return { knobs, values, falseEvents, best };
  };
  const finer = (from: Scan, round = 0): Scan => {
    const at = from.best ? from.values.indexOf(from.best.rule.value) : -1;
    if (at < 0 || round === refined.rounds) return from;
    const above = Math.max(0, at - 1);
    const high = at > 0 ? from.values[above]! : Infinity;
    const inside = levelsBetween(part.score, high, from.values[at + 1] ?? -Infinity, refined.levels);
    if (inside.length === 0) return from;
    const values = [...new Set([from.values[above]!, ...inside, from.values[at]!])].sort((a, b) => b - a);
    return finer(scan(from.knobs, values, at > 0 ? from.falseEvents[above]! : 0), round + 1);
  };
  const scans = combinations.map((knobs) => scan(knobs, levels, 0)).filter(({ best }) => best !== null);
  scans.sort((a, b) => compare(a.best!.rank, b.best!.rank));
  const answer = scans
    .slice(0, refined.combinations)
    .map((start) => finer(start).best)
    .reduce(better, null);
  return answer && { rule: answer.rule, judged: answer.judged, judge, tried };
}

/**
 * The lowest threshold down to which no threshold tried breaks a limit; the knobs stay as given. Too strict rather than too loose where it
 * lies between two of the thresholds tried.
 *
 * @returns null when no row has a score; the threshold above every score when even one event breaks the limit.
 */
export function lowestRule(
  input: SuggestInput,
  keeps: (judged: EventJudgement, judge: EventJudge) => boolean,
): SearchResult | null {
  const part = stretchOf({ ...input, modes: undefined });
  const judge = eventJudge(part, input.labels);
  const { minDurationMs, mergeGapMs, hysteresis = 0, deadTimeMs = 0 } = input;
  const knobs: Knobs = { minDurationMs, mergeGapMs, deadTimeMs, hysteresis: { absolute: hysteresis } };
  let tried = 0;
  let found: SearchResult | null = null;
  let values = thresholdLevels(part.score, levelLimits.max);
  for (let round = 0; round <= refined.rounds && values.length > 0; round++) {
    let broken = -Infinity;
    for (const value of values) {
      tried++;
      const rule = ruleOf(input, knobs, value, 0);
      const judged = judge.of(rule);
      if (found && !keeps(judged, judge)) {
        broken = value;
        break;
      }
      found = { rule, judged, judge, tried };
    }
    values = found ? levelsBetween(part.score, found.rule.value, broken, levelLimits.max) : [];
    // Down to the lowest score nothing broke it.
    if (broken === -Infinity) break;
  }
  return found;
}

interface Scan {
  readonly knobs: Knobs;
  /** Descending. */
  readonly values: readonly number[];
  /** Most false events down to each value. */
  readonly falseEvents: readonly number[];
  readonly best: Candidate | null;
}

interface Candidate {
  readonly rule: ThresholdRule;
  readonly judged: EventJudgement;
  readonly rank: readonly number[];
}

/** The first of two unless the second ranks before it. */
function better(a: Candidate | null, b: Candidate | null): Candidate | null {
  if (!a || !b) return a ?? b;
  return compare(b.rank, a.rank) < 0 ? b : a;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return 0;
}

/** The given knobs and no others where they may not be searched; zero and unused knobs stay absent. */
function ruleOf(input: SuggestInput, knobs: Knobs, value: number, middle: number): ThresholdRule {
  const { hysteresis: way } = knobs;
  const hysteresis = 'absolute' in way ? way.absolute : way.share * Math.max(0, value - middle);
  return {
    value,
    minDurationMs: knobs.minDurationMs,
    mergeGapMs: knobs.mergeGapMs,
    ...(hysteresis > 0 && { hysteresis }),
    ...(knobs.deadTimeMs > 0 && { deadTimeMs: knobs.deadTimeMs }),
    ...(input.suppress?.length && { suppress: input.suppress }),
  };
}

/**
 * Every combination of the knobs to be searched, those as given first. Lengths follow from the distance of rows and the median length of the
 * labelled anomalies; of hysteresis a tenth and a quarter of the way from the median normal score to the threshold are tried.
 */
function knobChoices(input: SuggestInput, part: Stretch, judge: EventJudge): Knobs[] {
  const step = medianStep(part.timestamps);
  // What of a label lies behind these rows is of another part.
  const bounds = { start: part.timestamps[0] ?? NaN, end: part.timestamps.at(-1) ?? NaN };
  const inside = clipIntervals(judge.labels, bounds);
  const lengths = Float64Array.from(inside, ({ start, end }) => Math.max(step, end - start)).sort();
  const label = lengths.length > 0 ? quantileOf(lengths, 0.5) : 20 * step;
  const { minDurationMs, mergeGapMs, hysteresis = 0, deadTimeMs = 0 } = input;
  const searched = (knob: SearchKnob, given: number, values: readonly number[]): readonly number[] =>
    input.search?.includes(knob) ? [...new Set([given, ...values.map(Math.round)])] : [given];
  const durations = searched('minDuration', minDurationMs, [0, 2 * step, 5 * step, label / 4]);
  const gaps = searched('mergeGap', mergeGapMs, [0, mergeGapMs > 0 ? 2 * mergeGapMs : 5 * step]);
  const deadTimes = searched('deadTime', deadTimeMs, [0, label, 4 * label]);
  const ways: Knobs['hysteresis'][] = [{ absolute: hysteresis }];
  if (input.search?.includes('hysteresis')) {
    if (hysteresis > 0) ways.push({ absolute: 0 });
    ways.push({ share: 0.1 }, { share: 0.25 });
  }
  return durations.flatMap((duration) =>
    gaps.flatMap((gap) =>
      ways.flatMap((way) =>
        deadTimes.map((dead) => ({ minDurationMs: duration, mergeGapMs: gap, hysteresis: way, deadTimeMs: dead })),
      ),
    ),
  );
}

function medianNormal(part: Stretch): number {
  const sorted = scoresOfKind(part.score, part.kinds, rowKinds.normal).sort();
  return sorted.length > 0 ? quantileOf(sorted, 0.5) : 0;
}
