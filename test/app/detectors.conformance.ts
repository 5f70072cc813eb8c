import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { resolveParams } from '../../src/core/detectors/params';
import { importPlanted, sourceSpawner, startApp } from './harness';

it(
  'lists detectors with presets that their parameters allow, all of which the native engine trains',
  { timeout: 60_000 },
  async () => {
    const t = await startApp();
    const { datasetId } = await importPlanted(t, 1200);
    const list = await t.call('detector.list', {});
    const { detectors, autocorrelation } = await t.call('training.propose', { datasetId });
    expect((await t.call('engine.status', {})).backend).toBe('tensorflow');
    expect(list.every(({ trainable }) => trainable)).toBe(true);
    expect(list.flatMap(({ presets }) => presets).length).toBeGreaterThan(0);
    for (const { id, params, presets } of list) {
      const proposed = detectors.find((detector) => detector.id === id)!.params;
      for (const preset of presets) {
        expect(preset.help, `${id} ${preset.id}`).not.toBe('');
        expect(Object.keys(resolveParams(params, { ...proposed, ...preset.params })), `${id} ${preset.id}`).toEqual(
          Object.keys(params),
        );
      }
      // The defaults are a preset of their own, so that one can always come back to them.
      if (presets.length > 0) expect(presets.find((preset) => preset.id === 'balanced')?.params, id).toEqual({});
    }
    const [recommended, ...others] = detectors.filter((detector) => detector.recommended);
    expect(others).toEqual([]);
    // Why this one, for these data; not what it is.
    expect(recommended!.reason).not.toBe(list.find(({ id }) => id === recommended!.id)!.summary);
    expect(recommended!.reason).toMatch(/in our measurements|rows train/);
    expect(autocorrelation.windowSamples).toBeGreaterThan(1);
  },
);

it.each([
  ['cpu', 'the plain JavaScript engine'],
  ['wasm', ''],
] as const)(
  'on the engine %s refuses to train what it is too slow for, before anything starts',
  { timeout: 60_000 },
  async (engine, name) => {
    const t = await startApp({ spawn: (worker, env) => sourceSpawner(worker, { ...env, FAULTLINE_ENGINE: engine }) });
    const { datasetId } = await importPlanted(t, 600);
    const { split, preparation, detectors } = await t.call('training.propose', { datasetId });
    expect((await t.call('engine.status', {})).backend).toBe(engine);
    const list = await t.call('detector.list', {});
    const untrainable = list.filter(({ trainable }) => !trainable).map(({ id }) => id);
    for (const id of ['mim-gan', 'mad-gan']) expect(untrainable.includes(id), id).toBe(name !== '');
    expect(untrainable).not.toContain(detectors.find(({ recommended }) => recommended)!.id);
    for (const detectorId of untrainable) {
      const plan = { datasetId, detectorId, params: {}, split, preparation };
      const sweep = { ...plan, method: 'grid', space: { stride: [5] }, minutes: 1, seeds: [1] };
      for (const [method, params] of [
        ['training.plan', plan],
        ['training.estimate', plan],
        ['training.start', { ...plan, seed: 1 }],
        ['sweep.start', sweep],
      ] as const) {
        const error = await t.refused(method, params);
        expect(error.code, method).toBe('detector/untrainable');
        expect(error.message).toContain(name);
        expect(error.message).toMatch(/run "npm run setup" again/);
      }
    }
    expect(await t.call('job.list', {})).toHaveLength(1); // the import alone
    const plan = { datasetId, detectorId: 'robust-z', params: {}, split, preparation, seed: 1 };
    expect((await t.ended((await t.call('training.start', plan)).jobId)).status).toBe('succeeded');
  },
);

it(
  'gives the review score apart from the score: as a line, as a column of the export, and never in an event',
  { timeout: 90_000 },
  async () => {
    const t = await startApp();
    const { datasetId } = await importPlanted(t, 900);
    const { split, preparation } = await t.call('training.propose', { datasetId });
    const params = { window: 8, hidden: 8, latent: 2, steps: 40 };
    const plan = { datasetId, detectorId: 'vae', params, split, preparation, seed: 1 };
    const job = await t.ended((await t.call('training.start', plan)).jobId);
    expect(job.error).toBeNull();
    const runId = String(job.result['runId']);
    const start = Date.UTC(2026, 0, 1);
    const end = start + 900 * 60_000;
    const { score, review } = await t.call('score.window', { runId, channels: [], start, end, buckets: 2000 });
    expect([...review!.time]).toEqual([...score.time]);
    const known = (line: { readonly max: Float32Array }): number[] =>
      [...line.max.keys()].filter((i) => !Number.isNaN(line.max[i]!));
    // By hand: the first score is at row L−1 = 7; the review score needs the 2L−1 = 15 rows before and after its own.
    expect(known(score)[0]).toBe(7);
    expect([known(review!)[0], known(review!).at(-1)]).toEqual([15, 899 - 15]);

    const value = 1e6;
    const knobs = { minDurationMs: 0, mergeGapMs: 0 };
    await t.call('calibration.save', { runId, value, objective: { kind: 'manual' }, ...knobs, from: 'by hand', achieved: null });
    expect((await t.call('run.result', { runId })).events).toEqual([]);
    const { fileToken } = await t.call('scores.export', { runId });
    const [head, ...rows] = (await readFile(t.app.files.resolve(fileToken).path, 'utf8')).trim().split('\r\n');
    expect(head!.split(',').slice(0, 5)).toEqual(['timestamp', 'score', 'threshold', 'anomaly', 'review']);
    expect(rows[0]!.split(',')[4]).toBe('');
    expect(Number(rows[100]!.split(',')[4])).toBeCloseTo(review!.max[100]!, 6);
  },
);
