import type { Label } from '../labels/label';
import { poissonUpper } from '../metrics/poisson';
import { formatDuration } from '../report/format';
import { limits } from './check';
import { cellStates, type EventContract, type PriceRow, type TermKind } from './contract';
import { slowest, statesOf } from './feasible';
import type { Trials } from './sequence';
import { allowancePhrase, listOf, type LabelNames } from './words';

export interface PriceInput {
  readonly trials: Trials;
  readonly contract: EventContract;
  readonly normalDays: number;
  /** Positions of the labels to catch in the delays. */
  readonly wanted: readonly number[];
  readonly labels: readonly Label[];
  readonly names: LabelNames;
  /** The proposal: its duration is kept. */
  readonly at: { readonly d: number; readonly f: number };
  readonly binding: TermKind | null;
}

interface Wording {
  readonly text: string;
  readonly contract: EventContract;
  readonly wanted: readonly number[];
  readonly kind: TermKind;
  readonly present?: boolean;
}

const factors = [0.5, 0.75, 1, 1.5, 2] as const;
/** Labels offered to be left out, hardest first. */
const mostLeftOut = 3;

/**
 * The binding promise in other words, at the duration of the proposal: what can be had when it is relaxed, and what it would cost to
 * tighten it. Each line is a search of its own, as if its wording had been agreed before; reading all of them and then taking one is a
 * choice by the data, and the limit on false events stands beside each for that reason.
 */
export function pricesOf(input: PriceInput): PriceRow[] {
  const kinds: readonly TermKind[] = input.binding === null ? [] : [input.binding];
  return kinds.flatMap((kind) => wordings(kind, input)).map((wording) => priceOf(wording, input));
}

function wordings(kind: TermKind, input: PriceInput): Wording[] {
  if (kind === 'delay') return delayWordings(input);
  return kind === 'catch' ? catchWordings(input) : rateWordings(input);
}

function delayWordings({ contract, wanted, trials, at, normalDays }: PriceInput): Wording[] {
  const within = contract.withinMs ?? 0;
  const list = factors.map((factor) => (factor === 1 ? within : round(within * factor, within >= 600_000 ? 60_000 : 1000)));
  // The shortest time that can be kept at all, where the present one cannot.
  const open = statesOf(trials, { ...contract, withinMs: null }, normalDays, wanted).state[at.d]!;
  const possible = trials.delays[at.d]!.flatMap((delays, f) =>
    open[f] === cellStates.holds && wanted.length > 0 ? [delays[slowest(delays, wanted)]!] : [],
  );
  const least = Math.min(Infinity, ...possible);
  if (least > within && Number.isFinite(least)) list.push(least);
  return distinct(list).map((withinMs) => ({
    kind: 'delay',
    text: `found within ${formatDuration(withinMs)}`,
    contract: { ...contract, withinMs },
    wanted,
    present: withinMs === within,
  }));
}

function rateWordings({ contract, wanted, trials, at, normalDays }: PriceInput): Wording[] {
  const { days, falseEvents } = contract;
  const nice = (value: number): number => (value >= 2 ? Math.round(value) : Number(value.toPrecision(2)));
  const list = factors.map((factor) => (factor === 1 ? days : nice(days * factor)));
  // The rarest that can be promised while the labels are kept, where the present one cannot.
  const limit = limits(contract.confidence);
  const lowest = trials.delays[at.d]!.flatMap((delays, f) => {
    const worst = slowest(delays, wanted);
    const kept = worst < 0 || delays[worst]! <= (contract.withinMs ?? Infinity);
    return kept ? [limit(trials.most[at.d]![f]!)] : [];
  });
  const possible = (falseEvents * normalDays) / Math.min(Infinity, ...lowest);
  if (possible > 0 && possible < days)
    list.push(possible >= 1 ? Math.floor(possible * 10) / 10 : Math.floor(possible * 1000) / 1000);
  return distinct(list)
    .filter((value) => value > 0)
    .map((value) => ({
      kind: 'false-events',
      text: allowancePhrase({ falseEvents, days: value }),
      contract: { ...contract, days: value },
      wanted,
      present: value === days,
    }));
}

function catchWordings({ contract, wanted, trials, at, labels, names }: PriceInput): Wording[] {
  const name = (k: number): string => names.get(labels[k]!.id) ?? labels[k]!.id;
  const text = contract.mustCatch === 'all' ? 'every labelled anomaly caught' : `${listOf(wanted.map(name))} caught`;
  // Thresholds descend: the later a label is first caught, the harder it is.
  const first = (k: number): number => {
    const f = trials.delays[at.d]!.findIndex((delays) => !Number.isNaN(delays[k]!));
    return f < 0 ? Infinity : f;
  };
  const hardest = wanted.toSorted((a, b) => first(b) - first(a)).slice(0, mostLeftOut);
  return [
    { kind: 'catch', text, contract, wanted, present: true },
    ...hardest.map((left) => {
      const rest = wanted.filter((k) => k !== left);
      const mustCatch = rest.map((k) => labels[k]!.id);
      return { kind: 'catch' as const, text: `without ${name(left)}`, contract: { ...contract, mustCatch }, wanted: rest };
    }),
  ];
}

/**
 * What can be had with one wording. `value` is the highest threshold that keeps it for a promise about labels and the lowest for one
 * about false events; where nothing keeps it, the one that keeps the promise in question alone.
 */
function priceOf({ text, contract, wanted, kind, present = false }: Wording, { trials, normalDays, at }: PriceInput): PriceRow {
  const row = statesOf(trials, contract, normalDays, wanted).state[at.d]!;
  const free = { ...contract, falseEvents: Infinity };
  const labelsOnly = statesOf(trials, free, normalDays, wanted).state[at.d]!;
  const holds = (states: Uint8Array): number[] => [...states].flatMap((state, f) => (state === cellStates.holds ? [f] : []));
  const all = holds(row);
  const alone =
    kind === 'false-events' ? [...row].flatMap((state, f) => (state === cellStates.falseEvents ? [] : [f])) : holds(labelsOnly);
  const list = all.length > 0 ? all : alone;
  const f = kind === 'false-events' ? list.at(-1) : list[0];
  const base = { text, contract, feasible: all.length > 0, present };
  if (f === undefined) {
    return { ...base, value: null, falseEvents: null, falseEventsPerDayUpper: null, caught: null, slowestMs: null };
  }
  const delays = trials.delays[at.d]![f]!;
  const caught = wanted.filter((k) => !Number.isNaN(delays[k]!));
  const count = trials.falseEvents[at.d]![f]!;
  return {
    ...base,
    value: trials.values[f]!,
    falseEvents: count,
    falseEventsPerDayUpper: normalDays > 0 ? poissonUpper(count, contract.confidence) / normalDays : null,
    caught: wanted.length > 0 ? caught.length : null,
    slowestMs: caught.length > 0 ? Math.max(...caught.map((k) => delays[k]!)) : null,
  };
}

const round = (value: number, grain: number): number => Math.max(grain, Math.round(value / grain) * grain);
const distinct = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
