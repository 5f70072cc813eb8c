import { existsSync, readdirSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProject, openReader, summary, type ProjectStore } from '../../src/main/store/index';
import { addDataset, addRun, codeOf, newDataset, newModel, report, rows, temporaryFolder } from './fixtures';

let folder: ReturnType<typeof temporaryFolder>;
let store: ProjectStore;
let clock = 1_000_000;

beforeEach(() => {
  folder = temporaryFolder();
  clock = 1_000_000;
  store = openProject(folder.file('pump.faultline'), { create: true, name: 'Pump 7', now: () => clock++ });
});
afterEach(() => {
  store.close();
  folder.remove();
});
const reopen = (): ProjectStore => {
  store.close();
  store = openProject(folder.file('pump.faultline'));
  return store;
};

describe('a project file', () => {
  it('keeps its name and identity, and is one single file once it is closed', () => {
    const { id } = store;
    store.rename('Pump 8');
    reopen();
    expect([store.name, store.id, store.readOnly, store.recovery]).toEqual(['Pump 8', id, false, '']);
    store.close();
    expect(readdirSync(folder.path)).toEqual(['pump.faultline']);
  });

  it('refuses to overwrite an existing file when creating', () => {
    expect(codeOf(() => openProject(folder.file('pump.faultline'), { create: true }))).toBe('project/exists');
    expect(codeOf(() => openProject(folder.file('absent.faultline')))).toBe('project/not-found');
  });

  it('writes a checked copy with a name and identity of its own, and never over another file', async () => {
    const dataset = addDataset(store, ['flow', 'valve'], 1000);
    await store.copyTo(folder.file('copy.faultline'), { name: 'Copy' });
    await expect(store.copyTo(folder.file('copy.faultline'))).rejects.toMatchObject({ code: 'project/exists' });
    await store.copyTo(folder.file('same.faultline'));
    const copy = openProject(folder.file('copy.faultline'));
    expect(copy.name).toBe('Copy');
    expect(copy.id).not.toBe(store.id);
    expect(copy.series.readColumn(dataset.id, 'flow')).toEqual(store.series.readColumn(dataset.id, 'flow'));
    copy.close();
    expect(summary(folder.file('same.faultline')).id).toBe(store.id);
    expect(readdirSync(folder.path).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('undoes an act as a whole, also when a part of its error was caught', () => {
    const dataset = addDataset(store, ['flow'], 10);
    const good = { start: 1, end: 2, class: 'anomaly', comment: '', channels: [] } as const;
    const act = (): void =>
      store.transaction(() => {
        store.labels.apply(dataset.id, { add: [good] });
        try {
          store.labels.apply(dataset.id, { add: [{ ...good, end: 0 }] });
        } catch {
          // The caller goes on: the act must fail nevertheless.
        }
      });
    expect(codeOf(act)).toBe('labels/bad-interval');
    expect(store.labels.list(dataset.id)).toEqual({ datasetId: dataset.id, revision: 0, labels: [] });
  });

  it('stops writing when the file was moved away while open', () => {
    const dataset = addDataset(store, ['flow'], 10);
    folder.remove();
    expect(codeOf(() => store.rename('lost'))).toBe('store/io');
    expect(store.datasets.get(dataset.id).rows).toBe(10);
  });

  it('gives a reader what was committed, while the writer has it open', () => {
    const reader = openReader(store.file);
    const dataset = addDataset(store, ['flow'], 100);
    expect(reader.datasets.list().map((found) => found.id)).toEqual([dataset.id]);
    expect(reader.series.readColumn(dataset.id, 'flow')).toEqual(store.series.readColumn(dataset.id, 'flow'));
    reader.close();
  });

  it('opened read-only refuses every change', () => {
    store.close();
    store = openProject(folder.file('pump.faultline'), { readOnly: true });
    expect(store.readOnly).toBe(true);
    expect(codeOf(() => store.rename('x'))).toBe('store/read-only');
    expect(existsSync(`${store.file}-lock`)).toBe(false);
  });
});

describe('datasets', () => {
  it('are invisible until finished, and removed at the next opening when they never were', () => {
    const id = store.datasets.beginDataset(newDataset(['flow'], 'half'));
    store.datasets.appendRows(id, rows(0, 70_000, 1));
    expect(store.datasets.list()).toEqual([]);
    expect(codeOf(() => store.series.readColumn(id, 'flow'))).toBe('dataset/not-found');
    reopen();
    expect(store.recovery).toContain('"half"');
    expect(reopen().recovery).toBe('');
  });

  it('give the rows, statistics and times they were made from, across chunks', () => {
    const n = 150_000;
    const id = store.datasets.beginDataset(newDataset(['flow', 'level']));
    const all = rows(0, n, 2);
    all.columns[0]![3] = NaN;
    all.quality[0]![3] = 3;
    all.columns[1]!.fill(2.5);
    store.datasets.appendRows(id, all);
    const dataset = store.datasets.finishDataset(id, { ...report, rows: n });
    expect(dataset).toMatchObject({ rows: n, start: 0, end: (n - 1) * 60_000, stepMs: 60_000, labelRevision: 0, labelCount: 0 });
    expect(dataset.channels[0]!.stats).toMatchObject({ count: n - 1, missing: 0, bad: 1 });
    expect(dataset.channels[1]!.stats).toEqual({
      count: n,
      missing: 0,
      bad: 0,
      min: 2.5,
      max: 2.5,
      mean: 2.5,
      std: 0,
      distinct: 1,
    });
    expect(dataset.quality.rows).toBe(n);
    reopen();
    expect(store.series.readSeries(id)).toEqual({ timestamps: all.timestamps, columns: all.columns, channels: ['flow', 'level'] });
    expect(store.series.readColumn(id, 'flow', 65_530, 65_540)).toEqual(all.columns[0]!.slice(65_530, 65_540));
    expect(store.series.readQuality(id, 'flow', 2, 5)).toEqual(Uint8Array.of(0, 3, 0));
    // Rows 65,535 and 65,536 lie in different chunks; the range is half-open.
    expect(store.series.rowsBetween(id, { start: 65_535 * 60_000, end: 65_537 * 60_000 })).toEqual({ from: 65_535, to: 65_537 });
    expect(store.series.rowsBetween(id, { start: -5, end: 1 })).toEqual({ from: 0, to: 1 });
    expect(store.series.rowsBetween(id, { start: 1e12, end: 2e12 })).toEqual({ from: n, to: n });
    expect(store.series.verify(id)).toEqual([]);
  });

  it('refuse rows that go back in time, and an import without rows', () => {
    const id = store.datasets.beginDataset(newDataset(['flow']));
    expect(codeOf(() => store.datasets.finishDataset(id, report))).toBe('import/empty');
    store.datasets.appendRows(id, rows(0, 5, 1));
    expect(codeOf(() => store.datasets.appendRows(id, rows(4, 5, 1)))).toBe('import/bad-timestamp');
    store.datasets.cancelDataset(id);
    expect(codeOf(() => store.datasets.appendRows(id, rows(9, 1, 1)))).toBe('dataset/not-found');
  });

  it('are found by hash, change their tags, and stay while something came from them', () => {
    const dataset = addDataset(store, ['flow', 'valve'], 100);
    const other = addDataset(store, ['flow'], 100);
    expect(store.datasets.findByHash('a'.repeat(64)).map((found) => found.id)).toEqual([dataset.id, other.id]);
    expect(store.datasets.updateChannel(dataset.id, 'valve', { unit: '%', step: true }).channels[1]).toMatchObject({
      unit: '%',
      step: true,
      description: '',
    });
    expect(codeOf(() => store.datasets.updateChannel(dataset.id, 'none', {}))).toBe('prepare/no-channel');
    store.models.create(newModel(dataset.id, ['flow', 'valve']));
    expect(codeOf(() => store.datasets.remove(dataset.id))).toBe('dataset/in-use');
    store.datasets.remove(other.id);
    expect(store.datasets.list().map((found) => found.id)).toEqual([dataset.id]);
    expect(codeOf(() => store.series.readColumn(other.id, 'flow'))).toBe('dataset/not-found');
  });
});

describe('a window for a chart', () => {
  it('shows the extremes of the samples at every zoom', () => {
    const n = 200_000;
    const id = store.datasets.beginDataset(newDataset(['flow']));
    const all = rows(0, n, 1);
    const spike = 123_457;
    all.columns[0]![spike] = 50;
    store.datasets.appendRows(id, all);
    store.datasets.finishDataset(id, report);
    for (const [from, to] of [
      [0, n],
      [100_000, 160_000],
      [spike - 40, spike + 40],
    ] as const) {
      const window = store.series.window(id, ['flow'], { start: from * 60_000, end: to * 60_000 }, 200);
      const { line } = window.lines[0]!;
      expect(line.time.length).toBeLessThanOrEqual(200);
      expect(Math.max(...line.max)).toBe(50);
      // Float32 rounding keeps order, so the smallest value rounded is the smallest rounded value; edges may reach one block further.
      expect(Math.min(...line.min)).toBeLessThanOrEqual(
        Math.fround(all.columns[0]!.subarray(from, to).reduce((a, b) => Math.min(a, b))),
      );
      const bucket = line.max.indexOf(50);
      expect(Math.abs(line.time[bucket]! - spike * 60_000)).toBeLessThanOrEqual((2 * (to - from) * 60_000) / 200);
      expect(line.raw).toBe(to - from <= 200);
      expect(window.damaged).toEqual([]);
    }
    expect(store.series.window(id, ['flow'], { start: 1e12, end: 2e12 }, 10).lines[0]!.line.time.length).toBe(0);
    expect(codeOf(() => store.series.window(id, ['x'], { start: 0, end: 1 }, 10))).toBe('prepare/no-channel');
  });
});

describe('labels', () => {
  const label = { start: 10, end: 20, class: 'anomaly', comment: 'seal', channels: ['flow'] } as const;

  it('keep every revision', () => {
    const { id } = addDataset(store, ['flow'], 10);
    const first = store.labels.apply(id, { add: [label, { ...label, start: 5, origin: 'labels.csv' }] });
    expect(first.labels.map((l) => [l.start, l.origin])).toEqual([
      [5, 'labels.csv'],
      [10, 'user'],
    ]);
    const [early, late] = first.labels;
    store.labels.apply(id, { update: [{ ...late!, comment: 'bearing' }], remove: [early!.id] });
    store.labels.apply(id, { add: [{ ...label, start: 15 }] });
    reopen();
    expect(store.labels.list(id).revision).toBe(3);
    expect(store.datasets.get(id)).toMatchObject({ labelRevision: 3, labelCount: 2 });
    expect(store.labels.at(id, 1)).toEqual(first);
    expect(store.labels.at(id, 2).labels.map((l) => l.comment)).toEqual(['bearing']);
    expect(store.labels.at(id, 0).labels).toEqual([]);
    expect(
      store.labels.history(id).map((operation) => [operation.added.length, operation.updated.length, operation.removed.length]),
    ).toEqual([
      [2, 0, 0],
      [0, 1, 1],
      [1, 0, 0],
    ]);
    expect(codeOf(() => store.labels.at(id, 4))).toBe('label/not-found');
  });

  it('refuse an unknown id and an interval that ends before it starts, and change nothing', () => {
    const { id } = addDataset(store, ['flow'], 10);
    expect(codeOf(() => store.labels.apply(id, { add: [label], remove: ['none'] }))).toBe('label/not-found');
    expect(codeOf(() => store.labels.apply(id, { add: [label, { ...label, end: NaN }] }))).toBe('labels/bad-interval');
    expect(store.labels.list(id)).toEqual({ datasetId: id, revision: 0, labels: [] });
    expect(codeOf(() => store.labels.list('none'))).toBe('dataset/not-found');
  });
});

describe('jobs', () => {
  it('found running are interrupted at the next opening, with their checkpoint, curve and log', () => {
    const job = store.jobs.create({ kind: 'train', title: 'Training of VAE-LSTM', params: { a: [1, null] }, seed: 7 });
    store.jobs.update(job.id, { status: 'running', startedAt: 5 });
    const record = (step: number) => ({ stage: 'vae', step, losses: { kl: step / 2 }, learningRate: 0.001, gradientNorm: 1 });
    store.jobs.appendHistory(job.id, [record(1), record(2), record(3)]);
    store.jobs.truncateHistory(job.id, 2);
    store.jobs.appendLog(job.id, [{ at: 1, text: 'first' }]);
    const state = (step: number) => ({ step, manifest: { epoch: step }, weights: Uint8Array.of(1, 2, step) });
    store.jobs.saveCheckpoint(job.id, state(1), 'hash');
    store.jobs.saveCheckpoint(job.id, state(2), 'hash');
    reopen();
    expect(store.recovery).toContain('"Training of VAE-LSTM" was interrupted and can go on from step 2.');
    const found = store.jobs.get(job.id);
    expect(found).toMatchObject({ status: 'interrupted', checkpointStep: 2, params: { a: [1, null] }, seed: 7, startedAt: 5 });
    expect(found.error?.code).toBe('job/interrupted');
    expect(store.jobs.checkpoint(job.id)).toMatchObject({ checkpoint: state(2), dataSha256: 'hash' });
    expect(store.jobs.history(job.id)).toEqual([record(1), record(2)]);
    expect(store.jobs.log(job.id)).toEqual([{ at: 1, text: 'first' }]);
    store.jobs.dropCheckpoint(job.id);
    expect(store.jobs.checkpoint(job.id)).toBeNull();
    expect(store.jobs.get(job.id).checkpointStep).toBeNull();
    expect(codeOf(() => store.jobs.get('none'))).toBe('job/not-found');
  });

  it('are listed in the order they were made, whatever the clock says', () => {
    const first = store.jobs.create({ kind: 'score', title: 'one', params: {}, seed: 1 });
    clock = 0;
    const second = store.jobs.create({ kind: 'score', title: 'two', params: {}, seed: 1 });
    expect(second.createdAt).toBeLessThan(first.createdAt);
    expect(store.jobs.list().map((job) => job.title)).toEqual(['two', 'one']);
  });
});

describe('models, runs, thresholds and events', () => {
  it('come back as they were written', () => {
    const channels = ['flow', 'valve'];
    const dataset = addDataset(store, channels, 70_000);
    const made = newModel(dataset.id, channels);
    const model = store.models.create(made);
    const run = addRun(store, dataset, model.id, 70_000);
    const before = store.runs.scores(run.id);
    reopen();
    const { manifest, weights, normalScores, history, ...facts } = made;
    expect(store.models.get(model.id)).toMatchObject(facts);
    expect(store.models.content(model.id)).toEqual({ manifest, weights, normalScores, history });
    expect(store.models.rename(model.id, 'other').name).toBe('other');
    expect(store.runs.get(run.id)).toMatchObject({
      rows: 70_000,
      start: 0,
      end: 69_999 * 60_000,
      channels,
      parts: { byChannel: true, expected: true, review: true },
      expectedHalfWidth: [0.75, 0.75],
      threshold: null,
      eventCount: 0,
    });
    expect(store.runs.scores(run.id)).toEqual(before);
    expect(before.scores.score[0]).toBeNaN();
    // Row-major (row, channel): rows 65,535 and 65,536 of channel 1 are entries 131,071 and 131,073, divided by 8.
    expect(store.runs.expected(run.id, 'valve', { from: 65_535, to: 65_537 })).toEqual(Float32Array.of(16_383.875, 16_384.125));
    expect(store.runs.share(run.id, 'valve', { from: 0, to: 2 })).toEqual(Float32Array.of(0, 0));
    // The review score of row i is i / 140,000.
    expect(store.runs.review(run.id, { from: 65_535, to: 65_537 })).toEqual(Float32Array.of(65_535 / 140_000, 65_536 / 140_000));
    expect(store.runs.rowsBetween(run.id, { start: 60_000, end: 180_000 })).toEqual({ from: 1, to: 3 });
    expect(codeOf(() => store.runs.get('none'))).toBe('score/not-found');
    expect(codeOf(() => store.models.get('none'))).toBe('model/not-found');
  });

  it('have no review score where the detector gave none, and no part of one that lost a chunk', () => {
    const dataset = addDataset(store, ['flow'], 70_000);
    const model = store.models.create(newModel(dataset.id, ['flow']));
    const whole = addRun(store, dataset, model.id, 70_000);
    const { timestamps, scores } = store.runs.scores(whole.id);
    const facts = {
      modelId: model.id,
      datasetId: dataset.id,
      title: 'plain',
      engine: whole.engine,
      channels: ['flow'],
      timestamps,
    };
    const plain = store.runs.create({ ...facts, scores: { score: scores.score } });
    expect(plain.parts.review).toBe(false);
    expect(store.runs.review(plain.id)).toBeUndefined();
    expect(store.runs.scores(plain.id).scores).not.toHaveProperty('review');
    const { file } = store;
    store.close();
    const db = new Database(file);
    db.exec('DELETE FROM run_review_chunk WHERE position = 1');
    db.close();
    reopen();
    expect(codeOf(() => store.runs.review(whole.id))).toBe('store/damaged-chunk');
  });

  it('keep the word on the contract of the newest thresholds alone', () => {
    const dataset = addDataset(store, ['flow'], 1000);
    const model = store.models.create(newModel(dataset.id, ['flow']));
    const choice = {
      value: 1,
      minDurationMs: 0,
      mergeGapMs: 0,
      objective: { kind: 'manual' },
      from: 'by hand',
      achieved: null,
    } as const;
    const labels = store.labels.list(dataset.id);
    const [a, b] = [addRun(store, dataset, model.id, 1000), addRun(store, dataset, model.id, 1000)];
    const keep = (runId: string) => store.thresholds.save(runId, choice, labels, []).threshold.id;
    const first = keep(a.id);
    store.setContractFact(first, { kept: false, fact: 'contract broken since 12 May' });
    const other = keep(b.id);
    store.setContractFact(other, { kept: true, fact: 'contract kept' });
    reopen();
    expect(store.contractFact(first)).toEqual({ kept: false, fact: 'contract broken since 12 May' });
    const second = keep(a.id);
    store.setContractFact(second, null);
    expect([first, other, second].map((id) => store.contractFact(id)?.fact)).toEqual([undefined, 'contract kept', undefined]);
  });

  it('keep every threshold with its labels, and show the newest in the summary', () => {
    const dataset = addDataset(store, ['flow'], 1000);
    const model = store.models.create(newModel(dataset.id, ['flow']));
    const run = addRun(store, dataset, model.id, 1000);
    const labels = store.labels.apply(dataset.id, { add: [{ start: 1, end: 2, class: 'anomaly', comment: '', channels: [] }] });
    const choice = {
      value: 0.5,
      minDurationMs: 0,
      mergeGapMs: 60_000,
      objective: { kind: 'f1' },
      from: 'best F1',
      achieved: 0.8,
    } as const;
    const event = { start: 30, end: 40, peak: 35, peakScore: 0.9, channels: [{ channel: 'flow', share: 1 }] };
    const first = store.thresholds.save(run.id, choice, labels, [event, { ...event, start: 10, end: 20, review: 'confirmed' }]);
    expect(first.events.map((e) => [e.start, e.review])).toEqual([
      [10, 'confirmed'],
      [30, 'new'],
    ]);
    store.labels.apply(dataset.id, { remove: [labels.labels[0]!.id] });
    const second = store.thresholds.save(run.id, { ...choice, value: 0.25 }, store.labels.list(dataset.id), [event]);
    const reviewed = store.events.review(second.events[0]!.id, 'false-alarm', 'cleaning');
    reopen();
    expect(store.runs.get(run.id)).toMatchObject({ threshold: { ...choice, value: 0.25, labelRevision: 2 }, eventCount: 1 });
    expect(store.thresholds.history(run.id).map((t) => t.value)).toEqual([0.25, 0.5]);
    expect(store.thresholds.labels(first.threshold.id)).toEqual(labels);
    expect(store.events.get(reviewed.id)).toMatchObject({ ...event, review: 'false-alarm', comment: 'cleaning' });
    expect(store.events.reviews(reviewed.id)).toMatchObject([{ state: 'false-alarm', comment: 'cleaning' }]);
    expect(store.events.list(first.threshold.id)).toEqual(first.events);
    expect(codeOf(() => store.events.review('none', 'new', ''))).toBe('event/not-found');

    const line = summary(store.file);
    expect(line).toMatchObject({
      name: 'Pump 7',
      state: 'ok',
      rows: 1000,
      channels: 1,
      lastResult: '1 event, threshold 0.25',
      sample: false,
    });
    expect(line.scoreStrip).toHaveLength(160);
    // The last bucket ends with row 999 of 1000: score 0.999 at a threshold of 0.25.
    expect(line.scoreStrip.at(-1)).toBeCloseTo(0.999 / 0.25, 3);
  });
});
