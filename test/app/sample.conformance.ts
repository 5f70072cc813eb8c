import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importPlanted, planted, startApp, temporaryFolder } from './harness';

it('builds the sample project from its data, with labels, and finds it again', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const state = await t.call('project.openSample', {});
  const [dataset] = state.datasets;
  // The sample's README: eight labelled faults, two of them of instruments, and the repair.
  const { labels } = await t.call('label.list', { datasetId: dataset!.id });
  const classes = labels.map((label) => label.class).sort();
  expect(classes).toEqual([...Array<string>(6).fill('anomaly'), 'ignore', 'instrument', 'instrument']);
  expect(dataset).toMatchObject({ rows: 30_227 });
  expect(dataset!.channels).toHaveLength(9);
  expect((await t.call('project.list', {}))[0]).toMatchObject({ sample: true, state: 'ok', rows: dataset!.rows });
  await t.call('project.close', {});
  expect((await t.call('project.openSample', {})).id).toBe(state.id);
});

it('reads everything of a project that cannot be written, and says so when asked to change it', { timeout: 60_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 600);
  const { file } = (await t.call('project.state', {}))!;
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const plan = { datasetId, detectorId: 'robust-z', params: {}, split, preparation };
  const runId = String((await t.ended((await t.call('training.start', { ...plan, seed: 1 })).jobId)).result['runId']);
  const choice = { runId, objective: { kind: 'f1' as const }, minDurationMs: 0, mergeGapMs: 0 };
  const { value, from, achieved } = await t.call('calibration.suggest', choice);
  await t.call('calibration.save', { ...choice, value, from, achieved });
  const before = await t.call('run.result', { runId });
  await t.call('project.close', {});

  const copy = join(await temporaryFolder(), 'archive.faultline');
  await copyFile(file, copy);
  await chmod(copy, 0o444);
  const opened = await t.call('project.open', { fileToken: t.app.files.add(copy, 'archive.faultline') });
  const result = await t.call('run.result', { runId });
  expect(result.events).toEqual(before.events);
  expect(result.test).toEqual(before.test);
  // Root may write to any file, so nothing is read-only to it.
  if (process.getuid?.() === 0) return;
  expect(opened.readOnly).toBe(true);
  expect((await t.refused('project.rename', { name: 'Other' })).code).toBe('store/read-only');
});

it('cancels an import within a second and keeps nothing of it', { timeout: 120_000 }, async () => {
  const t = await startApp();
  await t.call('project.create', { name: 'Large' });
  const fileToken = await t.file('large.csv', planted(400_000).csv);
  const { recipe } = await t.call('import.preview', { fileToken });
  const { jobId } = await t.call('import.start', { fileToken, recipe, name: 'Large' });
  await new Promise<void>((resolve) => {
    const stop = t.app.subscribe('job', (job) => {
      if (job.status !== 'running' || job.done === 0) return;
      stop();
      resolve();
    });
  });
  const asked = performance.now();
  await t.call('job.cancel', { id: jobId });
  expect((await t.ended(jobId)).status).toBe('cancelled');
  expect(performance.now() - asked).toBeLessThan(1500);
  expect((await t.call('project.state', {}))!.datasets).toEqual([]);
});
