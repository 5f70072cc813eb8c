import { FaultlineError } from '../errors';
import { poissonUpper } from '../metrics/poisson';
import { allowedCount, allowedRate, checkContract } from './check';
import { cellStates, type ContractMap, type ContractState, type ContractTerm, type EventContract } from './contract';
import { breakageOf, statesOf, widestStretch, type TrialStates } from './feasible';
import { durationsOf, fineThresholds, peaksOf } from './grid';
import { partJudge, type PartJudge } from './judged';
import { chooseKnobs } from './knobs';
import { pricesOf } from './price';
import { leanRows, ruleAt, type ContractSearch } from './search-input';
import { tryAll, type Trials } from './sequence';
import { daysText, listOf, percentOf, type LabelNames } from './words';

/** Columns of the map. */
const mapColumns = 36;
/** The trial goes on until every duration has this many times the false events allowed, so that the price of relaxing can be told. */
const overshoot = 4;
const leastEnough = 20;
/** Share of the error that the row chosen by the labels is given when other rows are kept in reserve. */
const mainShare = 0.9;

/**
 * Where a contract holds on the calibration part, a setting that keeps it, what binds, and the price of relaxing it.
 *
 * 1. Thresholds and durations to try are fixed (`fineThresholds`, `durationsOf`), and the knobs searched are chosen by the labelled time
 *    alone (`chooseKnobs`). Neither looks at the number of false events.
 * 2. At these knobs every threshold is tried from the highest down, for every duration (`tryAll`), and tested in sequence (`statesOf`).
 * 3. The proposal is the middle of the longest run of thresholds that hold at the chosen duration: as far from "too many false events" as
 *    from "missed or late". When the duration is searched too and its row holds nowhere, the other rows are asked: that row is then given
 *    nine tenths of the error and the others share the last tenth (Bonferroni), so that the whole search errs at most 1 − c.
 * 4. When nothing holds, the proposal is the setting that breaks least (`breakageOf`).
 *
 * Each row of the map is drawn at the full confidence, as if its duration had been fixed before; the note says so.
 *
 * @throws FaultlineError 'threshold/no-scores' when no row has a score.
 */
export function contractMap(given: ContractSearch): ContractMap {
  const input = { ...given, search: given.search ?? (['minDuration'] as const) };
  const { contract, names = new Map<string, string>() } = input;
  const rows = leanRows(input.rows, input.rule.suppress);
  const part = partJudge({ rows, labels: input.labels, part: 'calibration', range: input.range, mode: contract.mode });
  const wanted = wantedOf(part, contract);
  const peaks = peaksOf(
    part,
    wanted.map((k) => part.labels[k]!),
  );
  const thresholds = fineThresholds(part, peaks);
  if (thresholds.length === 0) {
    throw new FaultlineError(
      'threshold/no-scores',
      'The calibration part has no scored row. Score the data first, or move the split.',
    );
  }
  const durations = durationsOf(part, input.rule.minDurationMs, contract.withinMs);
  const chosen = chooseKnobs(
    input,
    part,
    thresholds,
    durations,
    wanted.map((k) => part.labels[k]!),
  );
  const knobs = chosen ?? { ...input.rule };
  const loosest = { ...contract, falseEvents: contract.falseEvents * overshoot };
  const enough = Math.max(leastEnough, contract.falseEvents > 0 ? allowedCount(loosest, part.normalDays) : 0);
  const trials = tryAll(part, input.rule, thresholds, durations, knobs, enough);
  const main = durations.indexOf(knobs.minDurationMs);
  const found = propose(trials, contract, part.normalDays, wanted, main, input.search.includes('minDuration'));
  // A label that is named but has no score here cannot be shown to be caught.
  const pick = {
    ...found,
    feasible: found.feasible && (contract.mustCatch === 'all' || contract.mustCatch.length === wanted.length),
  };
  const states = statesOf(trials, contract, part.normalDays, wanted);
  const columns = columnsOf(trials, states, pick.at);

  const proposal = ruleAt(input.rule, trials.values[pick.at.f]!, { ...knobs, minDurationMs: durations[pick.at.d]! });
  const finds = part.judge(proposal);
  const state = checkContract(contract, finds, names);
  const cells = Uint8Array.from(durations.flatMap((_, d) => columns.map((f) => states.state[d]![f]!)));
  const label = Int16Array.from(durations.flatMap((_, d) => columns.map((f) => states.label[d]![f]!)));
  const binding = state.binding;
  return {
    values: columns.map((f) => trials.values[f]!),
    durations,
    cells,
    labelOf: label,
    labels: part.labels.map(({ id }) => id),
    tried: cells.length,
    holding: cells.filter((cell) => cell === cellStates.holds).length,
    proposal,
    proposalUpper: part.normalDays > 0 ? poissonUpper(finds.falseEvents.length, contract.confidence) / part.normalDays : null,
    feasible: pick.feasible,
    binding,
    bindingText: bindingTextOf(state, pick.feasible, names),
    price: pricesOf({ trials, contract, normalDays: part.normalDays, wanted, labels: part.labels, names, at: pick.at, binding }),
    note: noteOf(input, part, trials, pick, chosen !== null),
  };
}

interface Pick {
  readonly at: { readonly d: number; readonly f: number };
  readonly feasible: boolean;
  /** Confidence of the limit at the proposal. */
  readonly confidence: number;
}

function propose(
  trials: Trials,
  contract: EventContract,
  normalDays: number,
  wanted: readonly number[],
  main: number,
  others: boolean,
): Pick {
  const error = 1 - contract.confidence;
  const reserve = others && trials.durations.length > 1;
  const mainConfidence = reserve ? 1 - mainShare * error : contract.confidence;
  const middle = (d: number, confidence: number): { f: number; width: number } | null => {
    const row = statesOf(trials, contract, normalDays, wanted, confidence).state[d]!;
    const run = widestStretch(row);
    return run && { f: (run.from + run.to - 1) >> 1, width: run.to - run.from };
  };
  const first = middle(main, mainConfidence);
  if (first) return { at: { d: main, f: first.f }, feasible: true, confidence: mainConfidence };
  if (reserve) {
    const confidence = 1 - ((1 - mainShare) * error) / (trials.durations.length - 1);
    const found = trials.durations.flatMap((_, d) => {
      const at = d === main ? null : middle(d, confidence);
      return at ? [{ d, ...at }] : [];
    });
    const widest = found.toSorted((a, b) => b.width - a.width)[0];
    if (widest) return { at: { d: widest.d, f: widest.f }, feasible: true, confidence };
  }
  return { at: nearest(trials, contract, normalDays, wanted, main, reserve), feasible: false, confidence: mainConfidence };
}

/** The setting that breaks least; of equal ones that with the highest threshold in the chosen row. */
function nearest(
  trials: Trials,
  contract: EventContract,
  normalDays: number,
  wanted: readonly number[],
  main: number,
  others: boolean,
): { d: number; f: number } {
  let best = { d: main, f: 0 };
  let least = Infinity;
  const breakage = breakageOf(trials, contract, normalDays, wanted);
  const order = [main, ...trials.durations.map((_, d) => d).filter((d) => others && d !== main)];
  for (const d of order) {
    for (let f = 0; f < trials.values.length; f++) {
      const broken = breakage(d, f);
      if (broken < least - 1e-9) [best, least] = [{ d, f }, broken];
    }
  }
  return best;
}

/** Positions of the labels to catch among those of the part. */
function wantedOf(part: PartJudge, { mustCatch }: EventContract): number[] {
  return part.labels.flatMap(({ id }, k) => (mustCatch === 'all' || mustCatch.includes(id) ? [k] : []));
}

/**
 * Thresholds shown, ascending as positions in the trials: from a little below the lowest that holds anywhere to a little above where
 * catching ends; evenly spaced, the proposal among them.
 */
function columnsOf(trials: Trials, { state }: TrialStates, at: { readonly f: number }): number[] {
  const n = trials.values.length;
  const known = (f: number, wantedStates: readonly number[]): boolean => state.some((row) => wantedStates.includes(row[f]!));
  const indices = Array.from({ length: n }, (_, f) => f);
  const interesting = indices.filter((f) => known(f, [cellStates.holds, cellStates.late]));
  // Where nothing holds, all thresholds are shown: the way to something that does may be far.
  const first = Math.min(at.f, interesting[0] ?? 0);
  const last = Math.max(at.f, interesting.at(-1) ?? n - 1);
  const margin = Math.max(4, Math.ceil((last - first) * 0.15));
  const from = Math.max(0, first - margin);
  const to = Math.min(n - 1, last + margin);
  const stride = Math.max(1, Math.ceil((to - from + 1) / mapColumns));
  const start = from + ((at.f - from) % stride);
  return indices.filter((f) => f >= start && f <= to && (f - start) % stride === 0).reverse();
}

/** "the time to find L-06", "catching L-05", "the false events". */
function bindingWords({ kind, labels }: ContractTerm, names: LabelNames): string {
  const [label] = labels;
  const name = label === undefined ? '' : (names.get(label) ?? label);
  if (kind === 'delay') return name === '' ? 'the time to find' : `the time to find ${name}`;
  if (kind === 'catch') return name === '' ? 'what must be caught' : `catching ${name}`;
  return 'the false events';
}

/** What binds where the contract is kept, what is not kept where it is not. */
function bindingTextOf(state: ContractState, feasible: boolean, names: LabelNames): string {
  const named = feasible
    ? state.terms.filter(({ kind }) => kind === state.binding)
    : state.terms.filter(({ kept }) => kept !== true);
  return listOf(named.map((term) => bindingWords(term, names)));
}

function noteOf(input: ContractSearch, part: PartJudge, trials: Trials, pick: Pick, byLabels: boolean): string {
  const { contract, search = [] } = input;
  const sure = percentOf(contract.confidence);
  if (allowedCount(contract, part.normalDays) < 0) {
    const needed = allowedRate(contract) > 0 ? -Math.log(1 - contract.confidence) / allowedRate(contract) : Infinity;
    return Number.isFinite(needed)
      ? `To be ${sure} sure of it takes ${daysText(needed)} of normal time without a false event; there are ${daysText(part.normalDays)}.`
      : 'No stretch of data can show that there is never a false event.';
  }
  const names = {
    minDuration: 'minimum duration',
    mergeGap: 'merge gap',
    hysteresis: 'hysteresis',
    deadTime: 'dead time',
  } as const;
  const knobs =
    search.length === 0 || !byLabels
      ? ''
      : `${capital(listOf(search.map((knob) => names[knob])))} chosen by the labelled time alone. `;
  const shared =
    pick.confidence === contract.confidence
      ? ''
      : ` The error is shared with the other durations: ${percentOf(pick.confidence)} at the proposal.`;
  const tried =
    `${knobs}Thresholds were tried from the highest down, and the search ended at the first whose ${sure} limit on false events is above ` +
    'what is allowed (fixed-sequence testing)';
  const rows = 'Each row of the map holds for a minimum duration fixed beforehand.';
  return pick.feasible
    ? `${tried}, so "sure to ${sure}" still holds for the one chosen.${shared} ${rows}`
    : `${tried}.${shared} ${rows}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
