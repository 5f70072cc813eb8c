import { errorKinds, FaultlineError, isFaultline, type ErrorCode, type JsonObject } from '../../core/errors';
import type { Progress } from '../../core/detectors/detector';
import type { ThreadCrew } from './thread-crew';

/** Messages between main and the compute process. `id` is the number of the task; one runs at a time in a process. */
export type ToWorker =
  | { readonly type: 'run'; readonly id: number; readonly task: string; readonly input: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  /** Answer to a delivery: it is safe on disk, or why it could not be stored. */
  | { readonly type: 'stored'; readonly delivery: number; readonly error?: PlainError };

export type FromWorker =
  | { readonly type: 'beat'; readonly residentBytes: number }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  /** Something main must store before the task goes on. */
  | { readonly type: 'delivery'; readonly id: number; readonly delivery: number; readonly value: unknown }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: PlainError };

/** What a task may do besides computing. */
export interface TaskContext {
  /** Aborted when the task is asked to stop. */
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  /** Yields to the event loop; throws 'job/cancelled' if asked to stop. */
  readonly checkpoint: () => Promise<void>;
  /** Hands a value to main and resolves when main has stored it: this is the brake that bounds memory. */
  readonly deliver: (value: unknown) => Promise<void>;
  readonly crew: ThreadCrew;
}

/** One thing the compute process can do: input and result are structured-clone data. */
export type Task<I, R> = (input: I, context: TaskContext) => Promise<R>;

/** An error as data. `code` is null for errors that are not ours. */
export interface PlainError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly details: JsonObject;
  readonly stack: string;
}

export function toPlainError(error: unknown): PlainError {
  if (isFaultline(error)) {
    return { code: error.code, message: error.message, details: error.details, stack: error.stack ?? '' };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  if (error instanceof RangeError && /allocation|array length|buffer/i.test(message)) {
    return { code: 'compute/out-of-memory', message: outOfMemoryText, details: {}, stack };
  }
  return { code: null, message, details: {}, stack };
}

export function fromPlainError(plain: PlainError): Error {
  if (plain.code !== null && Object.hasOwn(errorKinds, plain.code)) {
    return new FaultlineError(plain.code, plain.message, plain.details);
  }
  const error = new Error(plain.message);
  error.stack = plain.stack;
  return error;
}

export const outOfMemoryText =
  'The computation needed more memory than there is. Take fewer channels, a shorter window, a smaller batch, or a shorter period.';
