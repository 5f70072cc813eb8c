import { afterEach, describe, expect, it } from 'vitest';
import { isFaultline } from '../../core/errors';
import { loadEngine } from './tensorflow';

describe('loadEngine', () => {
  afterEach(() => {
    delete process.env['FAULTLINE_ENGINE'];
  });

  it.each(['wasm', 'cpu'] as const)(
    'starts %s when it is asked for, with every self-test passed and nothing left',
    async (backend) => {
      const engine = await loadEngine({ force: backend });
      expect(engine.info).toMatchObject({ backend, threads: 1 });
      expect(engine.info.version).toContain('4.22');
      expect(engine.fusedLstm).toBe(false);
      expect(engine.selfTest.map((test) => [test.name, test.passed])).toEqual([
        ['matrix product', true],
        ['gradient', true],
        ['second-order gradient', true],
      ]);
      expect(engine.tf.memory().numTensors).toBe(0);
    },
  );

  it('takes the best engine that works, and says why a better one was not used', async () => {
    const engine = await loadEngine();
    expect(engine.selfTest.every((test) => test.passed)).toBe(true);
    if (engine.info.backend === 'tensorflow') {
      expect(engine.fusedLstm).toBe(true);
      expect(engine.info.threads).toBe(Number(process.env['TF_NUM_INTRAOP_THREADS']));
      expect(engine.selfTest.map((test) => test.name)).toContain('fused LSTM');
    } else {
      expect(engine.info.reason).toMatch(/^tensorflow: \S/);
      expect(engine.info.reason).not.toContain('/');
    }
  });

  it('refuses an engine that does not exist', async () => {
    process.env['FAULTLINE_ENGINE'] = 'abacus';
    await expect(loadEngine()).rejects.toSatisfy((error) => isFaultline(error, 'engine/unavailable'));
  });
});
