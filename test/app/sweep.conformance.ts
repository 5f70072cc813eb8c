import { expect, it } from 'vitest';
import type { SweepTrial } from '../../src/core/sweep/sweep';
import { importPlanted, startApp, type TestApp } from './harness';

/** A network small enough for trials of a second or two. */
const small = { window: 8, windows: 2, vaeSteps: 150, lstmSteps: 100, hidden: 8, latent: 2, batch: 16, earlyStopping: false };

async function planFor(t: TestApp, datasetId: string) {
  const { split, preparation } = await t.call('training.propose', { datasetId });
  return { datasetId, split, preparation, minutes: 10 };
}

/** Everything of a trial but its duration. */
const facts = ({ setting, params, seed, rung, share, vusPr, error }: SweepTrial): Omit<SweepTrial, 'seconds'> => ({
  setting,
  params,
  seed,
  rung,
  share,
  vusPr,
  error,
});

it('tries every setting with every seed, on the calibration part alone', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t);
  const plan = { ...(await planFor(t, datasetId)), detectorId: 'robust-z', params: {}, space: { combine: ['max', 'rms'] } };
  const sweepOf = async (): Promise<readonly SweepTrial[]> => {
    const { jobId } = await t.call('sweep.start', { ...plan, method: 'grid', seeds: [1, 2] });
    const job = await t.ended(jobId);
    expect(job.error).toBeNull();
    const result = await t.call('sweep.result', { id: jobId });
    expect(result.rows).toHaveLength(2);
    expect(result.text).toContain('2 of 2 settings tried');
    return result.trials;
  };
  const trials = await sweepOf();
  expect(trials.map(({ params, seed }) => [params['combine'], seed])).toEqual([
    ['max', 1],
    ['rms', 1],
    ['max', 2],
    ['rms', 2],
  ]);
  // The planted step of the calibration part is plain to see: the figure is a real one.
  for (const { vusPr } of trials) expect(vusPr.value).toBeGreaterThan(0.5);

  // No label of the test part can change a trial: the last one goes, and all its time becomes normal or an anomaly.
  const { labels } = await t.call('label.list', { datasetId });
  const inTest = labels.filter(({ start }) => start >= plan.split.calibrateUntil + plan.split.guardMs);
  expect(inTest.length).toBeGreaterThan(0);
  const { end } = (await t.call('project.state', {}))!.datasets[0]!;
  const whole = { start: plan.split.calibrateUntil + plan.split.guardMs, end, comment: '', channels: [] };
  for (const kind of ['anomaly', 'normal', 'ignore'] as const) {
    const now = (await t.call('label.list', { datasetId })).labels.filter(({ start }) => start >= whole.start);
    await t.call('label.save', { datasetId, remove: now.map(({ id }) => id), add: [{ ...whole, class: kind }] });
    expect((await sweepOf()).map(facts)).toEqual(trials.map(facts));
  }
});

it('goes on after its last trial when its process is killed', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1500);
  const plan = {
    ...(await planFor(t, datasetId)),
    detectorId: 'hreg-vae-lstm',
    params: small,
    space: { window: [6, 8, 10] },
    method: 'halving',
    seeds: [1],
  } as const;
  const whole = await t.call('sweep.start', plan);
  expect((await t.ended(whole.jobId)).error).toBeNull();
  const wanted = await t.call('sweep.result', { id: whole.jobId });
  // Three settings with a third of the train part, the best of them with all of it.
  expect(wanted.trials.map(({ rung }) => rung)).toEqual([0, 0, 0, 1]);

  const { jobId } = await t.call('sweep.start', plan);
  const first = new Promise<void>((done) => {
    const stop = t.app.subscribe('job', (job) => {
      if (job.id !== jobId || job.done < 1) return;
      stop();
      done();
    });
  });
  await first;
  process.kill(t.app.computePid()!, 'SIGKILL');
  expect(await t.ended(jobId)).toMatchObject({ status: 'interrupted', resumable: true });
  const before = (await t.call('sweep.result', { id: jobId })).trials;
  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(4);
  await t.call('job.resume', { id: jobId });
  expect((await t.ended(jobId)).error).toBeNull();
  const resumed = await t.call('sweep.result', { id: jobId });
  expect(resumed.trials.slice(0, before.length)).toEqual(before);
  expect(resumed.trials.map(facts)).toEqual(wanted.trials.map(facts));
});

it('goes on after its time was over, with the same time granted again', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1200);
  const plan = { ...(await planFor(t, datasetId)), detectorId: 'robust-z', params: {}, space: { combine: ['max', 'rms'] } };
  // So short that it is over before the first trial, on any machine.
  const { jobId } = await t.call('sweep.start', { ...plan, method: 'grid', seeds: [1], minutes: 1e-9 });
  expect(await t.ended(jobId)).toMatchObject({ resumable: true, result: { timeUp: true, made: 0, total: 2, minutes: 1e-9 } });
  await t.call('job.resume', { id: jobId });
  expect(await t.ended(jobId)).toMatchObject({ resumable: true, result: { timeUp: true, minutes: 2e-9 } });
});

it('refuses what cannot be ranked or is out of range before it starts', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1200);
  const base = { ...(await planFor(t, datasetId)), params: {}, method: 'grid', seeds: [1] } as const;
  const refused = async (over: Readonly<Record<string, unknown>>): Promise<string> =>
    (await t.refused('sweep.start', { ...base, detectorId: 'robust-z', space: { combine: ['max', 'rms'] }, ...over })).code;
  expect(await refused({ space: { combine: ['max'] } })).toBe('detector/bad-params');
  expect(await refused({ space: { combine: ['max', 'median'] } })).toBe('detector/bad-params');
  expect(await refused({ space: { colour: ['red', 'blue'] } })).toBe('detector/bad-params');
  expect(await refused({ minutes: 0 })).toBe('contract/invalid-params');
  const { labels } = await t.call('label.list', { datasetId });
  await t.call('label.save', { datasetId, remove: labels.map(({ id }) => id) });
  expect(await refused({})).toBe('threshold/no-labels');
});
