import type { RunContext } from '../src/core/detectors/detector';
import { randomFrom } from '../src/core/random';
import type { LoadedEngine } from '../src/main/compute/tensorflow';

/** A run without a host: nothing is stored, nobody cancels. */
export function benchRun({ tf, fusedLstm }: LoadedEngine, seed = 1): RunContext {
  return {
    random: randomFrom(seed),
    tensorflow: () => Promise.resolve(tf),
    fusedLstm,
    report: () => undefined,
    checkpoint: () => Promise.resolve(),
  };
}
