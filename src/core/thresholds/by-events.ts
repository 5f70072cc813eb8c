import { FaultlineError } from '../errors';
import type { EventJudgement } from '../metrics/judge';
import { countOf, formatDays, formatDuration, formatNumber, formatScore } from '../report/format';
import { lowestRule, searchRule, type Goal, type SearchResult } from './event-search';
import type { SearchKnob, SuggestInput } from './suggest';
import type { Objective, ThresholdRule } from './threshold';

export interface FoundRule {
  readonly rule: ThresholdRule;
  readonly achieved: number | null;
  readonly from: string;
}

type Costs = Extract<Objective, { kind: 'cost' }>;
type EventObjective = Extract<Objective, { kind: 'cost' | 'recall' | 'delay' | 'events-per-day' }>;

/**
 * The rule that an objective on events asks for.
 *
 * cost: least miss·(missed) + falseEvent·(false events). recall: most labelled anomalies caught with at most `limit` false events a day.
 * delay: of the rules that recall finds equal in what they catch, the shortest median delay. events-per-day: the lowest threshold within the
 * limit. Ties: fewer false events, then the higher threshold. A threshold keeps a limit when every higher one does too, and costs at least as
 * many false events as these: one event over everything is no catch.
 *
 * @throws FaultlineError 'threshold/no-labels' (not for events-per-day), 'threshold/no-scores'.
 */
export function byEvents(objective: EventObjective, input: SuggestInput): FoundRule {
  const found =
    objective.kind === 'events-per-day'
      ? lowestRule(input, (judged, { days }) => within(objective.limit, judged.falseAt.length, days))
      : searchRule(input, goalOf(objective));
  if (!found) throw noScores('The calibration part has no score to choose a threshold from.');
  const { judged, judge, rule } = found;
  const labels = judge.labels.length;
  if (objective.kind !== 'events-per-day' && labels === 0) {
    throw new FaultlineError(
      'threshold/no-labels',
      'This objective needs a labelled anomaly with scores in the calibration part, and there is none. ' +
        'Label one there, move the split, or choose a quantile, a tail fit or a conformal p-value.',
      { rows: input.timestamps.length },
    );
  }
  if (judge.days === 0) throw noScores('The calibration part has no scored normal time to count false events in.');
  const caught = judged.found.filter(({ delayMs }) => delayMs !== null).length;
  const falseEvents = judged.falseAt.length;
  const delay = medianDelay(judged);
  const counts = `${countOf(falseEvents, 'false event')} in ${judge.days >= 1 ? `${formatNumber(judge.days)} days` : formatDays(judge.days)}`;
  const finds = `${caught} of ${countOf(labels, 'labelled anomaly', 'labelled anomalies')} caught`;
  const end = `${knobsInWords(rule, input)}${effort(found, input)}`;
  switch (objective.kind) {
    case 'cost': {
      const cost = costOf(objective, judged);
      const sum = `${formatNumber(objective.miss)} for each miss, ${formatNumber(objective.falseEvent)} for each false event`;
      return {
        rule,
        achieved: cost,
        from: `Least cost on the calibration part: ${formatNumber(cost)} (${sum}); ${finds}, ${counts}.${end}`,
      };
    }
    case 'recall':
      return {
        rule,
        achieved: caught / labels,
        from: `Most labelled anomalies caught with at most ${objective.limit} false events a day on the calibration part: ${finds}, ${counts}.${end}`,
      };
    case 'delay':
      return {
        rule,
        achieved: delay,
        from:
          `Shortest median delay among the settings that catch most with at most ${objective.limit} false events a day on the ` +
          `calibration part: ${delay === null ? 'nothing can be caught' : formatDuration(delay)}; ${finds}, ${counts}.${end}`,
      };
    case 'events-per-day':
      return {
        rule,
        achieved: falseEvents / judge.days,
        from:
          `Smallest threshold with at most ${objective.limit} false events a day on the calibration part: ${counts}` +
          (labels > 0 ? '.' : '; no anomaly is labelled there, so every event counts as false.'),
      };
  }
}

function goalOf(objective: Exclude<EventObjective, { kind: 'events-per-day' }>): Goal {
  const caught = (judged: EventJudgement): number => judged.found.filter(({ delayMs }) => delayMs !== null).length;
  switch (objective.kind) {
    case 'cost':
      return (judged, falseEvents) => [costOf(objective, judged, falseEvents)];
    case 'recall':
      return (judged, falseEvents, { days }) => (within(objective.limit, falseEvents, days) ? [-caught(judged)] : null);
    case 'delay':
      return (judged, falseEvents, { days }) =>
        within(objective.limit, falseEvents, days) ? [-caught(judged), medianDelay(judged) ?? Infinity] : null;
  }
}

function within(limit: number, falseEvents: number, days: number): boolean {
  return falseEvents <= Math.floor(limit * days + 1e-9);
}

function costOf(objective: Costs, judged: EventJudgement, falseEvents = judged.falseAt.length): number {
  const missed = judged.found.filter(({ delayMs }) => delayMs === null).length;
  return objective.miss * missed + objective.falseEvent * falseEvents;
}

function medianDelay(judged: EventJudgement): number | null {
  const delays = judged.found.flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs])).sort((a, b) => a - b);
  const middle = delays.length >> 1;
  if (delays.length === 0) return null;
  return delays.length % 2 === 1 ? delays[middle]! : (delays[middle - 1]! + delays[middle]!) / 2;
}

const knobNames: Readonly<Record<SearchKnob, string>> = {
  minDuration: 'minimum duration',
  mergeGap: 'merge gap',
  hysteresis: 'hysteresis',
  deadTime: 'dead time',
};

/** " Found: minimum duration 0 s, merge gap 10 min." for knobs that were searched. */
function knobsInWords(rule: ThresholdRule, { search = [] }: SuggestInput): string {
  const values: Readonly<Record<SearchKnob, string>> = {
    minDuration: formatDuration(rule.minDurationMs),
    mergeGap: formatDuration(rule.mergeGapMs),
    hysteresis: formatScore(rule.hysteresis ?? 0),
    deadTime: formatDuration(rule.deadTimeMs ?? 0),
  };
  const found = search.map((knob) => `${knobNames[knob]} ${values[knob]}`);
  return found.length === 0 ? '' : ` Found with it: ${found.join(', ')}.`;
}

/** How much was tried, and what that means with so few labels. */
function effort({ tried, judge }: SearchResult, { search = [] }: SuggestInput): string {
  if (search.length === 0) return '';
  return (
    ` ${countOf(tried, 'setting')} tried on ${countOf(judge.labels.length, 'labelled anomaly', 'labelled anomalies')}: ` +
    'the best of so many fits these better than it will fit new ones.'
  );
}

function noScores(message: string): FaultlineError {
  return new FaultlineError('threshold/no-scores', `${message} Score the data first, or move the split.`, {});
}
