import { FaultlineError } from '../errors';
import { formatDuration, formatNumber, formatPercent, formatScore } from '../report/format';
import type { SuggestInput } from '../thresholds/suggest';
import type { ModeThresholds, ThresholdChoice } from '../thresholds/threshold';
import type { ContractMap, EventContract } from './contract';
import { contractMap } from './map';
import type { ContractSearch } from './search-input';
import type { LabelNames } from './words';

/**
 * The search for a contract over the rows that thresholds are suggested from.
 *
 * @param modes - thresholds of modes that keep their distance from the pooled one; without them one threshold for all modes is searched.
 */
export function contractSearchOf(
  input: Omit<SuggestInput, 'normal' | 'normalFrom'>,
  contract: EventContract,
  modes?: ModeThresholds,
  names?: LabelNames,
): ContractSearch {
  const { timestamps, score, shares, labels, minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress, search } = input;
  const rule = input.modes?.rule;
  const without: ModeThresholds | undefined = rule && {
    channel: rule.channel,
    edges: rule.edges,
    values: Array.from({ length: rule.edges.length + 1 }, () => null),
  };
  return {
    rows: { timestamps, score, shares, modes: input.modes?.rows },
    labels,
    contract,
    rule: { minDurationMs, mergeGapMs, hysteresis, deadTimeMs, suppress, modes: modes ?? without },
    search,
    names,
  };
}

/**
 * The threshold that keeps a contract, or comes nearest to keeping it; the sentence says which. Knobs that are not searched stay as given.
 *
 * @throws FaultlineError 'threshold/bad-objective' without a contract, 'threshold/no-labels' when the contract asks for labelled anomalies
 * and the part has none with scores, 'threshold/no-scores' when no row has a score.
 */
export function contractChoice(input: SuggestInput): ThresholdChoice {
  const { contract } = input;
  if (!contract) {
    throw new FaultlineError(
      'threshold/bad-objective',
      'This objective needs a contract: how many false events, and what must be caught.',
    );
  }
  const map = contractMap({ ...contractSearchOf(input, contract, undefined, input.names), search: input.search ?? [] });
  if (map.labels.length === 0 && contract.mustCatch.length > 0) {
    throw new FaultlineError(
      'threshold/no-labels',
      'The contract asks for labelled anomalies, and the calibration part has none with scores. ' +
        'Label one there, move the split, or leave that promise out.',
    );
  }
  return { ...map.proposal, objective: { kind: 'contract' }, from: sentence(map), achieved: map.proposalUpper, contract };
}

function sentence(map: ContractMap): string {
  const { value, minDurationMs } = map.proposal;
  const setting = `threshold ${formatScore(value)} with a minimum duration of ${formatDuration(minDurationMs)}`;
  const upper = map.proposalUpper;
  const rate = upper === null ? '' : `; at most ${formatNumber(upper)} false events a day`;
  if (!map.feasible) {
    return `No setting tried keeps the contract on the calibration part; the nearest, ${setting}, does not keep ${map.bindingText}${rate}.`;
  }
  return (
    `Keeps the contract on the calibration part: ${setting}, the middle of those that do ` +
    `(${formatPercent(map.holding / map.tried)} of ${map.tried} settings). What binds is ${map.bindingText}${rate}.`
  );
}
