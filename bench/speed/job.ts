import type { RunContext } from '../../src/core/detectors/detector';
import { randomFrom } from '../../src/core/random';
import type { LoadedEngine } from '../../src/main/compute/tensorflow';
import type { Cost } from './meter';

/** A measurement that both sides answer: ours in `jobs/`, PyTorch's in `twins/`. */
export interface Request {
  readonly job: string;
  /** Decided by the job; the twin gets the same. */
  readonly shape: Readonly<Record<string, number>>;
  /** Pieces of work (steps, fits, …) measured together after one that is not measured. */
  readonly pieces: number;
  /** File of little-endian float32, where the job works on given data. */
  readonly data?: string;
}

/** Cost of one piece. */
export interface Answer extends Cost {
  /** What only the job itself knows, e.g. megabytes. */
  readonly extra?: Readonly<Record<string, number>>;
}

/** Prepared once for a shape; then runs a number of pieces. */
export type Job = (engine: LoadedEngine, request: Request) => Promise<(pieces: number) => Promise<Answer>>;

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
