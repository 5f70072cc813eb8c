import type { RunContext } from '../src/core/detectors/detector';
import type { RowCrew } from '../src/core/detectors/shared/row-crew';
import { randomFrom } from '../src/core/random';
import type { LoadedEngine } from '../src/main/compute/tensorflow';

export interface BenchEngine extends LoadedEngine {
  /** Absent: rows are not shared. */
  readonly crew?: RowCrew;
}

/** A run without a host: nothing is stored, nobody cancels. */
export function benchRun({ tf, fusedLstm, crew }: BenchEngine, seed = 1): RunContext {
  return {
    ...(crew && { crew }),
    random: randomFrom(seed),
    tensorflow: () => Promise.resolve(tf),
    fusedLstm,
    report: () => undefined,
    checkpoint: () => Promise.resolve(),
  };
}
