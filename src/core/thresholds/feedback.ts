import { ofClass, overlaps, type Interval } from '../labels/interval';
import type { Label } from '../labels/label';
import type { Part } from '../prepare/prepared';

/** An event with what a person decided about it. */
export interface ReviewedEvent extends Interval {
  readonly id: string;
  /** "E-07" */
  readonly name: string;
  readonly part: Part;
  readonly review: 'new' | 'acknowledged' | 'investigating' | 'confirmed' | 'false-alarm' | 'known-cause';
  readonly comment: string;
}

/** A label that a verdict would add to the calibration part. Both ends are included. */
export interface FeedbackLabel extends Interval {
  readonly eventId: string;
  readonly eventName: string;
  readonly class: 'anomaly' | 'normal';
  readonly comment: string;
}

export interface Feedback {
  readonly labels: readonly FeedbackLabel[];
  /** Reviewed events that give no label, with the reason. */
  readonly left: readonly { readonly eventId: string; readonly eventName: string; readonly reason: string }[];
}

/**
 * What the verdicts on events say as labels: a confirmed event is an anomaly, a false alarm is normal time. Only events that lie wholly in
 * the time of the calibration rows give one: a label made from what was found in the test part would turn it into a second calibration part.
 *
 * @param calibration - time of the calibration rows, both ends included; null when there are none.
 */
export function feedbackOf(events: readonly ReviewedEvent[], labels: readonly Label[], calibration: Interval | null): Feedback {
  const anomalies = ofClass(labels, 'anomaly');
  const given: FeedbackLabel[] = [];
  const left: { eventId: string; eventName: string; reason: string }[] = [];
  for (const event of events) {
    const verdict = verdicts[event.review];
    if (!verdict) continue;
    const reason = reasonAgainst(event, verdict, anomalies, labels, calibration);
    if (reason !== null) {
      left.push({ eventId: event.id, eventName: event.name, reason });
      continue;
    }
    const comment = `${event.name} ${verdict.words}${event.comment ? `: ${event.comment}` : ''}`;
    // `verdict.class` is null for a known cause alone, which `reasonAgainst` leaves.
    given.push({ eventId: event.id, eventName: event.name, start: event.start, end: event.end, class: verdict.class!, comment });
  }
  return { labels: given, left };
}

interface Verdict {
  readonly class: 'anomaly' | 'normal' | null;
  readonly words: string;
}

const verdicts: Partial<Record<ReviewedEvent['review'], Verdict>> = {
  confirmed: { class: 'anomaly', words: 'confirmed' },
  'false-alarm': { class: 'normal', words: 'false alarm' },
  'known-cause': { class: null, words: 'known cause' },
};

function reasonAgainst(
  event: ReviewedEvent,
  verdict: Verdict,
  anomalies: readonly Label[],
  labels: readonly Label[],
  calibration: Interval | null,
): string | null {
  if (event.part !== 'calibration') return outside[event.part];
  if (!calibration || event.start < calibration.start || event.end > calibration.end) {
    return 'reaches beyond the calibration part: only time inside it may choose the threshold';
  }
  if (verdict.class === null) return 'a known cause is neither an anomaly of the machine nor normal time; label it as what it was';
  if (verdict.class === 'anomaly' && anomalies.some((label) => overlaps(label, event)))
    return 'a labelled anomaly is there already';
  if (verdict.class === 'normal') {
    if (anomalies.some((label) => overlaps(label, event))) return 'overlaps a labelled anomaly: one of the two is wrong';
    if (ofClass(labels, 'normal').some((label) => label.start <= event.start && label.end >= event.end)) {
      return 'is labelled as normal already';
    }
  }
  return null;
}

const outside = {
  test: 'lies in the test part: a label made from what was found there would not be fair',
  guard: 'lies in the guard gap between two parts, which neither may use',
  train: 'lies in the train part, which does not choose the threshold',
} as const satisfies Record<Exclude<Part, 'calibration'>, string>;

/**
 * True for the label of a false alarm. Its time is normal, but it was picked because the score was high there, so it is no sample of normal
 * scores.
 */
export function isFalseAlarmLabel({ class: kind, comment }: Pick<Label, 'class' | 'comment'>): boolean {
  return kind === 'normal' && /^E-\d+ false alarm\b/.test(comment);
}

/** Intervals of `a` that overlap none of `b`. */
export function onlyIn<T extends Interval>(a: readonly T[], b: readonly Interval[]): T[] {
  return a.filter((one) => !b.some((other) => overlaps(one, other)));
}
