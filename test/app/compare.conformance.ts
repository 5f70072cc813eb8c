import { createHash } from 'node:crypto';
import { copyFile, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { ProjectState } from '../../src/contract/types';
import type { Comparison } from '../../src/core/compare/comparison';
import { migrations } from '../../src/main/store/migrations';
import { importPlanted, startApp, temporaryFolder, type TestApp } from './harness';

/** Comparisons and ensembles from end to end, over the planted data: three faults, two of them in the test part. */

interface Trained {
  readonly seed?: number;
  readonly params?: Record<string, string>;
  readonly name: string;
  readonly calibrate?: boolean;
  readonly calibrateUntilShift?: number;
}

async function train(t: TestApp, datasetId: string, choice: Trained): Promise<string> {
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const { jobId } = await t.call('training.start', {
    datasetId,
    detectorId: 'robust-z',
    params: choice.params ?? {},
    split: { ...split, calibrateUntil: split.calibrateUntil + (choice.calibrateUntilShift ?? 0) },
    preparation,
    seed: choice.seed ?? 1,
    name: choice.name,
  });
  const job = await t.ended(jobId);
  expect(job.error).toBeNull();
  const runId = String(job.result['runId']);
  if (choice.calibrate ?? true) await calibrate(t, runId);
  return runId;
}

async function calibrate(t: TestApp, runId: string): Promise<void> {
  const rule = { runId, minDurationMs: 0, mergeGapMs: 5 * 60_000 };
  const { value, objective, from, achieved } = await t.call('calibration.suggest', { ...rule, objective: { kind: 'f1' } });
  await t.call('calibration.save', { ...rule, value, objective, from, achieved });
}

const here = (...runIds: string[]) => runIds.map((runId) => ({ projectId: null, runId }));
const hashOf = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

it('compares runs of one project, keeps, exports and reports the comparison', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t);
  const max = await train(t, datasetId, { name: 'Max' });
  const rms = await train(t, datasetId, { name: 'Rms', params: { combine: 'rms' } });
  const open = await train(t, datasetId, { name: 'Open', calibrate: false });

  const refused = await t.call('compare.runs', { members: here(max, open) });
  expect(refused.refused).toMatch(/^No threshold was kept for "Open"/);
  expect(refused.rows).toEqual([]);

  const members = here(max, rms);
  const found = await t.call('compare.runs', { members, buckets: 50 });
  expect(found.refused).toBeNull();
  expect(found.conditions.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  const { test } = await t.call('run.result', { runId: max });
  expect(found.events).toBe(test.labels);
  const row = found.rows.find(({ runIds }) => runIds[0] === max)!;
  // Every row has a score with robust z, so the figures are those of the run's own page.
  expect(row).toMatchObject({
    caught: test.caught,
    f1: test.f1,
    aucRoc: test.aucRoc,
    falseEventsPerDay: test.falseEventsPerDay,
    medianDelayMs: test.medianDelayMs,
  });
  expect(found.referee.map(({ id }) => id)[1]).toBe('random');
  // And the one-liner beside it is the one of the referee's report, with the same figures and by the same threshold.
  const shown = found.rows[0]!.runIds[0]!;
  const { best, rows: peers } = await t.call('run.referee', { runId: shown });
  const { id, caught, labels, falseEventsPerDay, medianDelayMs, f1, aucRoc, thresholdFrom } = best;
  expect(found.referee[0]).toMatchObject({ id, caught, labels, falseEventsPerDay, medianDelayMs, f1, aucRoc, thresholdFrom });
  expect(found.referee[0]!.vusPr.value).toEqual(best.vusPr.value);
  expect(found.referee[1]).toEqual(peers.find((peer) => peer.id === 'random'));
  expect(found.scores.map(({ line }) => line.time.length).every((points) => points > 0 && points <= 50)).toBe(true);
  expect(found.settings.find(({ name }) => name === 'Combination of tags')).toMatchObject({ differs: true });
  expect(found.eventTable.filter(({ labelId }) => labelId !== null)).toHaveLength(test.labels);
  // The same question, named the other way round, has the same answer.
  expect(await t.call('compare.runs', { members: members.toReversed(), buckets: 50 })).toEqual(found);

  const saved = await t.call('comparison.save', { name: 'Max or rms', members, common: false });
  expect(await t.call('comparison.list', {})).toEqual([saved]);
  const html = (await t.call('report.preview', { runId: max })).html;
  expect(html).toContain('Max or rms');
  expect(html).toContain('Methods on the compared part');
  expect((await t.refused('comparison.save', { name: 'One', members: here(max), common: false })).code).toBe(
    'contract/invalid-params',
  );

  const files = await t.call('comparison.export', { members, common: false, formats: ['html', 'csv', 'json'] });
  const [page, csv, json] = await Promise.all(files.map(({ fileToken }) => readFile(t.app.files.resolve(fileToken).path, 'utf8')));
  expect(page).toContain('Event by event');
  expect(csv!.trim().split('\r\n')).toHaveLength(1 + 2 + found.referee.length);
  expect(JSON.parse(json!)).toMatchObject({ format: 'faultline-comparison', verdict: found.verdict, events: found.events });
  expect((await t.refused('comparison.export', { members: here(max, open), common: false, formats: ['json'] })).code).toBe(
    'comparison/refused',
  );

  await t.call('comparison.remove', { id: saved.id });
  expect(await t.call('comparison.list', {})).toEqual([]);
  expect((await t.refused('comparison.remove', { id: saved.id })).code).toBe('comparison/not-found');
  expect((await t.call('report.preview', { runId: max })).html).not.toContain('Max or rms');
});

it('shows the seeds of a setting as one row', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1500);
  const runs: string[] = [];
  for (const seed of [1, 2]) runs.push(await train(t, datasetId, { name: `Max (seed ${seed})`, seed }));
  const rms = await train(t, datasetId, { name: 'Rms', params: { combine: 'rms' } });
  const { rows } = await t.call('compare.runs', { members: here(...runs, rms) });
  const both = rows.find(({ title }) => title === 'Max')!;
  expect(both.seeds).toEqual([1, 2]);
  // Robust z draws nothing, so its seeds do not differ.
  expect(both.spread).toMatchObject({ vusPrStd: 0, f1Std: 0 });
});

it('refuses other test parts, and judges the common one when asked', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t);
  const first = await train(t, datasetId, { name: 'First' });
  const later = await train(t, datasetId, { name: 'Later', calibrateUntilShift: 30 * 60_000 });
  const members = here(first, later);
  const refused = await t.call('compare.runs', { members });
  expect(refused.refused).toMatch(/The test part of "Later" begins on .*, that of "First" on/);
  expect(refused.commonPossible).toBe(true);
  const common = await t.call('compare.runs', { members, common: true });
  expect(common.refused).toBeNull();
  expect(common.rows).toHaveLength(2);
});

/** Two projects of the same planted data; the second is open. */
async function twoProjects(t: TestApp): Promise<{ readonly other: ProjectState; readonly otherRun: string; readonly own: string }> {
  const first = await importPlanted(t, 1500);
  const otherRun = await train(t, first.datasetId, { name: 'There' });
  const other = (await t.call('project.state', {}))!;
  const second = await importPlanted(t, 1500);
  const own = await train(t, second.datasetId, { name: 'Here', params: { combine: 'rms' } });
  return { other, otherRun, own };
}

it('compares across projects and leaves the other one as it is', async () => {
  const t = await startApp();
  const { other, otherRun, own } = await twoProjects(t);
  const before = [await hashOf(other.file), (await stat(other.file)).mtimeMs];
  const members = [...here(own), { projectId: other.id, runId: otherRun }];
  const found = await t.call('compare.runs', { members });
  expect(found.refused).toBeNull();
  expect(found.rows.flatMap(({ runIds }) => runIds).sort()).toEqual([own, otherRun].sort());
  expect([await hashOf(other.file), (await stat(other.file)).mtimeMs]).toEqual(before);

  // A label there that is not here: labels of both projects must agree.
  await t.call('project.open', { id: other.id });
  const { datasets } = (await t.call('project.state', {}))!;
  const { end } = datasets[0]!;
  const label = { start: end - 10 * 60_000, end: end - 5 * 60_000, class: 'anomaly' as const, comment: '', channels: [] };
  await t.call('label.save', { datasetId: datasets[0]!.id, add: [label] });
  const state = (await t.call('project.list', {})).find(({ id }) => id !== other.id)!;
  const refused = await t.call('compare.runs', {
    members: [...here(otherRun), { projectId: state.id, runId: own }],
  });
  expect(refused.refused).toMatch(/^The labels differ: "There" has a label "anomaly"/);
});

it('refuses a project that is gone, damaged, newer or older, and never changes it', async () => {
  const t = await startApp();
  const { other, otherRun, own } = await twoProjects(t);
  const compareWith = async (projectId: string): Promise<Comparison> =>
    t.call('compare.runs', { members: [...here(own), { projectId, runId: otherRun }] });
  expect((await compareWith('file-0123456789abcdef')).refused).toMatch(/no longer on the list of projects/);

  const folder = await temporaryFolder();
  const changed = async (name: string, change: (file: string) => void): Promise<{ file: string; id: string }> => {
    const file = join(folder, `${name}.faultline`);
    await copyFile(other.file, file);
    change(file);
    const { id } = await t.call('project.add', { fileToken: t.app.files.add(file, `${name}.faultline`) });
    return { file, id };
  };
  const setVersion = (version: number) => (file: string) => {
    const db = new Database(file);
    db.pragma(`user_version = ${version}`);
    db.close();
  };
  const newer = await changed('newer', setVersion(migrations.length + 1));
  expect((await compareWith(newer.id)).refused).toMatch(/"newer" cannot be read: .*made by a newer Faultline/);

  const damaged = await changed('damaged', (file) => {
    const db = new Database(file);
    db.exec('DROP TABLE run_chunk');
    db.close();
  });
  expect((await compareWith(damaged.id)).refused).toMatch(/"damaged" cannot be read/);

  // As the version before left it: the tables of the last migration are not there yet.
  const older = await changed('older', (file) => {
    const db = new Database(file);
    const known = new Database(':memory:');
    for (const migration of migrations.slice(0, -1)) migration.up(known);
    const names = (from: Database.Database): string[] =>
      from
        .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .all()
        .map(({ name }) => name);
    const kept = new Set(names(known));
    for (const name of names(db)) if (!kept.has(name) && !name.startsWith('sqlite_')) db.exec(`DROP TABLE ${name}`);
    db.pragma(`user_version = ${migrations.length - 1}`);
    db.close();
    known.close();
  });
  const before = await hashOf(older.file);
  expect((await compareWith(older.id)).refused).toMatch(/"older" is of an older version of Faultline and is only read here/);
  expect(await hashOf(older.file)).toBe(before);

  const gone = await t.call('compare.runs', { members: [...here(own), { projectId: other.id, runId: 'no-such-run' }] });
  expect(gone.refused).toMatch(/no longer has the run no-such-run/);
});

it('combines runs into a run that is calibrated, reported and compared like any other', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t);
  const max = await train(t, datasetId, { name: 'Max' });
  const rms = await train(t, datasetId, { name: 'Rms', params: { combine: 'rms' } });
  for (const method of ['rank-average', 'max-p'] as const) {
    const { runId } = await t.call('ensemble.create', { runIds: [max, rms], method });
    await calibrate(t, runId);
    const { model, run, events, test } = await t.call('run.result', { runId });
    expect(run.title).toMatch(/^Ensemble \(.+\) of Max, Rms$/);
    expect(model).toMatchObject({ detectorId: 'ensemble', params: { method }, datasetId });
    // By construction the faults stand far above all normal scores in both members.
    expect(test.labels).toBeGreaterThan(0);
    expect([test.caught, test.falseEvents]).toEqual([test.labels, 0]);
    for (const event of events) expect(event.channels[0]!.channel).toMatch(/Flow/);
    const { html } = await t.call('report.preview', { runId });
    expect(html).toContain('Max, Rms');
  }
  const { runs } = (await t.call('project.state', {}))!;
  const members = here(...runs.map(({ id }) => id));
  const { rows, refused } = await t.call('compare.runs', { members });
  expect(refused).toBeNull();
  expect(rows).toHaveLength(4);
});

it('takes no label of the test part into an ensemble', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1500);
  const members = [
    await train(t, datasetId, { name: 'Max' }),
    await train(t, datasetId, { name: 'Rms', params: { combine: 'rms' } }),
  ];
  const scoresOf = async (): Promise<unknown> => {
    const { runId } = await t.call('ensemble.create', { runIds: members, method: 'rank-average' });
    const { datasets } = (await t.call('project.state', {}))!;
    const { start, end } = datasets[0]!;
    return (await t.call('score.window', { runId, channels: [], start, end: end + 1, buckets: 4096 })).score;
  };
  const before = await scoresOf();
  const { split } = await t.call('training.propose', { datasetId });
  const { labels } = await t.call('label.list', { datasetId });
  const tested = labels.filter(({ start }) => start >= split.calibrateUntil);
  expect(tested.length).toBeGreaterThan(0);
  const body = { class: 'anomaly' as const, comment: '', channels: [] };
  const { end } = (await t.call('project.state', {}))!.datasets[0]!;
  await t.call('label.save', {
    datasetId,
    remove: tested.map(({ id }) => id),
    add: [{ ...body, start: end - 40 * 60_000, end: end - 30 * 60_000 }],
  });
  expect(await scoresOf()).toEqual(before);
});

it('neither trains nor scores an ensemble, and refuses members that do not belong together', async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1500);
  const max = await train(t, datasetId, { name: 'Max' });
  const rms = await train(t, datasetId, { name: 'Rms', params: { combine: 'rms' } });
  const { runId } = await t.call('ensemble.create', { runIds: [max, rms], method: 'max-p', name: 'Both' });
  const state = (await t.call('project.state', {}))!;
  const model = state.models.find(({ detectorId }) => detectorId === 'ensemble')!;
  expect(model.name).toBe('Both');
  expect((await t.refused('scoring.start', { modelId: model.id, datasetId })).code).toBe('detector/untrainable');
  expect((await t.call('detector.list', {})).map(({ id }) => id)).not.toContain('ensemble');
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const plan = { datasetId, detectorId: 'ensemble', params: {}, split, preparation };
  expect((await t.refused('training.start', { ...plan, seed: 1 })).code).toBe('detector/untrainable');
  expect((await t.refused('training.plan', plan)).code).toBe('detector/untrainable');

  const later = await train(t, datasetId, { name: 'Later', calibrateUntilShift: 30 * 60_000 });
  const mixed = await t.refused('ensemble.create', { runIds: [max, later], method: 'max-p' });
  expect(mixed).toMatchObject({ code: 'metrics/mismatch' });
  expect(mixed.message).toMatch(/"Later" has another split/);
  expect((await t.refused('ensemble.create', { runIds: [max, max], method: 'max-p' })).code).toBe('metrics/mismatch');
  // Nothing was left behind by the refusals.
  const after = (await t.call('project.state', {}))!;
  expect(after.runs.map(({ id }) => id)).toEqual([max, rms, runId, later]);
});
