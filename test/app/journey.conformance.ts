import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { importPlanted, planted, startApp } from './harness';

it('goes from a file to events that match the labels', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t);
  const proposal = await t.call('training.propose', { datasetId });
  const { split, preparation } = proposal;
  const chosen = { datasetId, detectorId: 'robust-z', params: {}, split, preparation };

  const plan = await t.call('training.plan', chosen);
  expect(plan.trainRows).toBeGreaterThan(500);
  // By construction: each histogram holds every row that trains.
  for (const channel of plan.channels) expect(channel.histogram.reduce((a, b) => a + b, 0)).toBe(plan.trainRows);

  const { jobId } = await t.call('training.start', { ...chosen, seed: 7 });
  const job = await t.ended(jobId);
  expect(job.error).toBeNull();
  expect(job.status).toBe('succeeded');
  const runId = String(job.result['runId']);

  expect((await t.refused('run.result', { runId })).code).toBe('threshold/no-scores');
  const choice = { runId, minDurationMs: 0, mergeGapMs: 5 * 60_000 };
  const suggested = await t.call('calibration.suggest', { ...choice, objective: { kind: 'f1' } });
  // 18 m3/h on top of a swing of 3: a perfect threshold exists.
  expect(suggested.achieved).toBe(1);
  const { value, objective, minDurationMs, mergeGapMs, from, achieved } = suggested;
  await t.call('calibration.save', { runId, value, objective, minDurationMs, mergeGapMs, from, achieved });

  const result = await t.call('run.result', { runId });
  expect(result.stale).toEqual([]);
  expect(result.test.labels).toBeGreaterThan(0);
  expect(result.test.f1).toEqual({ value: 1 });
  const start = Date.UTC(2026, 0, 1);
  expect(result.events.map(({ start: a, end: b }) => [(a - start) / 60_000, (b - start) / 60_000])).toEqual(planted().faults);
  expect(result.events.map((event) => event.name)).toEqual(['E-01', 'E-02', 'E-03']);
  for (const event of result.events) {
    expect(event.matches).toHaveLength(1);
    expect(event.channels[0]!.channel).toMatch(/Flow/);
  }

  const window = await t.call('score.window', {
    runId,
    channels: [...preparation.channels],
    start,
    end: start + 3000 * 60_000,
    buckets: 300,
  });
  expect(Math.max(...window.score.max.filter((x) => !Number.isNaN(x)))).toBeCloseTo(
    Math.max(...result.events.map((e) => e.peakScore)),
    5,
  );
  expect(window.contribution.channels).toEqual(preparation.channels);
  const flow = window.expected.find((band) => band.channel.startsWith('Flow'))!;
  // Robust z expects the median of the flow, 50 m3/h, in the flow's own unit.
  expect((flow.low[10]! + flow.high[10]!) / 2).toBeCloseTo(50, 0);

  const reviewed = await t.call('event.review', { id: result.events[0]!.id, state: 'confirmed', comment: 'seen' });
  expect(reviewed).toMatchObject({ name: 'E-01', review: 'confirmed', comment: 'seen' });
  await t.call('calibration.save', {
    runId,
    value: value * 1.01,
    objective: { kind: 'manual' },
    minDurationMs,
    mergeGapMs,
    from: 'by hand',
    achieved: null,
  });
  const recalibrated = await t.call('run.result', { runId });
  expect(recalibrated.events[0]).toMatchObject({ name: 'E-01', review: 'confirmed', comment: 'seen' });
  expect(recalibrated.threshold.value).toBe(value * 1.01);
  const state = await t.call('project.state', {});
  expect(state!.stages.map((stage) => `${stage.name} ${stage.state}`)).toEqual([
    'import done',
    'normal done',
    'model done',
    'train done',
    'calibrate done',
    'review open',
    'report open',
  ]);

  const label = (await t.call('label.list', { datasetId })).labels[0]!;
  await t.call('label.save', { datasetId, remove: [label.id] });
  const after = await t.call('run.result', { runId });
  expect(after.stale).toHaveLength(2);
  expect(after.test).toEqual(recalibrated.test);
  expect((await t.call('project.state', {}))!.stages.find((stage) => stage.name === 'calibrate')).toMatchObject({
    state: 'stale',
    fact: 'new labels',
  });
});

it('hands over the same result as report and as scores', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t, 1200);
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const plan = { datasetId, detectorId: 'robust-z', params: {}, split, preparation };
  const runId = String((await t.ended((await t.call('training.start', { ...plan, seed: 1 })).jobId)).result['runId']);
  expect((await t.refused('report.preview', { runId })).code).toBe('threshold/no-scores');
  const choice = { runId, objective: { kind: 'f1' as const }, minDurationMs: 0, mergeGapMs: 0 };
  const { value, from, achieved } = await t.call('calibration.suggest', choice);
  await t.call('calibration.save', { ...choice, value, from, achieved });
  const result = await t.call('run.result', { runId });

  const files = await t.call('report.export', { runId, formats: ['html', 'pdf', 'csv', 'json'] });
  expect(files.map((file) => file.format)).toEqual(['html', 'pdf', 'csv', 'json']);
  const [html, pdf, csv, json] = await Promise.all(files.map((file) => readFile(t.app.files.resolve(file.fileToken).path)));
  expect(html!.toString()).toContain((await t.call('project.state', {}))!.datasets[0]!.sha256.slice(0, 8));
  expect(pdf!.subarray(0, 5).toString()).toBe('%PDF-');
  expect(csv!.toString().trim().split('\r\n')).toHaveLength(1 + result.events.length);
  expect(JSON.parse(json!.toString())).toMatchObject({ format: 'faultline-report' });
  expect((await t.call('report.preview', { runId })).html).toContain('E-01');

  const scores = await t.call('scores.export', { runId });
  const lines = (await readFile(t.app.files.resolve(scores.fileToken).path, 'utf8')).trim().split('\r\n');
  expect(lines[0]).toBe(`timestamp,score,threshold,anomaly,${preparation.channels.join(',')}`);
  expect(lines).toHaveLength(1201);
  // By construction three faults of 20 rows each, all found.
  expect(lines.filter((line) => line.split(',')[3] === '1')).toHaveLength(60);

  const labels = await t.file('labels.csv', planted(1200).labels);
  const judged = await t.call('evaluation.run', { scores: scores.fileToken, labels });
  expect(judged).toMatchObject({ rows: 1200, labels: 3, point: { f1: 1 }, event: { recall: 1 } });
});
