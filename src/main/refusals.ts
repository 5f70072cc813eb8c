import { FaultlineError } from '../core/errors';

/** Checks that both main (before a job is queued) and the compute process (before it works) make. */

/** @throws FaultlineError 'model/incompatible' naming the tags that are missing. */
export function requireChannels(wanted: readonly string[], present: readonly string[]): void {
  const missing = wanted.filter((name) => !present.includes(name));
  if (missing.length === 0) return;
  throw new FaultlineError(
    'model/incompatible',
    `The model needs ${missing.length === 1 ? 'the tag' : 'the tags'} ${missing.map((name) => `"${name}"`).join(', ')}, ` +
      'which this dataset does not have. Choose a dataset with the same tags, or train a new model.',
    { missing },
  );
}

/** A checkpoint that belongs to other data, labels or parameters than there are now. */
export function dataChanged(): FaultlineError {
  return new FaultlineError(
    'training/data-changed',
    'The training data, the labels in the training period or the parameters changed since the checkpoint was saved. Start a new training.',
  );
}
