import { short, table } from '../markdown';

/** A figure that a suite must reach, and what it reached. */
export interface Gate {
  /** Method, with the series where there are several. */
  readonly of: string;
  readonly figure: string;
  readonly wanted: string;
  /** Null: not measured. */
  readonly reached: string | null;
  readonly met: boolean;
}

/** @param reached - null where it was not measured. */
export function atLeast(of: string, figure: string, least: number, reached: number | null): Gate {
  return gate(of, figure, `at least ${short(least)}`, reached, (value) => value >= least);
}

/** @param reached - null where it was not measured. */
export function atMost(of: string, figure: string, most: number, reached: number | null): Gate {
  return gate(of, figure, `at most ${short(most)}`, reached, (value) => value <= most);
}

function gate(of: string, figure: string, wanted: string, reached: number | null, holds: (value: number) => boolean): Gate {
  return { of, figure, wanted, reached: reached === null ? null : short(reached), met: reached !== null && holds(reached) };
}

export function gateTable(gates: readonly Gate[]): string[] {
  return table(
    ['method', 'figure', 'wanted', 'reached', ''],
    gates.map(({ of, figure, wanted, reached, met }) => [of, figure, wanted, reached ?? '–', met ? 'met' : stateOf(reached)]),
  );
}

const stateOf = (reached: string | null): string => (reached === null ? '**not measured**' : '**missed**');

/** One line for each gate that is not met. */
export function missedGates(gates: readonly Gate[]): string[] {
  return gates
    .filter(({ met }) => !met)
    .map(({ of, figure, wanted, reached }) => `${of}: ${figure} ${reached ?? 'not measured'}, wanted ${wanted}`);
}
