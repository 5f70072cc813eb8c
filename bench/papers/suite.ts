import type { LoadedEngine } from '../../src/main/compute/tensorflow';
import type { Gate } from './gates';

/** What every suite of `npm run bench:papers` is run with. */
export interface SuiteOptions {
  /** Folder of the data of this suite. */
  readonly data: string;
  readonly seeds: readonly number[];
  /** A run of minutes that shows that everything works; its figures are marked and meet no gate. */
  readonly quick: boolean;
  /** Ids of the detectors to run; empty: all of the suite. */
  readonly only: readonly string[];
  readonly engine: LoadedEngine;
  readonly log: (line: string) => void;
}

/**
 * One data set with its protocol. `run` measures and returns plain JSON, which is written to bench/results/papers-<name>.json;
 * `page` turns that JSON into the suite's chapter of docs/papers.md, so that no figure is ever written by hand.
 */
export interface PaperSuite<R> {
  readonly name: string;
  /** Subfolder of the data folder; '' for a suite that generates its data. */
  readonly folder: string;
  /**
   * @param before - the result of an earlier run of the same version, whose detectors that are not in `only` are kept; null when none.
   * @param save - stores what there is so far, so that a long run that is stopped loses little.
   */
  run(options: SuiteOptions, before: R | null, save: (partial: R) => void): Promise<R>;
  page(result: R): string;
  /** What the result must reach; empty for a suite that promises nothing. Not judged for a quick run. */
  gates(result: R): readonly Gate[];
  /** Where the gates come from, lines above their table. */
  readonly gateRule: readonly string[];
}
