import type { Client } from './client';

/** One command of the program; one file each. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole of `--help`, with examples. */
  readonly help: string;
  /** Does the work and gives what is printed. @throws FaultlineError; 'cli/usage' for wrong options. */
  run(args: readonly string[], start: StartClient): Promise<Output>;
}

/** Starts the application on a data folder; undefined: a private one that is deleted at the end. */
export type StartClient = (dataDir: DataFolder) => Promise<Client>;
export type DataFolder = { readonly kind: 'user'; readonly given?: string | undefined } | { readonly kind: 'private' };

/** The result of a command in both shapes; `run.ts` prints one of them. */
export interface Output {
  /** The one object of `--json`. */
  readonly value: unknown;
  /** For people. May hold text from files: it is escaped when printed. */
  readonly lines: readonly string[];
  readonly json: boolean;
  /** Exit code other than 0 of a command that worked and has bad news (`doctor`). */
  readonly exitCode?: number;
}
