import type { ContractState } from '../../core/budget/contract';
import { timeFormatter } from '../../core/report/format';
import type { RunEvaluation } from '../compute/client';
import type { ContractFact } from '../store';
import { count } from './project-state';

type Contract = RunEvaluation['contract'];

/** "3 events, 2 of 3 labels caught in the test part, F1 0.82, contract kept". */
export function resultInWords({ events, test, contract }: RunEvaluation, timeZone: string): string {
  const parts = [count(events.length, 'event')];
  if (test.labels > 0) parts.push(`${test.caught} of ${count(test.labels, 'label')} caught in the test part`);
  if (test.labels > 0 && test.f1.value !== null) parts.push(`F1 ${test.f1.value.toFixed(2)}`);
  const contractSays = contractInWords(contract, timeZone);
  if (contractSays) parts.push(contractSays);
  return parts.join(', ');
}

/** Whether a contract is kept where it can be told; null when it cannot be told in any part. */
export function contractKept(contract: NonNullable<Contract>): boolean | null {
  const states = [contract.calibration, contract.test];
  if (states.some(({ kept }) => kept === false)) return false;
  return states.some(({ kept }) => kept === true) ? true : null;
}

/** "contract kept", "contract broken since 12 May"; '' without one, and where it cannot be told. */
export function contractInWords(contract: Contract, timeZone: string): string {
  if (!contract) return '';
  const kept = contractKept(contract);
  if (kept === null) return '';
  return kept ? 'contract kept' : `contract broken${sinceText([contract.calibration, contract.test], timeZone)}`;
}

/** What the rail says of a kept threshold's contract; null without one, and where it cannot be told. */
export function contractFact(contract: Contract, timeZone: string): ContractFact | null {
  const fact = contractInWords(contract, timeZone);
  return contract && fact ? { kept: contractKept(contract) === true, fact } : null;
}

function sinceText(states: readonly ContractState[], timeZone: string): string {
  const times = states.flatMap(({ kept, brokenSince }) => (kept === false && brokenSince !== null ? [brokenSince] : []));
  // Day and month, as the rail has little room: "12 May".
  return times.length === 0
    ? ''
    : ` since ${timeFormatter(timeZone)
        .date(Math.min(...times))
        .split(' ')
        .slice(0, 2)
        .join(' ')}`;
}
