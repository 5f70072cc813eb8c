import type { ErrorCode, ErrorKind } from '../../core/errors';

/**
 * Exit code of a process that ends with an error: 2 usage, 3 bad input, 4 resource, 5 job failed or cancelled, 70 bug.
 * A file or a state that the user can put right counts as input.
 */
export function exitCodeOf(error: { readonly code: ErrorCode; readonly kind: ErrorKind }): number {
  if (error.code === 'cli/usage') return 2;
  if (error.code === 'training/not-finite' || error.code === 'job/interrupted') return 5;
  switch (error.kind) {
    case 'input':
    case 'state':
      return 3;
    case 'resource':
      return 4;
    case 'cancelled':
      return 5;
    case 'bug':
      return 70;
  }
}
