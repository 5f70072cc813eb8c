import type { BenchEngine } from '../run-context';
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
  /** The way of several that a twin found to be its fastest. */
  readonly chosen?: string;
}

/** Prepared once for a shape; then runs a number of pieces. */
export type Job = (engine: BenchEngine, request: Request) => Promise<(pieces: number) => Promise<Answer>>;
