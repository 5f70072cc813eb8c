/** Answers by what was asked, so that each is computed once in a session; the newest ones. One that failed is asked for again. */
export interface Kept<T> {
  of(key: string, ask: () => Promise<T>): Promise<T>;
  put(key: string, answer: Promise<T>): void;
}

const most = 50;

export function createKept<T>(): Kept<T> {
  const known = new Map<string, Promise<T>>();
  const put: Kept<T>['put'] = (key, answer) => {
    known.set(key, answer);
    const oldest = known.keys().next().value;
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    answer.catch(() => known.delete(key));
  };
  return {
    put,
    of(key, ask) {
      if (!known.has(key)) put(key, ask());
      return known.get(key)!;
    },
  };
}
