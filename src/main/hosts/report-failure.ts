import { isFaultline } from '../../core/errors';
import { exitCodeOf } from './exit-codes';

/** Ends a process that could not start: the message of an error of ours, the whole of any other (it is a bug). */
export function failToStart(error: unknown): never {
  const known = isFaultline(error);
  process.stderr.write(`${known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(known ? exitCodeOf(error) : 70);
}
