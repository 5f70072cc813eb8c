/**
 * Aborts the question before when a new one of the same kind is asked: nobody waits for the plan of a split edge that was dragged on.
 *
 * @returns a function that gives the signal of the newest question.
 */
export function latestOnly(): () => AbortSignal {
  let last: AbortController | undefined;
  return () => {
    last?.abort();
    last = new AbortController();
    return last.signal;
  };
}
