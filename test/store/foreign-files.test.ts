import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultlineError } from '../../src/core/errors';
import { openProject, summary, type ProjectStore } from '../../src/main/store/index';
import { addDataset, addRun, codeOf, newModel, temporaryFolder } from './fixtures';
import { createRandom } from './random';

let folder: ReturnType<typeof temporaryFolder>;
let good: string;
let datasetId: string;
/** Everything that the repositories give out, part by part. */
const parts: Record<string, (store: ProjectStore) => unknown> = {
  name: (store) => [store.id, store.name, store.sample],
  datasets: (store) => store.datasets.list(),
  recipe: (store) => store.datasets.recipe(datasetId),
  time: (store) => store.series.readTimestamps(datasetId),
  flow: (store) => store.series.readColumn(datasetId, 'flow'),
  valve: (store) => store.series.readColumn(datasetId, 'valve'),
  quality: (store) => store.series.readQuality(datasetId, 'flow'),
  labels: (store) => store.labels.list(datasetId),
  history: (store) => store.labels.history(datasetId),
  jobs: (store) =>
    store.jobs.list().map((job) => [job, store.jobs.log(job.id), store.jobs.history(job.id), store.jobs.checkpoint(job.id)]),
  models: (store) => store.models.list().map((model) => [model, store.models.content(model.id)]),
  runs: (store) => store.runs.list().map((run) => [run, store.runs.scores(run.id)]),
  thresholds: (store) => store.runs.list().map((run) => store.thresholds.history(run.id)),
  events: (store) =>
    store.runs
      .list()
      .flatMap((run) => store.thresholds.history(run.id))
      .map((threshold) => [store.events.list(threshold.id), store.thresholds.labels(threshold.id)]),
};
const truth = new Map<string, unknown>();

beforeAll(() => {
  folder = temporaryFolder();
  good = folder.file('good.faultline');
  const store = openProject(good, { create: true, name: 'Good' });
  const dataset = addDataset(store, ['flow', 'valve'], 6000);
  datasetId = dataset.id;
  const label = { start: 10, end: 20, class: 'anomaly', comment: 'seal', channels: ['flow'] } as const;
  const labels = store.labels.apply(datasetId, { add: [label, { ...label, start: 12, comment: 'bearing' }] });
  const job = store.jobs.create({ kind: 'train', title: 'train', params: { a: 1 }, seed: 3 });
  store.jobs.appendLog(job.id, [{ at: 1, text: 'line' }]);
  store.jobs.appendHistory(job.id, [{ stage: 'a', step: 1, losses: { l: 0.5 }, learningRate: 1, gradientNorm: 2 }]);
  store.jobs.saveCheckpoint(job.id, { step: 4, manifest: { a: 1 }, weights: new Uint8Array(3000).fill(7) }, 'sha');
  store.jobs.update(job.id, { status: 'succeeded', endedAt: 5 });
  const model = store.models.create(newModel(datasetId, ['flow', 'valve'], job.id));
  const run = addRun(store, dataset, model.id, 6000);
  store.thresholds.save(
    run.id,
    { value: 0.5, objective: { kind: 'pot', q: 0.01 }, minDurationMs: 0, mergeGapMs: 0, from: 'tail', achieved: null },
    labels,
    [{ start: 1, end: 2, peak: 1, peakScore: 0.75, channels: [{ channel: 'flow', share: 0.5 }] }],
  );
  for (const [name, read] of Object.entries(parts)) truth.set(name, read(store));
  store.close();
});
afterAll(() => folder.remove());

describe('a file that is no project is refused at once', () => {
  const refused = (name: string): void => {
    const began = performance.now();
    expect(codeOf(() => openProject(folder.file(name)))).toBe('store/not-a-project');
    expect(summary(folder.file(name)).state).toBe('damaged');
    expect(performance.now() - began).toBeLessThan(1000);
  };
  it('empty, text, picture, folder, pipe', () => {
    writeFileSync(folder.file('empty'), '');
    writeFileSync(folder.file('text'), 'time,flow\n'.repeat(100));
    writeFileSync(folder.file('png'), Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(500)]));
    mkdirSync(folder.file('folder'));
    for (const name of ['empty', 'text', 'png', 'folder']) refused(name);
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [folder.file('pipe')]);
    refused('pipe');
  });

  it('a database of another program, of another encoding, or with a broken header', () => {
    const other = new Database(folder.file('other'));
    other.exec('CREATE TABLE t (a)');
    other.close();
    refused('other');
    for (const [at, value] of [
      [16, 3],
      [18, 9],
      [21, 1],
      [59, 2],
      [68, 0],
      [63, 0],
    ] as const) {
      const bytes = readFileSync(good);
      bytes[at] = value;
      writeFileSync(folder.file(`header-${at}`), bytes);
      refused(`header-${at}`);
    }
  });

  it('a project with a trigger, a view, a further table or an index that is not ours', () => {
    for (const [n, sql] of [
      'CREATE TRIGGER evil AFTER INSERT ON label BEGIN DELETE FROM label; END',
      'CREATE VIEW more AS WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c',
      'CREATE TABLE more (a)',
      'CREATE INDEX more ON label (comment)',
      'DROP INDEX label_by_dataset',
    ].entries()) {
      copyFileSync(good, folder.file(`schema-${n}`));
      const db = new Database(folder.file(`schema-${n}`));
      db.exec(sql);
      db.close();
      refused(`schema-${n}`);
    }
  });

  it('a project of a newer version, naming both versions', () => {
    copyFileSync(good, folder.file('newer'));
    const db = new Database(folder.file('newer'));
    db.pragma('user_version = 99');
    db.close();
    expect(codeOf(() => openProject(folder.file('newer')))).toBe('store/newer-than-app');
    expect(summary(folder.file('newer'))).toMatchObject({
      state: 'newer',
      problem: expect.stringContaining('version 99') as string,
    });
    expect(summary(folder.file('absent'))).toMatchObject({ state: 'missing', name: 'absent' });
  });
});

/** Opens a harmed file and compares what it gives with the truth: the same, or an error of ours. @returns what happened, for counting. */
function judge(file: string): 'refused' | 'partly' | 'whole' {
  const open = (): ProjectStore | undefined => {
    for (const readOnly of [false, true]) {
      try {
        return openProject(file, { readOnly });
      } catch (error) {
        if (!(error instanceof FaultlineError)) throw error;
      }
    }
    return undefined;
  };
  const store = open();
  if (!store) return 'refused';
  let outcome: 'partly' | 'whole' = 'whole';
  try {
    for (const [name, read] of Object.entries(parts)) {
      let value: unknown;
      try {
        value = read(store);
      } catch (error) {
        if (!(error instanceof FaultlineError)) throw error;
        outcome = 'partly';
        continue;
      }
      // A file that SQLite's own check finds damaged opens read-only and says so; what it still gives must be true, but may be less.
      if (store.recovery === '') expect(value, name).toEqual(truth.get(name));
      else if (name !== 'datasets' && Array.isArray(value))
        expect(truth.get(name)).toEqual(expect.arrayContaining(value as unknown[]));
    }
  } finally {
    store.close();
  }
  return outcome;
}

describe('a damaged project', () => {
  it('never gives a wrong value: 200 seeded flips of a byte', () => {
    const bytes = readFileSync(good);
    const random = createRandom(7);
    const outcomes = { refused: 0, partly: 0, whole: 0 };
    for (let round = 0; round < 200; round++) {
      const at = Math.floor(random() * bytes.length);
      const harmed = Buffer.from(bytes);
      harmed[at] = harmed[at]! ^ (1 + Math.floor(random() * 255));
      const file = folder.file('flipped.faultline');
      writeFileSync(file, harmed);
      outcomes[judge(file)]++;
    }
    // Without finding any the test would prove nothing: over half of the file is content, the rest unused room in its pages.
    expect(outcomes.partly + outcomes.refused).toBeGreaterThan(80);
  }, 120_000);

  it('is refused or partly readable when it was cut off at any page', () => {
    const { length } = readFileSync(good);
    for (let size = 4096; size < length; size += 8192) {
      const file = folder.file('cut.faultline');
      copyFileSync(good, file);
      truncateSync(file, size);
      expect(judge(file), `cut at ${size}`).not.toBe('whole');
    }
  }, 120_000);

  it('names a damaged chunk with its time, shows the rest, and makes a chart around it', () => {
    const file = folder.file('chunk.faultline');
    const store = openProject(file, { create: true });
    const { id } = addDataset(store, ['flow', 'valve'], 200_000);
    const intact = store.series.readColumn(id, 'flow', 0, 65_536);
    const overview = store.series.window(id, ['flow'], { start: 0, end: 200_000 * 60_000 }, 100);
    store.close();
    const db = new Database(file);
    const harm = (table: string, where: string): void => {
      const row = db
        .prepare<[], { readonly data: Buffer; readonly seq: number }>(`SELECT seq, data FROM ${table} WHERE ${where}`)
        .get()!;
      row.data[100] = row.data[100]! ^ 1;
      expect(db.prepare(`UPDATE ${table} SET data = ? WHERE seq = ?`).run(row.data, row.seq).changes).toBe(1);
    };
    harm('chunk', 'channel = 0 AND position = 1');
    harm('pyramid', 'channel = 0 AND position = 0 AND factor = 512');
    db.close();
    const again = openProject(file);
    const span = { channel: 'flow', start: 65_536 * 60_000, end: 131_071 * 60_000 };
    const read = (): unknown => again.series.readColumn(id, 'flow');
    expect(read).toThrow(FaultlineError);
    try {
      read();
    } catch (error) {
      expect(error).toMatchObject({ code: 'store/damaged-chunk', details: span });
    }
    expect(again.series.readColumn(id, 'flow', 0, 65_536)).toEqual(intact);
    expect(again.series.readColumn(id, 'valve')).toHaveLength(200_000);
    expect(again.series.verify(id)).toEqual([span]);
    const zoomed = again.series.window(id, ['flow', 'valve'], { start: 60_000 * 60_000, end: 70_000 * 60_000 }, 1000);
    expect(zoomed.damaged).toEqual([span]);
    const { time, max } = zoomed.lines[0]!.line;
    expect(Number.isNaN(max.at(-1))).toBe(true);
    expect(Number.isNaN(max[0])).toBe(false);
    expect(time.length).toBeGreaterThan(500);
    // The overview needs no samples: its own blobs are checked, and a damaged one is made anew.
    expect(again.series.window(id, ['flow'], { start: 0, end: 200_000 * 60_000 }, 100)).toEqual(overview);
    again.close();
  });
});
