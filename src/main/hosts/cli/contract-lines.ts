import type { RunResult, StoredThreshold } from '../../../contract/types';
import type { ContractMap, ContractState, PriceRow } from '../../../core/budget/contract';
import { formatContract } from '../../../core/budget/parse';
import { describeContract, modePhrase, type LabelNames } from '../../../core/budget/words';
import { formatDuration, formatNumber, formatScore } from '../../../core/report/format';
import { modeName } from '../../../core/thresholds/modes';
import { isoOf, table } from './text';

/** A contract, how it stands in each part, and where it holds: as JSON and as lines for people. */

/** null without a contract. */
export function contractJson({ threshold, contract }: RunResult, map: ContractMap | null) {
  const made = threshold.contract;
  if (!made || !contract) return null;
  return {
    text: formatContract(made),
    ...made,
    calibration: stateJson(contract.calibration),
    test: stateJson(contract.test),
    search: map && {
      feasible: map.feasible,
      binding: map.binding,
      bindingText: map.bindingText,
      tried: map.tried,
      holding: map.holding,
      proposal: map.proposal,
      proposalUpperPerDay: map.proposalUpper,
      price: map.price.map(({ contract: wording, ...row }) => ({ ...row, contract: formatContract(wording) })),
      note: map.note,
    },
  };
}

const stateJson = (state: ContractState) => ({
  ...state,
  brokenSince: state.brokenSince === null ? null : isoOf(state.brokenSince),
});

/** Empty without a contract. */
export function contractLines(
  { threshold, contract }: Pick<RunResult, 'threshold' | 'contract'>,
  map: ContractMap | null,
  names: LabelNames,
): string[] {
  const made = threshold.contract;
  if (!made || !contract) return [];
  const mode = made.mode === null || !threshold.modes ? undefined : modePhrase(threshold.modes, made.mode);
  return [
    '',
    `Contract   ${describeContract(made, names, mode)}`,
    ...stateLines('calibration part', contract.calibration),
    ...stateLines('test part', contract.test),
    ...(map ? searchLines(map) : []),
  ];
}

function stateLines(part: string, state: ContractState): string[] {
  const since = state.kept === false && state.brokenSince !== null ? ` since ${isoOf(state.brokenSince)}` : '';
  return [
    `  ${part}: ${keptWord(state.kept)}${since}`,
    ...state.terms.map(
      ({ kept, kind, text }) => `    ${keptWord(kept).padEnd(14)} ${text}${kind === state.binding ? ' (binds)' : ''}`,
    ),
  ];
}

const keptWord = (kept: boolean | null): string => (kept === null ? 'cannot be told' : kept ? 'kept' : 'broken');

function searchLines(map: ContractMap): string[] {
  const at = `threshold ${formatScore(map.proposal.value)}, minimum duration ${formatDuration(map.proposal.minDurationMs)}`;
  return [
    map.feasible
      ? `  search: kept by ${map.holding} of ${map.tried} settings; what binds is ${map.bindingText}; proposed ${at}`
      : `  search: ${map.holding === 0 ? `none of ${map.tried} settings keeps it` : `${map.holding} of ${map.tried} settings keep it, but none is sure after the search`}; the nearest, ${at}, does not keep ${map.bindingText}`,
    `  ${map.note}`,
    ...priceLines(map.price),
  ];
}

function priceLines(price: readonly PriceRow[]): string[] {
  if (price.length === 0) return [];
  const rows = price.map((row) => [
    `  ${row.text}${row.present ? ' (as promised)' : ''}`,
    row.feasible ? 'yes' : 'no',
    row.value === null ? '–' : formatScore(row.value),
    row.falseEvents === null ? '–' : String(row.falseEvents),
    row.falseEventsPerDayUpper === null ? '–' : formatNumber(row.falseEventsPerDayUpper),
    row.caught === null ? '–' : String(row.caught),
    row.slowestMs === null ? '–' : formatDuration(row.slowestMs),
  ]);
  const head = ['  Price of other words', 'Kept', 'Threshold', 'False events', 'A day at most', 'Caught', 'Slowest'];
  return table(head, rows, new Set([2, 3, 4, 5, 6]));
}

/** What of the rule stands beside threshold, minimum duration and merge gap; only what is set. */
export const ruleJson = ({ hysteresis, deadTimeMs, modes, suppress }: StoredThreshold) => ({
  ...(hysteresis && { hysteresis }),
  ...(deadTimeMs && { deadTimeMs }),
  ...(modes && { modes }),
  ...(suppress?.length && { suppress }),
});

export function ruleLines({ hysteresis, deadTimeMs, modes, suppress }: StoredThreshold, hidden: RunResult['hidden']): string[] {
  const parts = [
    ...(hysteresis ? [`hysteresis ${formatScore(hysteresis)}`] : []),
    ...(deadTimeMs ? [`dead time ${formatDuration(deadTimeMs)}`] : []),
    ...(modes?.values.flatMap((value, mode) => (value === null ? [] : [`${formatScore(value)} at ${modeName(modes, mode)}`])) ??
      []),
    ...(suppress?.map(
      ({ channel, minShare, reason }) =>
        `hidden from ${Math.round(minShare * 100)} % of ${channel}${reason === '' ? '' : ` (${reason})`}`,
    ) ?? []),
  ];
  const count = hidden.length === 0 ? [] : [`           ${hidden.length} ${hidden.length === 1 ? 'event' : 'events'} hidden by it`];
  return parts.length === 0 ? count : [`           ${parts.join(', ')}`, ...count];
}
