import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importPlanted, startApp, temporaryFolder } from './harness';

describe('what enters the application', () => {
  it('is refused when the method is unknown, also by a name that every object has', async () => {
    const t = await startApp();
    for (const method of ['project.explode', '__proto__', 'constructor', 'toString']) {
      expect((await t.refused(method, {})).code).toBe('contract/unknown-method');
    }
  });

  it('is refused with the place in words when it does not fit', async () => {
    const t = await startApp();
    const extra = await t.refused('project.create', { name: 'A', path: '/etc/passwd' });
    expect(extra).toMatchObject({ code: 'contract/invalid-params', kind: 'input' });
    expect(extra.message).toContain('unknown field "path"');
    const deep = await t.refused('training.plan', { datasetId: 'x', detectorId: 'y', params: {}, split: { trainUntil: 'soon' } });
    expect(deep.message).toContain('"split.trainUntil"');
    expect((await t.refused('dataset.window', null)).code).toBe('contract/invalid-params');
    expect((await t.refused('job.detail', JSON.parse('{"id":"a","__proto__":{"x":1}}'))).code).not.toBe('internal/unexpected');
  });

  it('needs an open project, and files by token only', async () => {
    const t = await startApp();
    expect(await t.call('project.state', {})).toBeNull();
    expect((await t.refused('job.list', {})).code).toBe('project/none-open');
    expect((await t.refused('import.preview', { fileToken: '/etc/hostname' })).code).toBe('file/token-unknown');
  });
});

describe('projects', () => {
  it('are listed, copied, renamed, handed over and forgotten', { timeout: 60_000 }, async () => {
    const t = await startApp();
    const { datasetId } = await importPlanted(t, 600);
    expect((await t.call('project.rename', { name: 'Pump 7' })).name).toBe('Pump 7');
    const copy = await t.call('project.saveAs', { name: 'Pump 7 / second look' });
    expect(copy.name).toBe('Pump 7 / second look');
    expect(copy.datasets[0]!.rows).toBe(600);
    const listed = await t.call('project.list', {});
    expect(listed.map((project) => project.name)).toEqual(['Pump 7 / second look', 'Pump 7']);
    expect(listed.every((project) => project.state === 'ok' && project.rows === 600)).toBe(true);
    expect(listed[1]!.stages.map((stage) => stage.state)).toEqual(['done', 'done', 'open', 'empty', 'empty', 'empty', 'empty']);

    // Read beside the open project, which stays the open one.
    const other = await t.call('project.runs', { id: listed[1]!.id });
    expect(other).toMatchObject({ projectId: listed[1]!.id, name: 'Pump 7', datasets: [{ id: datasetId }], models: [], runs: [] });
    expect((await t.call('project.state', {}))?.name).toBe('Pump 7 / second look');
    expect((await t.refused('project.runs', { id: 'gone' })).code).toBe('project/not-found');

    const twin = await t.call('project.duplicate', { id: listed[1]!.id });
    expect(twin.name).toBe('Pump 7 (copy)');
    const file = await t.call('project.export', {});
    expect(file.bytes).toBeGreaterThan(1000);
    const path = t.app.files.resolve(file.fileToken).path;
    expect((await readFile(path)).length).toBe(file.bytes);

    await t.call('project.forget', { id: twin.id });
    expect((await t.call('project.list', {})).map((project) => project.id)).not.toContain(twin.id);
    await t.call('project.close', {});
    const again = await t.call('project.open', { id: listed[1]!.id });
    expect(again.datasets[0]!.id).toBe(datasetId);
  });

  it('survive a broken list and broken settings', async () => {
    const dataDir = await temporaryFolder();
    const first = await startApp({ dataDir });
    await first.call('project.create', { name: 'Kept' });
    await first.app.close();
    await writeFile(join(dataDir, 'recent.json'), '{"recent": [{"file');
    await writeFile(join(dataDir, 'settings.json'), '[]');
    const second = await startApp({ dataDir });
    expect((await second.call('project.list', {})).map((project) => project.name)).toEqual(['Kept']);
    expect(await second.call('settings.get', {})).toEqual({ theme: 'system', density: 'compact', timeZone: 'UTC' });
    await second.call('settings.set', { timeZone: 'Europe/Berlin' });
    expect((await second.call('settings.get', {})).timeZone).toBe('Europe/Berlin');
    expect((await second.refused('settings.set', { timeZone: 'Mars/Base' })).kind).toBe('input');
  });

  it('are made from the command line where there is none, and never from an upload that is gone', async () => {
    const t = await startApp();
    const folder = await temporaryFolder();
    const path = join(folder, 'new.faultline');
    expect((await t.refused('project.open', { fileToken: t.app.files.add(path, 'new.faultline') })).code).toBe('file/not-found');
    const made = await t.call('project.open', { fileToken: t.app.files.add(path, 'new.faultline', { create: true }) });
    expect(made).toMatchObject({ name: 'new', file: path });
  });
});

it('notices a file that is already there, and imports it once more on purpose', { timeout: 60_000 }, async () => {
  const t = await startApp();
  await importPlanted(t, 600);
  const fileToken = await t.file('again.csv', (await import('./harness')).planted(600).csv);
  const preview = await t.call('import.preview', { fileToken });
  expect(preview.importedBefore).toEqual(['Planted']);
  const start = { fileToken, recipe: preview.recipe, name: 'Again' };
  expect((await t.refused('import.start', start)).code).toBe('import/already-imported');
  const { jobId } = await t.call('import.start', { ...start, allowRepeat: true });
  expect((await t.ended(jobId)).status).toBe('succeeded');
  expect((await t.call('project.state', {}))!.datasets.map((dataset) => dataset.name)).toEqual(['Planted', 'Again']);
});

it('scores another dataset with a trained model, and refuses one without its tags', { timeout: 60_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 600);
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const plan = { datasetId, detectorId: 'robust-z', params: {}, split, preparation };
  const trained = await t.ended((await t.call('training.start', { ...plan, seed: 1 })).jobId);
  const modelId = String(trained.result['modelId']);
  const bring = async (name: string, text: string): Promise<string> => {
    const fileToken = await t.file(`${name}.csv`, text);
    const { recipe } = await t.call('import.preview', { fileToken });
    return String((await t.ended((await t.call('import.start', { fileToken, recipe, name })).jobId)).result['datasetId']);
  };
  const { csv } = (await import('./harness')).planted(700);
  const longer = await bring('longer', csv);
  const scored = await t.ended((await t.call('scoring.start', { modelId, datasetId: longer })).jobId);
  expect(scored.status).toBe('succeeded');
  const runId = String(scored.result['runId']);
  // The first half of another dataset calibrates.
  expect((await t.call('calibration.scores', { runId, part: 'calibration' })).timestamps).toHaveLength(350);
  const other = await bring('other', csv.replace('Flow', 'Level'));
  expect((await t.refused('scoring.start', { modelId, datasetId: other })).code).toBe('model/incompatible');
});

it('says of this machine what it has', { timeout: 60_000 }, async () => {
  const t = await startApp();
  const rows = await t.call('doctor.run', {});
  expect(rows.map((row) => row.name)).toEqual([
    'Node',
    'Platform',
    'Engine',
    'Engine self-test',
    'DuckDB',
    'SQLite',
    'Data folder',
    'Electron',
    'Free disk',
  ]);
  for (const row of rows) expect(row.ok).toBe(row.advice === '');
  expect((await t.call('engine.status', {})).selfTest.every((test) => test.passed)).toBe(true);
});
