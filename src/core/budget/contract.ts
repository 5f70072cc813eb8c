import type { ThresholdRule } from '../thresholds/threshold';

/**
 * What the users of a detector ask of it, in their words: "while running at most 1 false event in 3 days, sure to 95 %; must catch
 * L-03 and L-06; each within 3 h".
 */
export interface EventContract {
  /** At most this many false events … */
  readonly falseEvents: number;
  /** … in so many days of normal time (of the mode). */
  readonly days: number;
  /** Confidence of the exact Poisson limit on the rate of false events, 0.5 to 0.999. */
  readonly confidence: number;
  /** Ids of labels of the calibration part; 'all' means every labelled anomaly that has scores. */
  readonly mustCatch: readonly string[] | 'all';
  /** Longest time from the start of a label to its event; null: no limit. */
  readonly withinMs: number | null;
  /** Mode (index of the rule's `modes`) whose false events and normal days count; null: all time. */
  readonly mode: number | null;
}

export type TermKind = 'false-events' | 'catch' | 'delay';

/** One promise of the contract and how it stands in one part of the data. */
export interface ContractTerm {
  readonly kind: TermKind;
  /** null: cannot be told ("no labelled anomaly in this part"). */
  readonly kept: boolean | null;
  /** "At most 0.170 false events a day (95 % limit, 1 in 27.9 d); allowed 0.333." */
  readonly text: string;
  /** Label ids that break it, or that come nearest to breaking it (the slowest of those caught). */
  readonly labels: readonly string[];
  /** Used share of what is allowed: rate limit / allowed rate, slowest delay / allowed; above 1 is not kept; null where undefined. */
  readonly used: number | null;
}

export interface ContractState {
  /** null when a term cannot be told and none is broken. */
  readonly kept: boolean | null;
  readonly terms: readonly ContractTerm[];
  /** First time (ms) at which a promise was broken as it is worded: more false events than allowed within the days, a label missed or late. */
  readonly brokenSince: number | null;
  /** The term nearest to (or furthest beyond) its limit. */
  readonly binding: TermKind | null;
}

/** Settings of a cell of the map, by which promise they break first. */
export const cellStates = { holds: 0, falseEvents: 1, misses: 2, late: 3 } as const;

/** Where the contract holds on the calibration part, over threshold and minimum duration at one merge gap, hysteresis and dead time. */
export interface ContractMap {
  /** [v] ascending thresholds. */
  readonly values: readonly number[];
  /** [d] ascending minimum durations, ms. */
  readonly durations: readonly number[];
  /** [d, v] row-major, one of `cellStates`. */
  readonly cells: Uint8Array;
  /** [d, v] label that is missed or latest there, as index into `labels`; −1 none. */
  readonly labelOf: Int16Array;
  readonly labels: readonly string[];
  readonly tried: number;
  readonly holding: number;
  /** The setting the search proposes; when none holds, the nearest, which breaks least. */
  readonly proposal: ThresholdRule;
  /** Exact upper limit of the false events a day at the proposal, at the confidence of the contract; null without normal time. */
  readonly proposalUpper: number | null;
  readonly feasible: boolean;
  /** What binds at the proposal: "the time to find L-06"; where nothing keeps the contract, what the nearest setting does not keep. */
  readonly bindingText: string;
  readonly binding: TermKind | null;
  /** What it would cost or give to change the binding promise. */
  readonly price: readonly PriceRow[];
  /** How the statement "sure to 95 %" survives the search (fixed-sequence testing). */
  readonly note: string;
}

/** One line of "price of relaxing it": with this wording of the binding promise, this is what can be had. */
export interface PriceRow {
  /** "found within 2 h 30 min", "1 false event in 2 days". */
  readonly text: string;
  readonly contract: EventContract;
  readonly feasible: boolean;
  /** Highest (delay, catch) or lowest (false events) threshold that keeps it. */
  readonly value: number | null;
  readonly falseEvents: number | null;
  readonly falseEventsPerDayUpper: number | null;
  readonly caught: number | null;
  readonly slowestMs: number | null;
  /** The present contract. */
  readonly present: boolean;
}
