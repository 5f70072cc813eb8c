/** A run as bench/results/papers-<suite>.json keeps it: one for each version, engine and set of seeds. */
export interface StoredRun {
  readonly version: string;
  readonly engine: string;
  readonly seeds: readonly number[];
  readonly result: unknown;
}

/** The run that the page shows: the one with the most seeds, and of these the latest. */
export function bestRun(runs: readonly StoredRun[]): StoredRun | undefined {
  return [...runs].reverse().sort((a, b) => b.seeds.length - a.seeds.length)[0];
}
