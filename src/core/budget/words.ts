import { formatCount, formatDays, formatDuration } from '../report/format';
import { modeName } from '../thresholds/modes';
import type { ModeRule } from '../thresholds/threshold';
import type { EventContract } from './contract';

/** Names of labels by id, for texts. */
export type LabelNames = ReadonlyMap<string, string>;

/**
 * The contract as one sentence: "While running at most 1 false event in 3 days, sure to 95 %; must catch L-03 and L-06; each within 3 h."
 *
 * @param mode - name of the contract's mode ("running"); "in mode 1" when absent.
 */
export function describeContract(contract: EventContract, names: LabelNames = new Map(), mode?: string): string {
  const where =
    contract.mode === null ? 'At most' : mode === undefined ? `In mode ${contract.mode} at most` : `While ${mode} at most`;
  const parts = [`${where} ${allowancePhrase(contract)}, sure to ${percentOf(contract.confidence)}`];
  const { mustCatch, withinMs } = contract;
  if (mustCatch === 'all') parts.push('must catch every labelled anomaly');
  else if (mustCatch.length > 0) parts.push(`must catch ${listOf(mustCatch.map((id) => names.get(id) ?? id))}`);
  const many = mustCatch === 'all' || mustCatch.length !== 1;
  if (withinMs !== null) parts.push(`${many ? 'each ' : ''}within ${formatDuration(withinMs)}`);
  return `${parts.join('; ')}.`;
}

/** "1 false event in 3 days". */
export function allowancePhrase({ falseEvents, days }: Pick<EventContract, 'falseEvents' | 'days'>): string {
  const count = falseEvents === 0 ? 'no' : plain(falseEvents);
  const period = days === 1 ? '1 day' : `${plain(days)} days`;
  return `${count} false ${falseEvents === 1 ? 'event' : 'events'} in ${period}`;
}

/** As entered: 3, 1.5, 1,200; at most four digits after a point. */
function plain(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toFixed(4)));
}

/** A mode with its tag, for `describeContract`: "speed 500 to 1,200". */
export function modePhrase(modes: ModeRule, mode: number): string {
  const name = modeName(modes, mode);
  return name.includes(modes.channel) ? name : `${modes.channel} ${name}`;
}

/** 0.95 as "95 %", 0.975 as "97.5 %". */
export function percentOf(confidence: number): string {
  return `${Number((confidence * 100).toFixed(3))} %`;
}

/** "27.9 d", "50 s". */
export function daysText(days: number): string {
  return formatDays(days);
}

/** "A", "A and B", "A, B and C". */
export function listOf(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
