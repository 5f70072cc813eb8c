/**
 * Every error a person can meet. `kind` alone decides how a screen shows it and the exit code of the command line.
 *
 * input: the user can fix it · state: gone, conflicting, too new · resource: memory, disk · cancelled · bug.
 */
export type ErrorKind = 'input' | 'state' | 'resource' | 'cancelled' | 'bug';

/** The whole list of codes; `area/what`. A new failure adds a line here. */
export const errorKinds = {
  'contract/unknown-method': 'bug',
  'contract/invalid-params': 'input',
  'file/not-found': 'input',
  'file/unreadable': 'input',
  'file/token-unknown': 'state',
  'file/write-failed': 'resource',
  'import/empty': 'input',
  'import/unreadable': 'input',
  'import/no-time-column': 'input',
  'import/bad-timestamp': 'input',
  'import/no-values': 'input',
  'import/bad-recipe': 'input',
  'import/too-large': 'input',
  'import/bad-encoding': 'input',
  'import/already-imported': 'state',
  'labels/unreadable': 'input',
  'labels/no-entry': 'input',
  'labels/bad-interval': 'input',
  'labels/no-column': 'input',
  'prepare/too-short': 'input',
  'prepare/bad-split': 'input',
  'prepare/no-channel': 'input',
  'prepare/bad-drift': 'input',
  'scoring/no-spread': 'input',
  'detector/unknown': 'input',
  'detector/bad-params': 'input',
  'detector/too-little-data': 'input',
  'detector/too-much-data': 'input',
  'detector/untrainable': 'state',
  'model/incompatible': 'state',
  'model/damaged': 'state',
  'model/not-found': 'state',
  'training/not-finite': 'state',
  'training/data-changed': 'state',
  'threshold/no-scores': 'input',
  'threshold/bad-objective': 'input',
  'threshold/no-labels': 'input',
  'threshold/not-separable': 'input',
  'metrics/mismatch': 'input',
  'store/not-a-project': 'input',
  'store/newer-than-app': 'state',
  'store/locked': 'state',
  'store/damaged-chunk': 'state',
  'store/damaged': 'state',
  'store/read-only': 'state',
  'store/full': 'resource',
  'store/io': 'resource',
  'project/none-open': 'state',
  'project/not-found': 'state',
  'project/busy': 'state',
  'project/exists': 'state',
  'dataset/not-found': 'state',
  'dataset/in-use': 'state',
  'label/not-found': 'state',
  'score/not-found': 'state',
  'event/not-found': 'state',
  'comparison/not-found': 'state',
  'comparison/refused': 'input',
  'job/not-found': 'state',
  'job/cancelled': 'cancelled',
  'job/interrupted': 'state',
  'job/not-resumable': 'state',
  'compute/lost': 'resource',
  'compute/out-of-memory': 'resource',
  'engine/unavailable': 'resource',
  'host/unreachable': 'resource',
  'host/not-signed-in': 'state',
  'report/unknown-format': 'input',
  'host/refused': 'input',
  'host/too-large': 'input',
  'host/port-taken': 'resource',
  'host/not-built': 'state',
  'cli/usage': 'input',
  'internal/unexpected': 'bug',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * The one error class. The message says what happened, where, and what to do next; `details` is plain JSON (row, column, limits).
 */
export class FaultlineError extends Error {
  override readonly name = 'FaultlineError';
  readonly kind: ErrorKind;

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: JsonObject = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.kind = errorKinds[code];
  }
}

/** True for an error of ours, of one code when given. */
export function isFaultline(error: unknown, code?: ErrorCode): error is FaultlineError {
  return error instanceof FaultlineError && (code === undefined || error.code === code);
}
