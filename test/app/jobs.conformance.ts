import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createComputeClient } from '../../src/main/compute/client';
import { openReader } from '../../src/main/store';
import { importPlanted, sourceSpawner, startApp, workerSource, type TestApp } from './harness';
import { loader, sourceFlags } from './source-flags';

/** A network small enough to train in seconds, long enough for several checkpoints (one every 100 steps). */
const small = { window: 8, windows: 3, vaeSteps: 400, lstmSteps: 300, hidden: 16, latent: 3, batch: 16, earlyStopping: false };

async function trainSmall(
  t: TestApp,
  datasetId: string,
  params: Readonly<Record<string, number | boolean>> = small,
): Promise<string> {
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const plan = { datasetId, detectorId: 'hreg-vae-lstm', params, split, preparation };
  return (await t.call('training.start', { ...plan, seed: 3 })).jobId;
}

/** Resolves when the job has a checkpoint and is in the given stage. */
async function checkpointed(t: TestApp, jobId: string, step: number): Promise<void> {
  for (;;) {
    const { checkpointStep, status, error } = await t.call('job.detail', { id: jobId });
    if (checkpointStep !== null && checkpointStep >= step) return;
    if (status !== 'queued' && status !== 'running') expect.fail(`job ended early: ${status} ${error?.message ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function weightsHash(t: TestApp, modelId: string): Promise<string> {
  const reader = openReader((await t.call('project.state', {}))!.file);
  try {
    const { weights } = reader.models.content(modelId);
    return createHash('sha256').update(weights).digest('hex');
  } finally {
    reader.close();
  }
}

describe('a training job whose process is killed', () => {
  it.each([100, 500])('is interrupted, and goes on from step %i to bit-equal weights', { timeout: 240_000 }, async (step) => {
    const t = await startApp();
    const { datasetId } = await importPlanted(t, 1200);
    const whole = await t.ended(await trainSmall(t, datasetId));
    expect(whole.error).toBeNull();

    const jobId = await trainSmall(t, datasetId);
    await checkpointed(t, jobId, step);
    process.kill(t.app.computePid()!, 'SIGKILL');
    const killed = await t.ended(jobId);
    expect(killed).toMatchObject({ status: 'interrupted', resumable: true, result: {} });
    expect(killed.error).toMatchObject({ code: 'compute/lost', details: { signal: 'SIGKILL' } });
    expect((await t.call('project.state', {}))!.models).toHaveLength(1);

    expect(await t.call('job.resume', { id: jobId })).toEqual({ jobId });
    const resumed = await t.ended(jobId);
    expect(resumed.status).toBe('succeeded');
    // Without a gap and without a repeated point: the same curve as in one go.
    expect(resumed.history).toEqual(whole.history);
    expect(await weightsHash(t, String(resumed.result['modelId']))).toBe(await weightsHash(t, String(whole.result['modelId'])));
  });

  it('is not resumed on other training data', { timeout: 120_000 }, async () => {
    const t = await startApp();
    const { datasetId } = await importPlanted(t, 1200);
    const jobId = await trainSmall(t, datasetId);
    await checkpointed(t, jobId, 100);
    process.kill(t.app.computePid()!, 'SIGKILL');
    await t.ended(jobId);
    const { start } = (await t.call('project.state', {}))!.datasets[0]!;
    const early = { start: start + 60_000, end: start + 120_000, class: 'anomaly' as const, comment: '', channels: [] };
    await t.call('label.save', { datasetId, add: [early] });
    expect((await t.refused('job.resume', { id: jobId })).code).toBe('training/data-changed');
    expect((await t.call('job.detail', { id: jobId })).status).toBe('interrupted');
  });
});

it('stops a training within a second, keeps its checkpoint and leaves no process', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1200);
  const jobId = await trainSmall(t, datasetId, { ...small, vaeSteps: 20_000 });
  await checkpointed(t, jobId, 100);
  const asked = performance.now();
  await t.call('job.cancel', { id: jobId });
  const job = await t.ended(jobId);
  expect(performance.now() - asked).toBeLessThan(1500);
  expect(job).toMatchObject({ status: 'cancelled', error: null, resumable: true });
  expect(t.app.computePid()).toBeUndefined();
  expect(t.app.busy()).toBe(false);
});

it('answers while a job runs, one job at a time, and refuses to leave the project', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1200);
  const first = await trainSmall(t, datasetId, { ...small, vaeSteps: 20_000 });
  const second = await trainSmall(t, datasetId);
  await checkpointed(t, first, 100);
  let slowest = 0;
  for (let i = 0; i < 50; i++) {
    const asked = performance.now();
    await t.call('project.state', {});
    slowest = Math.max(slowest, performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  // The machine may be busy with other things; a blocked main process would take as long as the training.
  expect(slowest).toBeLessThan(500);
  expect((await t.call('job.list', {})).filter((job) => job.kind === 'train').map((job) => job.status)).toEqual([
    'queued',
    'running',
  ]);
  for (const [method, params] of [
    ['project.close', {}],
    ['project.create', { name: 'Another' }],
    ['dataset.remove', { datasetId }],
  ] as const) {
    expect((await t.refused(method, params)).code).toBe('project/busy');
  }
  await t.call('job.cancel', { id: second });
  await t.call('job.cancel', { id: first });
  expect((await t.ended(first)).status).toBe('cancelled');
  expect((await t.ended(second)).status).toBe('cancelled');
});

it('ends a process that answers no longer', { timeout: 60_000 }, async () => {
  const client = createComputeClient({ workerPath: workerSource, spawn: sourceSpawner, keepIdleMs: 0, silenceLimitTicks: 2 });
  const result = client.run('engine.status', {});
  process.kill(client.pid() ?? (await started(client.pid)), 'SIGSTOP');
  await expect(result).rejects.toMatchObject({ code: 'compute/lost', details: { reason: 'frozen' } });
});

async function started(pid: () => number | undefined): Promise<number> {
  for (;;) {
    const found = pid();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it('loses nothing when the application itself is killed, and leaves no process behind', { timeout: 240_000 }, async () => {
  const first = await startApp();
  const { datasetId } = await importPlanted(first, 1200);
  const whole = await first.ended(await trainSmall(first, datasetId));
  const expected = await weightsHash(first, String(whole.result['modelId']));
  const { id } = (await first.call('project.state', {}))!;
  const { split, preparation } = await first.call('training.propose', { datasetId });
  await first.app.close();

  const plan = JSON.stringify({ datasetId, detectorId: 'hreg-vae-lstm', params: small, split, preparation, seed: 3 });
  const main = fork(join(import.meta.dirname, 'main-process.ts'), [first.dataDir, workerSource, loader, id, plan], {
    execArgv: sourceFlags,
  });
  const { jobId, computePid } = await new Promise<{ jobId: string; computePid: number }>((resolve, reject) => {
    main.on('message', (message) => resolve(message as { jobId: string; computePid: number }));
    main.on('exit', () => reject(new Error('the application ended early')));
  });
  main.kill('SIGKILL');
  const killedAt = performance.now();
  while (alive(computePid) && performance.now() - killedAt < 10_000) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(performance.now() - killedAt).toBeLessThan(2000);

  const second = await startApp({ dataDir: first.dataDir });
  const state = await second.call('project.open', { id });
  expect(state.recovery).not.toBe('');
  expect(await second.call('job.detail', { id: jobId })).toMatchObject({ status: 'interrupted', resumable: true });
  await second.call('job.resume', { id: jobId });
  const resumed = await second.ended(jobId);
  expect(resumed.status).toBe('succeeded');
  expect(resumed.history).toEqual(whole.history);
  expect(await weightsHash(second, String(resumed.result['modelId']))).toBe(expected);
});

/** Running, and not merely waiting for someone to ask for its end. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/^\d+ \(.*\) [ZX]/.test(readFileSync(stat, 'utf8'));
}

it('closes within two seconds while a job runs, which can go on later', { timeout: 120_000 }, async () => {
  const first = await startApp();
  const { datasetId } = await importPlanted(first, 1200);
  const jobId = await trainSmall(first, datasetId, { ...small, vaeSteps: 20_000 });
  await checkpointed(first, jobId, 100);
  const { id } = (await first.call('project.state', {}))!;
  const asked = performance.now();
  await first.app.close();
  expect(performance.now() - asked).toBeLessThan(2500);
  const second = await startApp({ dataDir: first.dataDir });
  expect((await second.call('project.open', { id })).recovery).toBe('');
  expect(await second.call('job.detail', { id: jobId })).toMatchObject({
    status: 'interrupted',
    resumable: true,
    error: { code: 'job/interrupted' },
  });
});

it('says in the log how the estimate compared with what training took', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1200);
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const plan = { datasetId, detectorId: 'hreg-vae-lstm', params: small, split, preparation };
  const estimate = await t.call('training.estimate', plan);
  expect(estimate.seconds).toBeGreaterThan(0);
  expect(estimate.megabytes).toBeGreaterThan(50);
  expect(estimate.probeSeconds).toBeLessThan(10);
  const job = await t.ended((await t.call('training.start', { ...plan, seed: 3 })).jobId);
  const line = job.log.find(({ text }) => text.startsWith('Training took'))!.text;
  const [took, estimated] = [...line.matchAll(/([\d.]+) s/g)].map(([, seconds]) => Number(seconds));
  expect(estimated).toBeCloseTo(estimate.trainSeconds, 1);
  expect(estimate.trainSeconds + estimate.scoreSeconds).toBeCloseTo(estimate.seconds, 6);
  expect(estimate.atLeast).toBe(false);
  // The box may be busy during one of the two: a factor of four either way is still an estimate.
  expect(took! / estimated!).toBeGreaterThan(0.25);
  expect(took! / estimated!).toBeLessThan(4);
});
