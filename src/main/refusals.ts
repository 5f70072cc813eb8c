import type { Backend, DetectorInfo, EngineInfo } from '../core/detectors/detector';
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

const engineNames: Readonly<Record<Backend, string>> = {
  tensorflow: 'native TensorFlow',
  wasm: 'the WebAssembly engine',
  cpu: 'the plain JavaScript engine',
};

/** Whether an engine trains a detector in useful time. */
export function trainsOn({ trainsOn: able }: Pick<DetectorInfo, 'trainsOn'>, { backend }: Pick<EngineInfo, 'backend'>): boolean {
  return able?.includes(backend) ?? true;
}

/** @throws FaultlineError 'detector/untrainable' naming the engine, the ones that would do, and what to do. */
export function requireTrainable(info: DetectorInfo, engine: Pick<EngineInfo, 'backend' | 'reason'>): void {
  if (trainsOn(info, engine)) return;
  const able = info.trainsOn!.map((backend) => engineNames[backend]).join(' or ');
  throw new FaultlineError(
    'detector/untrainable',
    `${info.title} cannot be trained in useful time with ${engineNames[engine.backend]}, which is what this computer has ` +
      `(${engine.reason}). It needs ${able}: run "npm run setup" again and look at "faultline doctor", or choose another detector. ` +
      'Data can be scored here with a model that was trained elsewhere.',
    { id: info.id, engine: engine.backend, trainsOn: [...info.trainsOn!] },
  );
}

/** A checkpoint that belongs to other data, labels or parameters than there are now. */
export function dataChanged(): FaultlineError {
  return new FaultlineError(
    'training/data-changed',
    'The training data, the labels in the training period or the parameters changed since the checkpoint was saved. Start a new training.',
  );
}
