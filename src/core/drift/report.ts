import { formatDuration, formatNumber, formatPercent, formatScore } from '../report/format';
import type { DriftRule } from './rule';

/** What following did in one run, in the units of the tags. */
export interface DriftReport {
  readonly rule: DriftRule;
  readonly tags: readonly DriftTag[];
  /** Most that a score was lowered by; null where its reference was not followed. */
  readonly lowered: number | null;
}

export interface DriftTag {
  readonly channel: string;
  readonly unit: string;
  /** False for a tag that is held in steps or did not move while training. */
  readonly follows: boolean;
  /** Its own, found in the training rows. */
  readonly halfLifeMs: number;
  /** Level that was furthest from the training mean, and the last one, less that mean. */
  readonly furthest: number;
  readonly last: number;
  /** `furthest` in standard deviations of the training rows. */
  readonly deviations: number;
  readonly heldMs: number;
  /** ms since 1970 UTC at which a lasting shift was taken as the new level. */
  readonly accepted: readonly number[];
  readonly reached: boolean;
}

/** What a threshold found in the test part. */
export interface DriftOutcome {
  /** Share of the scored time that events take; null where there is none. One event without end is one false event, hence both. */
  readonly timeInEvents: number | null;
  readonly falseEvents: number;
  readonly caught: number;
  readonly labels: number;
}

export interface RunDrift extends DriftReport {
  /** Beside a run with the same settings that follows no drift, each under its own threshold; null where there is none. */
  readonly effect: { readonly followed: DriftOutcome; readonly plain: DriftOutcome } | null;
}

/** Fewer standard deviations are no movement worth a word. */
const leastDeviations = 1;

/** "half-life of each tag at most 6 h, shifts held for 4 d, at most 10 standard deviations". */
export function driftRuleText({ halfLifeMs, holdMs, reach, withScore }: DriftRule): string {
  return (
    `half-life of each tag at most ${formatDuration(halfLifeMs)}, a shift held for ${formatDuration(holdMs)}, ` +
    `at most ${formatNumber(reach)} standard deviations from the training mean${withScore ? '; the score’s reference as well' : ''}`
  );
}

/** Tags whose level moved, furthest first. */
export function movedTags({ tags }: DriftReport): DriftTag[] {
  return tags
    .filter(({ deviations }) => Math.abs(deviations) >= leastDeviations)
    .toSorted((a, b) => Math.abs(b.deviations) - Math.abs(a.deviations));
}

/** What was done, for people: "Levels followed (half-life at most 6 h): T-101 by up to −3.1 °C. 2 lasting shifts taken as normal." */
export function driftSentence(report: RunDrift, most = 3): string {
  const moved = movedTags(report);
  const named = moved.slice(0, most).map((tag) => `${tag.channel} by up to ${amount(tag.furthest, tag.unit)}`);
  if (moved.length > most) named.push(`${moved.length - most} more`);
  const accepted = report.tags.reduce((sum, tag) => sum + tag.accepted.length, 0);
  const reached = report.tags.filter((tag) => tag.reached).map((tag) => tag.channel);
  return [
    ...effectText(report),
    `Levels followed (half-life at most ${formatDuration(report.rule.halfLifeMs)}): ${named.length > 0 ? named.join(', ') : 'none moved'}.`,
    ...(accepted > 0 ? [`${accepted === 1 ? 'One lasting shift was' : `${accepted} lasting shifts were`} taken as normal.`] : []),
    ...(report.lowered === null ? [] : [`Scores were lowered by up to ${formatScore(report.lowered)}.`]),
    ...(reached.length > 0 ? [`Came to the end of its reach: ${reached.join(', ')}.`] : []),
  ].join(' ');
}

function effectText({ effect }: RunDrift): string[] {
  if (!effect) return [];
  const { followed, plain } = effect;
  const caught = plain.labels > 0 ? `; caught ${plain.caught} → ${followed.caught} of ${plain.labels}` : '';
  const time = (one: DriftOutcome): string => (one.timeInEvents === null ? '–' : formatPercent(one.timeInEvents));
  return [
    `Test part without and with: in events ${time(plain)} → ${time(followed)} of the time, ` +
      `false events ${plain.falseEvents} → ${followed.falseEvents}${caught}.`,
  ];
}

/** "+3.1 °C", "−0.4". */
export function amount(value: number, unit: string): string {
  const text = formatNumber(value);
  return `${value > 0 ? '+' : ''}${text}${unit ? ` ${unit}` : ''}`;
}
