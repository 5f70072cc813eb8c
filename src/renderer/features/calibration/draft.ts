import type { Params } from '../../../contract/methods';
import type { EventContract } from '../../../core/budget/contract';
import type { ThresholdChoice, ThresholdRule } from '../../../core/thresholds/threshold';

/** Says of a draft that someone set it, not a rule. */
export const byHand = 'set by hand on the calibration part';

/** One false event seen in so many times its days still shows the rate at 95 %: the exact Poisson limit of 1 is 4.744. */
const daysToShow = 4.744;

/**
 * What begins a new contract: one false event in as few days as this part can show at 95 % when it has one itself; at least 1, at most 30.
 *
 * @param normalDays - of the calibration part.
 */
export function firstContract(normalDays: number): EventContract {
  const days = Math.max(1, Math.min(30, Math.floor(normalDays / daysToShow)));
  return { falseEvents: 1, days, confidence: 0.95, mustCatch: 'all', withinMs: null, mode: null };
}

/** The draft with other knobs: then no objective chose it any more. The contract stays. */
export function withRule(draft: ThresholdChoice, change: Partial<ThresholdRule>): ThresholdChoice {
  return { ...draft, ...change, objective: { kind: 'manual' }, from: byHand, achieved: null };
}

/** The draft with another contract, or none. A setting that the former contract chose stays, but no longer as chosen by it. */
export function withContract(draft: ThresholdChoice, contract: EventContract | null): ThresholdChoice {
  const next: ThresholdChoice = { ...draft, contract: contract ?? undefined };
  return draft.objective.kind === 'contract' ? withRule(next, {}) : next;
}

/** A mode that a contract names is gone when the modes are: it then counts all time. */
export function withoutMode(contract: EventContract | undefined, modes: number): EventContract | undefined {
  return contract && contract.mode !== null && contract.mode >= modes ? { ...contract, mode: null } : contract;
}

/** Everything of a choice that `calibration.save` stores: what undo brings back is the whole of it. */
export function saveBody(choice: ThresholdChoice, runId: string): Params<'calibration.save'> {
  const { objective, from, achieved, contract } = choice;
  return {
    runId,
    objective,
    from,
    achieved,
    ...ruleBody(choice),
    ...(contract ? { contract: contractBody(contract) } : {}),
  };
}

export type RuleBody = Pick<
  Params<'calibration.save'>,
  'value' | 'minDurationMs' | 'mergeGapMs' | 'hysteresis' | 'deadTimeMs' | 'suppress' | 'modes'
>;

/** The rule in plain copies, as messages take it; what is not set is left out. */
export function ruleBody(rule: ThresholdRule): RuleBody {
  const { value, minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress, modes } = rule;
  return {
    value,
    minDurationMs,
    mergeGapMs,
    ...(hysteresis ? { hysteresis } : {}),
    ...(deadTimeMs ? { deadTimeMs } : {}),
    ...(suppress?.length ? { suppress: suppress.map((one) => ({ ...one })) } : {}),
    ...(modes ? { modes: { channel: modes.channel, edges: [...modes.edges], values: [...modes.values] } } : {}),
  };
}

/** The knobs that go with a threshold that is yet to be found: the rule without its value and without the thresholds of modes. */
export function knobBody(rule: ThresholdRule): Omit<RuleBody, 'value' | 'modes'> {
  const body: Partial<RuleBody> & Omit<RuleBody, 'value' | 'modes'> = ruleBody(rule);
  delete body.value;
  delete body.modes;
  return body;
}

export function contractBody(contract: EventContract): NonNullable<Params<'calibration.save'>['contract']> {
  const { mustCatch } = contract;
  return { ...contract, mustCatch: mustCatch === 'all' ? 'all' : [...mustCatch] };
}

/** True when both would detect the same and promise the same; where the numbers come from does not count. */
export function sameChoice(a: ThresholdChoice, b: ThresholdChoice): boolean {
  const text = (choice: ThresholdChoice): string =>
    JSON.stringify([ruleBody(choice), choice.contract ?? null], (_, part: unknown) =>
      // Two objects with the same keys in another order are the same.
      part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([x], [y]) => (x < y ? -1 : 1)))
        : part,
    );
  return text(a) === text(b);
}
