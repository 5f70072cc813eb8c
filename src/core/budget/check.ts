import { poissonUpper } from '../metrics/poisson';
import { countOf, formatDuration, formatNumber } from '../report/format';
import type { ContractState, ContractTerm, EventContract, TermKind } from './contract';
import type { JudgedLabel, PartFinds } from './judged';
import { allowancePhrase, daysText, percentOf, type LabelNames } from './words';

/**
 * How a contract stands in one part of the data, promise by promise. Each is kept, broken, or cannot be told.
 *
 * **False events.** With n false events in D days of normal time and "at most a in d days, sure to c":
 * the *rate limit* is U(n, c) / D, U the exact upper limit of a Poisson mean (Garwood 1936), and the rate allowed is a / d. *As worded*
 * the promise is broken when some d days of normal time (half-open, on a clock that runs in normal time only) hold more than a.
 * - Calibration part: kept when the rate limit is at most the rate allowed. Otherwise broken, except where the part is too short to tell:
 *   even no false event would leave the limit above it (U(0, c) / D > a / d) and those seen do not exceed it themselves (n / D <= a / d).
 * - Any other part: broken when it is broken as worded; else kept when the rate limit is at most the rate allowed; else it cannot be told.
 *   A rate that is allowed breaks the wording by chance now and then; the text says both, so that one unlucky day is seen as such.
 *
 * **Catch.** The labels named (calibration part), or every labelled anomaly (other parts, whose labels the contract cannot name), overlap
 * an event. Cannot be told without such a label with scores.
 *
 * **Delay.** Each of these that was caught was found in time. Missed ones are counted by the promise to catch alone.
 *
 * `brokenSince` is the earliest of: start of the false event that was one too many as worded; end of a missed label, or the end of the time
 * allowed to find it where that is earlier; the end of the time allowed for a label found late.
 *
 * @param names - names of labels for the texts; ids where absent.
 */
export function checkContract(contract: EventContract, judged: PartFinds, names: LabelNames = new Map()): ContractState {
  const excess = firstExcess(contract, judged);
  const { wanted, absent } = wantedLabels(contract, judged);
  const terms = [falseEventsTerm(contract, judged, excess)];
  if (wanted !== null) terms.push(catchTerm(judged, wanted, absent, names));
  if (contract.withinMs !== null) terms.push(delayTerm(contract.withinMs, wanted ?? judged.labels, names));
  const breaches = (wanted ?? judged.labels).flatMap((label) => breach(contract, label, wanted !== null));
  if (excess !== null) breaches.push(excess);
  return {
    kept: terms.some(({ kept }) => kept === false) ? false : terms.every(({ kept }) => kept === true) ? true : null,
    terms,
    brokenSince: breaches.length === 0 ? null : Math.min(...breaches),
    binding: bindingOf(terms),
  };
}

/** Rate of false events that the contract allows, per day of normal time. */
export function allowedRate({ falseEvents, days }: Pick<EventContract, 'falseEvents' | 'days'>): number {
  return falseEvents / days;
}

/** `poissonUpper` at one confidence, each count computed once. */
export function limits(confidence: number): (count: number) => number {
  const known = new Map<number, number>();
  return (count) => {
    const limit = known.get(count) ?? poissonUpper(count, confidence);
    known.set(count, limit);
    return limit;
  };
}

/** More false events than this are allowed in no part, whatever the contract says: the exact limit of larger counts is slow to compute. */
const mostCounted = 10_000;

/**
 * Largest number of false events whose exact upper limit over `normalDays` is still allowed; −1 when not even none is; Infinity for a
 * contract without a limit.
 */
export function allowedCount(contract: EventContract, normalDays: number, confidence: number = contract.confidence): number {
  const allowed = allowedRate(contract) * normalDays;
  if (allowed === Infinity) return Infinity;
  // The limit of n is above n, so n stays below what is allowed.
  let low = -1;
  let high = Math.min(mostCounted, Math.floor(allowed)) + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (poissonUpper(middle, confidence) <= allowed) low = middle;
    else high = middle;
  }
  return low;
}

/** Labels that must be caught: null when the contract names none. `absent`: ids without a scored row in the calibration part. */
function wantedLabels(
  { mustCatch }: EventContract,
  { part, labels }: PartFinds,
): { wanted: readonly JudgedLabel[] | null; absent: readonly string[] } {
  if (mustCatch === 'all') return { wanted: labels, absent: [] };
  if (mustCatch.length === 0) return { wanted: null, absent: [] };
  if (part === 'later') return { wanted: labels, absent: [] };
  return {
    wanted: labels.filter(({ id }) => mustCatch.includes(id)),
    absent: mustCatch.filter((id) => !labels.some((label) => label.id === id)),
  };
}

function falseEventsTerm(contract: EventContract, judged: PartFinds, excess: number | null): ContractTerm {
  const { part, normalDays, falseEvents } = judged;
  const term = (kept: boolean | null, text: string, used: number | null): ContractTerm => ({
    kind: 'false-events',
    kept,
    text,
    labels: [],
    used,
  });
  if (normalDays <= 0) return term(null, 'False events: cannot be told, no scored normal time in this part.', null);
  const n = falseEvents.length;
  const allowed = allowedRate(contract);
  const upper = poissonUpper(n, contract.confidence) / normalDays;
  const holds = upper <= allowed;
  const used = allowed > 0 ? upper / allowed : null;
  const limit =
    `At most ${formatNumber(upper)} false events a day (${percentOf(contract.confidence)} limit, ` +
    `${countOf(n, 'false event')} in ${daysText(normalDays)}); allowed ${formatNumber(allowed)}`;
  const needed = allowed > 0 ? poissonUpper(0, contract.confidence) / allowed : Infinity;
  const short = normalDays < needed && n / normalDays <= allowed;
  if (part === 'calibration') {
    if (holds) return term(true, `${limit}.`, used);
    if (allowed === 0) return term(n > 0 ? false : null, `${limit}. No stretch of data can show that there is never one.`, null);
    return short
      ? term(null, `${limit}. Cannot be told: that takes ${daysText(needed)} of normal time without a false event.`, used)
      : term(false, `${limit}.`, used);
  }
  const worded = allowancePhrase(contract);
  if (excess !== null) {
    const windows = busiestWindow(contract, judged);
    return term(
      false,
      `${countOf(windows, 'false event')} within ${daysText(contract.days)}; allowed ${worded}. ${limit}` +
        (holds ? ': the rate is still within the promise.' : '.'),
      contract.falseEvents > 0 ? Math.max(windows / contract.falseEvents, used ?? 0) : null,
    );
  }
  if (holds) return term(true, `Never more than ${worded}. ${limit}.`, used);
  return term(null, `Never more than ${worded} so far. ${limit}: cannot be told to ${percentOf(contract.confidence)}.`, used);
}

function catchTerm(judged: PartFinds, wanted: readonly JudgedLabel[], absent: readonly string[], names: LabelNames): ContractTerm {
  const missed = wanted.filter(({ delayMs }) => delayMs === null);
  const named = (ids: readonly string[]): string => ids.map((id) => names.get(id) ?? id).join(', ');
  const term = (kept: boolean | null, text: string, labels: readonly string[]): ContractTerm => ({
    kind: 'catch',
    kept,
    text,
    labels,
    used: null,
  });
  const ids = missed.map(({ id }) => id);
  if (missed.length > 0) {
    return term(false, `Misses ${named(ids)}: ${wanted.length - missed.length} of ${wanted.length} caught.`, ids);
  }
  if (absent.length > 0) {
    return term(null, `Cannot be told for ${named(absent)}: no scored row of it in this part.`, absent);
  }
  if (wanted.length === 0) return term(null, 'Catch: cannot be told, no labelled anomaly with scores in this part.', []);
  const all = judged.part === 'later' || wanted.length === judged.labels.length ? 'labelled anomalies' : 'named labels';
  return term(
    true,
    wanted.length === 1
      ? `Catches ${named([wanted[0]!.id])}.`
      : `Catches ${wanted.length === 2 ? 'both' : `all ${wanted.length}`} ${all}.`,
    [],
  );
}

function delayTerm(withinMs: number, wanted: readonly JudgedLabel[], names: LabelNames): ContractTerm {
  const found = wanted.filter(({ delayMs }) => delayMs !== null);
  const slowest = found.toSorted((a, b) => b.delayMs! - a.delayMs!)[0];
  if (!slowest) {
    const why = wanted.length === 0 ? 'no labelled anomaly with scores in this part' : 'none was caught';
    return { kind: 'delay', kept: null, text: `Time to find: cannot be told, ${why}.`, labels: [], used: null };
  }
  const late = found.filter(({ delayMs }) => delayMs! > withinMs);
  const more = late.length > 1 ? `; ${late.length} of ${found.length} late` : '';
  return {
    kind: 'delay',
    kept: late.length === 0,
    text: `Slowest ${formatDuration(slowest.delayMs!)} of ${formatDuration(withinMs)}, ${names.get(slowest.id) ?? slowest.id}${more}.`,
    labels: late.length > 0 ? late.map(({ id }) => id) : [slowest.id],
    used: withinMs > 0 ? slowest.delayMs! / withinMs : null,
  };
}

/** When a label broke a promise as worded; empty when it did not. */
function breach({ withinMs }: EventContract, label: JudgedLabel, mustCatch: boolean): number[] {
  const due = withinMs === null ? Infinity : label.start + withinMs;
  if (label.delayMs === null) return mustCatch ? [Math.min(label.end, due)] : [];
  return withinMs !== null && label.delayMs > withinMs ? [due] : [];
}

/** Start of the first false event that makes more than allowed within the days; null when there never are. */
function firstExcess({ falseEvents, days }: EventContract, judged: PartFinds): number | null {
  const most = Math.floor(falseEvents);
  for (let i = most; i < judged.falseEvents.length; i++) {
    if (judged.falseEvents[i]!.day - judged.falseEvents[i - most]!.day < days) return judged.falseEvents[i]!.time;
  }
  return null;
}

/** Largest number of false events within the days of the contract. */
function busiestWindow({ days }: EventContract, { falseEvents }: PartFinds): number {
  let most = 0;
  let first = 0;
  for (let i = 0; i < falseEvents.length; i++) {
    while (falseEvents[i]!.day - falseEvents[first]!.day >= days) first++;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

/**
 * The promise nearest to its limit, or furthest beyond it. A missed label comes before everything, then the largest used share; a promise
 * without a share (to catch, when kept) binds only where no other can be told.
 */
function bindingOf(terms: readonly ContractTerm[]): TermKind | null {
  const weight = ({ kind, kept, used }: ContractTerm): number => {
    if (kind === 'catch') return kept === false ? Infinity : kept === true ? 0 : -1;
    return used ?? (kept === false ? Infinity : -1);
  };
  const [first] = terms.toSorted((a, b) => weight(b) - weight(a));
  return first && weight(first) >= 0 ? first.kind : null;
}
