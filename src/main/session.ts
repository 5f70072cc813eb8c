import { FaultlineError } from '../core/errors';
import type { ProjectStore } from './store';

/** The one project that is open, if any. Only this process writes it. */
export interface Session {
  /** @throws FaultlineError 'project/none-open'. */
  current(): ProjectStore;
  peek(): ProjectStore | undefined;
  /** Closes the project before and takes this one; undefined leaves none open. */
  replace(next: ProjectStore | undefined): void;
  /** Call after every change: tells the hosts to fetch the state again. */
  changed(): void;
}

/** @param onChange - called with the project after each change and after another one was opened. */
export function createSession(onChange: (store: ProjectStore) => void): Session {
  let store: ProjectStore | undefined;
  return {
    current() {
      if (!store) throw new FaultlineError('project/none-open', 'No project is open. Open one, or make a new one.');
      return store;
    },
    peek: () => store,
    replace(next) {
      const before = store;
      store = next;
      if (before !== next) before?.close();
      if (next) onChange(next);
    },
    changed() {
      if (store) onChange(store);
    },
  };
}
