import type { ContractMap, ContractState, ContractTerm, EventContract, PriceRow } from '../../../core/budget/contract';
import type { Label } from '../../../core/labels/label';
import { fixed } from '../../charts/readout';
import { formatCount, formatDuration, formatNumber, formatPercent } from '../../composables/format';

/** "L-03, L-05 and L-06", "all 4 labelled anomalies", "nothing in particular": what a contract must catch. */
export function mustCatchWords(contract: EventContract, labels: readonly Label[], name: (id: string) => string): string {
  const { mustCatch } = contract;
  if (mustCatch === 'all') {
    return labels.length === 1
      ? 'the labelled anomaly'
      : labels.length
        ? `${labels.length === 2 ? 'both' : `all ${labels.length}`} labelled anomalies`
        : 'every labelled anomaly';
  }
  if (mustCatch.length === 0) return 'nothing in particular';
  const names = mustCatch.map((id) => name(id) || 'a label that is gone');
  return names.length > 6 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

export interface ContractFacts {
  /** "46 %"; '' where no setting keeps it. */
  readonly share: string;
  readonly text: string;
  /** Words of the act that takes the proposed setting; '' where there is none worth taking. */
  readonly take: string;
}

/** True where there is too little normal time to tell whether false events are few enough. */
export function tooShort(state: ContractState | null): boolean {
  return state?.terms.some(({ kind, kept }) => kind === 'false-events' && kept === null) ?? false;
}

/** How much room the contract leaves, and what binds. */
export function contractFacts(map: ContractMap, state: ContractState | null): ContractFacts {
  const { tried, holding, feasible, bindingText, proposal } = map;
  const at = `θ ${fixed(proposal.value, 2)}, ${formatDuration(proposal.minDurationMs)}`;
  // Too short a time to tell: no setting could be sure, so none is worth taking for its nearness.
  if (!feasible && tooShort(state)) return { share: '', text: map.note, take: '' };
  if (!feasible && holding > 0) {
    const text = `of the ${formatCount(tried)} settings tried keep it for a duration fixed beforehand; with the duration searched too, none is sure.`;
    return { share: shareText(holding / tried), text, take: '' };
  }
  if (!feasible) {
    return {
      share: '',
      text: `None of the ${formatCount(tried)} settings tried keeps it${bindingText ? `; what breaks is ${bindingText}` : ''}.`,
      take: `Take the nearest (${at})`,
    };
  }
  return {
    share: shareText(holding / tried),
    text: `of the ${formatCount(tried)} settings tried keep it${bindingText ? `; what binds is ${bindingText}` : ''}.`,
    take: `Take the proposed (${at})`,
  };
}

const shareText = (share: number): string => (share > 0 && share < 0.01 ? 'Under 1 %' : formatPercent(share, 0));

/** Mark of a term: kept, near its limit, broken, or not to be told. */
export function termLook(
  { kept }: ContractTerm,
  binds: boolean,
): { readonly icon: 'done' | 'stale' | 'close' | 'todo'; readonly colour: string; readonly word: string } {
  if (kept === null) return { icon: 'todo', colour: 'muted', word: 'cannot be told' };
  if (!kept) return { icon: 'close', colour: 'error', word: 'broken' };
  return binds
    ? { icon: 'stale', colour: 'warn', word: 'kept, nearest to its limit' }
    : { icon: 'done', colour: 'success', word: 'kept' };
}

/** What can be had with another wording, as one line. */
export function priceFacts(row: PriceRow): string {
  if (!row.feasible) return 'No setting tried keeps this.';
  return [
    row.caught === null ? '' : `${row.caught} caught`,
    row.slowestMs === null ? '' : `slowest ${formatDuration(row.slowestMs)}`,
    row.falseEventsPerDayUpper === null ? '' : `at most ${formatNumber(row.falseEventsPerDayUpper, 3)} false events a day`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
