import { expect, it } from 'vitest';
import type { DetectorInfo } from '../core/detectors/detector';
import { isFaultline } from '../core/errors';
import { requireTrainable } from './refusals';

const info = { id: 'mad-gan', title: 'MAD-GAN', trainsOn: ['tensorflow', 'wasm'] } as unknown as DetectorInfo;

it('refuses a detector that the engine is too slow for, naming the engine, what would do, and what to do', () => {
  const refuse = (): void => requireTrainable(info, { backend: 'cpu', reason: 'tensorflow: not installed' });
  expect(refuse).toThrow(/^MAD-GAN cannot be trained in useful time with the plain JavaScript engine.*tensorflow: not installed/);
  expect(refuse).toThrow(/needs native TensorFlow or the WebAssembly engine: run "npm run setup"/);
  try {
    refuse();
  } catch (error) {
    expect(isFaultline(error, 'detector/untrainable')).toBe(true);
  }
  requireTrainable(info, { backend: 'wasm', reason: '' });
  // A detector that says nothing is trained by every engine.
  requireTrainable({ id: 'knn', title: 'KNN' } as unknown as DetectorInfo, { backend: 'cpu', reason: '' });
});
