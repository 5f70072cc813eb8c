import type { ContractState, TermKind } from '../../../core/budget/contract';

/** What a promise is called where its numbers have no room. */
export const termNames: Readonly<Record<TermKind, string>> = {
  'false-events': 'false events',
  catch: 'catch',
  delay: 'time to find',
};

export interface Standing {
  readonly words: string;
  readonly look: '' | 'ok' | 'bad';
  readonly icon: 'done' | 'warn' | 'todo';
}

/** A contract in one chip; "cannot be told" is neither good nor bad. */
export function contractStanding({ kept }: Pick<ContractState, 'kept'>): Standing {
  if (kept === null) return { words: 'cannot be told', look: '', icon: 'todo' };
  return kept ? { words: 'kept', look: 'ok', icon: 'done' } : { words: 'broken', look: 'bad', icon: 'warn' };
}
