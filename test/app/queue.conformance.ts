import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { Params } from '../../src/contract/methods';
import type { QueueResult } from '../../src/contract/types';
import { importPlanted, startApp, type TestApp } from './harness';

/** "Compare these" from end to end, over the planted data: three faults, two of them in the test part. */

type Start = Params<'queue.start'>;

const minute = 60_000;

/** What is proposed for the data, with the settings of the given detectors laid over it. */
async function planFor(t: TestApp, datasetId: string, detectors: Readonly<Record<string, Record<string, number>>>): Promise<Start> {
  const { split, preparation, detectors: proposed } = await t.call('training.propose', { datasetId });
  return {
    datasetId,
    split,
    preparation: { ...preparation, channels: [...preparation.channels] },
    detectors: Object.entries(detectors).map(([detectorId, params]) => ({
      detectorId,
      params: { ...proposed.find(({ id }) => id === detectorId)!.params, ...params },
    })),
    seeds: [1],
    minDurationMs: 0,
    mergeGapMs: 5 * minute,
  };
}

/** Waits until no job of a queue is open. */
async function over(t: TestApp, { entries }: Pick<QueueResult, 'entries'>): Promise<void> {
  for (const { jobId } of entries) await t.ended(jobId);
}

async function finished(t: TestApp, id: string): Promise<QueueResult> {
  await over(t, await t.call('queue.result', { id }));
  return t.call('queue.result', { id });
}

const entryOf = (result: QueueResult, detectorId: string) => result.entries.find((entry) => entry.detectorId === detectorId)!;

it('trains, calibrates and compares; one that fails and one that the data do not suit stop nobody', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1500);
  const plan = await planFor(t, datasetId, {
    'robust-z': {},
    // More rows in a window than can be held out of the train part.
    pca: { window: 512, span: 0 },
    // Learns how tags depend on each other, and has one.
    gdn: {},
    knn: {},
  });
  const channels = plan.preparation.channels.slice(0, 1);
  const { queueId, jobIds } = await t.call('queue.start', { ...plan, preparation: { ...plan.preparation, channels } });
  expect(jobIds).toHaveLength(4);
  const before = await t.call('queue.result', { id: queueId });
  expect(before.title).toBe('4 detectors on Planted');
  expect(before.entries.map(({ detectorId }) => detectorId)).toEqual(['robust-z', 'pca', 'gdn', 'knn']);

  const result = await finished(t, queueId);
  expect(result.entries.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'failed', 'succeeded']);
  expect(entryOf(result, 'pca').error!.code).toBe('detector/too-little-data');
  expect(entryOf(result, 'gdn').error!.message).toMatch(/learns how tags depend on each other, and the data have one tag/);
  expect(result.rule).toBe('best F1 per sample; events within 5 min are one');

  const comparison = result.comparison!;
  expect(comparison.refused).toBeNull();
  expect(comparison.rows.map(({ runIds }) => runIds[0]).sort()).toEqual(
    [entryOf(result, 'robust-z').runId, entryOf(result, 'knn').runId].sort(),
  );
  for (const row of comparison.rows) {
    expect(row.trainSeconds).toBeGreaterThan(0);
    expect(row.scoreSeconds).toBeGreaterThan(0);
    // Two labelled anomalies in the test part: no standing is sure.
    expect(row.againstOneLiner!.standing).toMatch(/cannot-tell|no-difference/);
  }
  expect(comparison.referee.map(({ id }) => id)[1]).toBe('random');
  expect(comparison.referee[0]!.threshold).toBeGreaterThan(0);

  // Ordinary runs of the project, with the threshold that the calibration page would have chosen.
  const { runs, models } = (await t.call('project.state', {}))!;
  expect(runs.map(({ title }) => title)).toEqual(['Robust z-score on Planted', 'Nearest neighbours (KNN) on Planted']);
  for (const run of runs) {
    const rule = { runId: run.id, minDurationMs: 0, mergeGapMs: 5 * minute };
    const choice = await t.call('calibration.suggest', { ...rule, objective: { kind: 'f1' } });
    const kept = run.threshold!;
    await t.call('calibration.save', { ...rule, value: choice.value, objective: choice.objective, from: choice.from, achieved: 1 });
    const again = (await t.call('project.state', {}))!.runs.find(({ id }) => id === run.id)!.threshold!;
    expect({ ...again, createdAt: 0, id: '', achieved: 0 }).toEqual({ ...kept, createdAt: 0, id: '', achieved: 0 });
    expect(kept.achieved).toBe(choice.achieved);
    const { events, test } = await t.call('run.result', { runId: run.id });
    expect(events.length).toBeGreaterThan(0);
    expect(test.labels).toBe(2);
  }
  expect(models.map(({ split }) => split)).toEqual([plan.split, plan.split]);

  const files = await t.call('queue.export', { id: queueId, formats: ['csv', 'html', 'pdf'] });
  const [csv, html, pdf] = await Promise.all(files.map(({ fileToken }) => readFile(t.app.files.resolve(fileToken).path)));
  // Head, two detectors, two of the referee, two that have no line.
  expect(csv!.toString().trim().split('\r\n')).toHaveLength(1 + 2 + 2 + 2);
  expect(html!.toString()).toContain('has no line: ');
  expect(pdf!.subarray(0, 5).toString()).toBe('%PDF-');
});

it('goes on where it stood after the application was closed, with the labels it began with', async () => {
  const first = await startApp();
  const { datasetId } = await importPlanted(first, 1500);
  const plan = await planFor(first, datasetId, { 'robust-z': {}, knn: {}, 'isolation-forest': { trees: 20 } });
  const { id } = (await first.call('project.state', {}))!;
  const { queueId, jobIds } = await first.call('queue.start', plan);
  expect((await first.ended(jobIds[0]!)).error).toBeNull();
  // A label that only later trainings would see.
  await first.call('label.save', {
    datasetId,
    add: [{ start: plan.split.trainUntil - 60 * minute, end: plan.split.trainUntil, class: 'ignore', comment: '', channels: [] }],
  });
  await first.app.close();

  const t = await startApp({ dataDir: first.dataDir });
  await t.call('project.open', { id });
  const stopped = await t.call('queue.result', { id: queueId });
  expect(stopped.entries[0]).toMatchObject({ status: 'succeeded', problem: null });
  const left = stopped.entries.filter(({ resumable }) => resumable);
  expect(left.map(({ status }) => status)).toEqual(left.map(() => 'interrupted'));
  expect(left.length).toBeGreaterThan(0);
  const resumed = await t.call('queue.resume', { id: queueId });
  expect(resumed.jobIds).toEqual(left.map(({ jobId }) => jobId));
  const result = await finished(t, queueId);
  expect(result.entries.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(result.comparison!.rows).toHaveLength(3);
  const { models } = (await t.call('project.state', {}))!;
  expect(new Set(models.map(({ labelRevision }) => labelRevision)).size).toBe(1);
  expect((await t.refused('queue.resume', { id: queueId })).code).toBe('job/not-resumable');
});

it('is cancelled one by one and as a whole, and what was cancelled can take its turn after all', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1500);
  const plan = await planFor(t, datasetId, { 'robust-z': {}, knn: {}, lof: {}, 'isolation-forest': { trees: 20 } });
  const { queueId, jobIds } = await t.call('queue.start', { ...plan, name: 'Four' });
  await t.call('job.cancel', { id: jobIds[2]! });
  expect((await t.ended(jobIds[0]!)).status).toBe('succeeded');
  await t.call('queue.cancel', { id: queueId });
  const cancelled = await finished(t, queueId);
  expect(cancelled.title).toBe('Four');
  expect(entryOf(cancelled, 'robust-z').status).toBe('succeeded');
  expect(entryOf(cancelled, 'lof')).toMatchObject({ status: 'cancelled', resumable: true, runId: null });
  expect(entryOf(cancelled, 'isolation-forest').status).toBe('cancelled');
  // One alone stands beside the null models.
  expect(cancelled.comparison!.rows.length).toBeGreaterThan(0);
  const summary = (await t.call('job.list', {})).find(({ id }) => id === jobIds[2])!;
  expect(summary.queue).toEqual({ id: queueId, title: 'Four' });
  await t.call('queue.resume', { id: queueId });
  const result = await finished(t, queueId);
  expect(result.entries.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'succeeded'));
  expect(result.comparison!.rows).toHaveLength(4);
});

it('shows the seeds of a detector as one row, and why a run has no threshold', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1500);
  const plan = await planFor(t, datasetId, { 'isolation-forest': { trees: 20 }, 'robust-z': {} });
  const { queueId } = await t.call('queue.start', { ...plan, seeds: [3, 4] });
  const result = await finished(t, queueId);
  expect(result.entries.map(({ detectorId, seed }) => [detectorId, seed])).toEqual([
    ['isolation-forest', 3],
    ['robust-z', 3],
    ['isolation-forest', 4],
    ['robust-z', 4],
  ]);
  const rows = result.comparison!.rows;
  expect(rows.map(({ seeds }) => seeds)).toEqual([
    [3, 4],
    [3, 4],
  ]);
  expect(rows.map(({ thresholds }) => thresholds.length)).toEqual([2, 2]);

  const { labels } = await t.call('label.list', { datasetId });
  await t.call('label.save', { datasetId, remove: labels.map(({ id }) => id) });
  const one = { ...plan, detectors: plan.detectors.slice(1) };
  const without = await t.call('queue.start', { ...one, objective: { kind: 'f1' } });
  const none = await finished(t, without.queueId);
  expect(none.comparison).toBeNull();
  for (const entry of none.entries) {
    expect(entry).toMatchObject({ status: 'succeeded', error: null });
    expect(entry.problem).toMatch(/^F1 needs a labelled anomaly/);
    expect(entry.runId).not.toBeNull();
  }
  expect((await t.refused('queue.export', { id: without.queueId, formats: ['csv'] })).code).toBe('comparison/refused');
  // Nobody asked for an objective: without labels the rule needs none.
  const unasked = await finished(t, (await t.call('queue.start', one)).queueId);
  expect(unasked.rule).toMatch(/^tail fit .* of normal scores, where the scores allow it; else quantile 0.999/);
  expect(unasked.entries.map(({ problem }) => problem)).toEqual([null]);
});

it('refuses what a person can put right before the first job', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1500);
  const plan = await planFor(t, datasetId, { 'robust-z': {} });
  const [robust] = plan.detectors;
  const codeOf = async (change: Record<string, unknown>): Promise<string> =>
    (await t.refused('queue.start', { ...plan, ...change })).code;
  expect(await codeOf({ detectors: [] })).toBe('contract/invalid-params');
  expect(await codeOf({ detectors: [{ detectorId: 'crystal-ball', params: {} }] })).toBe('detector/unknown');
  expect(await codeOf({ detectors: [{ detectorId: 'ensemble', params: {} }] })).toBe('detector/untrainable');
  expect(await codeOf({ detectors: [robust, robust] })).toBe('detector/bad-params');
  expect(await codeOf({ detectors: [{ detectorId: 'robust-z', params: { colour: 'red' } }] })).toBe('detector/bad-params');
  expect(await codeOf({ split: { ...plan.split, trainUntil: 0 } })).toBe('prepare/bad-split');
  expect(await codeOf({ preparation: { ...plan.preparation, channels: ['Speed'] } })).toBe('prepare/no-channel');
  expect(await codeOf({ objective: { kind: 'manual' } })).toBe('threshold/bad-objective');
  expect(await codeOf({ datasetId: 'nowhere' })).toBe('dataset/not-found');
  expect((await t.refused('queue.result', { id: 'nowhere' })).code).toBe('job/not-found');
  expect(await t.call('job.list', {}).then((jobs) => jobs.filter(({ kind }) => kind === 'train'))).toEqual([]);
});
