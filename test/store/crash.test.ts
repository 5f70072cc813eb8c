import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject, summary } from '../../src/main/store/index';
import { migrations } from '../../src/main/store/migrations/index';
import { bundleChild, startChild } from './child-process';
import { addDataset, codeOf, temporaryFolder } from './fixtures';
import { createRandom } from './random';

/** A long run: FAULTLINE_KILL_ROUNDS=1000. */
const rounds = Number(process.env['FAULTLINE_KILL_ROUNDS'] ?? 30);

let program = '';
let folder: ReturnType<typeof temporaryFolder>;
beforeAll(async () => {
  folder = temporaryFolder();
  program = await bundleChild();
}, 60_000);
afterAll(() => folder.remove());

describe('kill -9', () => {
  it(
    'while labels are written loses none that was saved, and leaves nothing to clean up',
    async () => {
      const file = folder.file('killed.faultline');
      const first = openProject(file, { create: true });
      const { id } = addDataset(first, ['flow'], 100);
      first.close();
      const random = createRandom(20_261_122);
      for (let round = 0, saved = 0; round < rounds; round++) {
        const child = startChild(program, 'labels', file, id);
        expect(await child.next()).toBe('ready');
        await pause(1 + random() * 120);
        child.process.kill('SIGKILL');
        const said = await child.rest();
        if (child.process.exitCode === null && child.process.signalCode === null) await once(child.process, 'exit');

        const store = openProject(file);
        const { revision, labels } = store.labels.list(id);
        // At most one label can be on disk without having been said.
        expect(revision).toBeGreaterThanOrEqual(saved + said.length);
        expect(revision).toBeLessThanOrEqual(saved + said.length + 1);
        expect(labels.map((label) => label.start)).toEqual(Array.from({ length: revision }, (_, n) => n));
        expect(labels.every((label) => label.comment === `label ${label.start} ${'x'.repeat(label.start % 500)}`)).toBe(true);
        expect(store.labels.history(id)).toHaveLength(revision);
        saved = revision;
        store.close();
      }
    },
    30_000 + rounds * 4000,
  );
});

describe('kill -9', () => {
  const killed = async (after: number, ...args: readonly string[]): Promise<void> => {
    const child = startChild(program, ...args);
    expect(await child.next()).toBe('ready');
    await pause(after);
    const ended = once(child.process, 'exit');
    child.process.kill('SIGKILL');
    await ended;
  };

  it('during an import leaves no half dataset, and the next import works', async () => {
    const file = folder.file('import.faultline');
    openProject(file, { create: true }).close();
    for (const after of [5, 150, 400]) {
      await killed(after, 'import', file);
      const store = openProject(file);
      expect(store.datasets.list()).toEqual([]);
      expect(store.recovery).toContain('The unfinished import of "half" was removed');
      store.close();
    }
    const store = openProject(file);
    const dataset = addDataset(store, ['flow'], 70_000);
    expect(store.series.verify(dataset.id)).toEqual([]);
    store.close();
  });

  it('during save-as leaves the target absent or complete, and the source untouched', async () => {
    const file = folder.file('source.faultline');
    const target = folder.file('target.faultline');
    const first = openProject(file, { create: true, name: 'Source' });
    const { id } = addDataset(first, ['flow', 'valve'], 100_000);
    const flow = first.series.readColumn(id, 'flow');
    first.close();
    for (const after of [1, 8, 40, 90, 170]) {
      await killed(after, 'copy', file, target);
      const store = openProject(file);
      expect(store.series.readColumn(id, 'flow')).toEqual(flow);
      store.close();
      if (!existsSync(target)) continue;
      const copy = openProject(target);
      expect(copy.name).toBe('Copy');
      expect(copy.series.readColumn(id, 'flow')).toEqual(flow);
      copy.close();
    }
    expect(existsSync(target)).toBe(true);
    // What the killed ones left is removed by the next.
    const store = openProject(file);
    await store.copyTo(target, { replace: true });
    store.close();
    expect(readdirSync(folder.path).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('in the middle of a migration leaves the former version with its rows, and a copy of it', async () => {
    const file = folder.file('migrate.faultline');
    const first = openProject(file, { create: true });
    const { id } = addDataset(first, ['flow'], 10);
    const before = first.labels.apply(id, { add: [{ start: 1, end: 2, class: 'anomaly', comment: 'seal', channels: [] }] });
    first.close();
    const child = startChild(program, 'migrate', file);
    const [, signal] = (await once(child.process, 'exit')) as [unknown, string];
    expect(signal).toBe('SIGKILL');
    const backups = readdirSync(folder.path).filter((name) => name.startsWith(`migrate.v${migrations.length}-backup-`));
    expect(backups).toHaveLength(1);
    for (const path of [file, folder.file(backups[0]!)]) {
      const store = openProject(path);
      expect(store.labels.list(id)).toEqual(before);
      store.close();
    }
  });
});

describe('a second process', () => {
  it('is told who has the project, and gets it once the first has closed it', async () => {
    const file = folder.file('shared.faultline');
    const store = openProject(file, { create: true, name: 'Shared' });
    const refused = await startChild(program, 'open', file).next();
    expect(refused).toMatchObject({ code: 'store/locked', details: { pid: process.pid, host: hostname() } });
    expect(refused).toHaveProperty('message', expect.stringMatching(/in another Faultline \(process \d+ on .+\) since \d{4}-/));
    expect(codeOf(() => openProject(file))).toBe('store/locked');
    const reader = openProject(file, { readOnly: true });
    expect(reader.name).toBe('Shared');
    reader.close();
    expect(summary(file).state).toBe('ok');
    store.close();
    expect(existsSync(`${file}-lock`)).toBe(false);
    expect(await startChild(program, 'open', file).next()).toEqual({ name: 'Shared', readOnly: false });
  });

  it('that was killed leaves a lock which stops no one, and shows in the list only while it lives', async () => {
    const file = folder.file('left.faultline');
    const first = openProject(file, { create: true });
    const { id } = addDataset(first, ['flow'], 10);
    first.close();
    const child = startChild(program, 'labels', file, id);
    expect(await child.next()).toBe('ready');
    expect(summary(file).state).toBe('open-elsewhere');
    expect(codeOf(() => openProject(file))).toBe('store/locked');
    child.process.kill('SIGKILL');
    await once(child.process, 'exit');
    expect(existsSync(`${file}-lock`)).toBe(true);
    expect(summary(file)).toMatchObject({ state: 'ok', rows: 10 });
    openProject(file).close();
    expect(existsSync(`${file}-lock`)).toBe(false);
  });
});
