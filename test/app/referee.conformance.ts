import { expect, it } from 'vitest';
import { importPlanted, startApp } from './harness';

it('has a word on every kept threshold, in the report as well', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t);
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const chosen = { datasetId, detectorId: 'robust-z', params: {}, split, preparation };
  const { jobId } = await t.call('training.start', { ...chosen, seed: 7 });
  const runId = String((await t.ended(jobId)).result['runId']);
  expect((await t.refused('run.referee', { runId })).code).toBe('threshold/no-scores');

  const choice = { runId, minDurationMs: 0, mergeGapMs: 5 * 60_000 };
  const { value, objective, minDurationMs, mergeGapMs, from, achieved } = await t.call('calibration.suggest', {
    ...choice,
    objective: { kind: 'f1' },
  });
  await t.call('calibration.save', { runId, value, objective, minDurationMs, mergeGapMs, from, achieved });
  const result = await t.call('run.result', { runId });
  const report = await t.call('run.referee', { runId });

  // All have scores wherever robust z has, but for the first rows, which train: the figures are those of the result page.
  expect(report.detector.f1).toEqual(result.test.f1);
  expect(report.detector.caught).toBe(result.test.caught);
  expect(report.detector.vusPr.value.value).toBeCloseTo(result.test.vusPr.value!, 10);
  expect(report.rows.map(({ id }) => id)).toEqual([
    ...['max-abs-z', 'moving-range', 'robust-z', 'moving-std', 'first-difference', 'constant', 'random', 'all-ones'],
  ]);
  expect(report.checks.map(({ id, state }) => [id, state])).toEqual([
    ['shared-windows', 'passed'],
    ['duplicated-blocks', expect.anything()],
    ['labels-at-end', expect.anything()],
    ['scaler', 'passed'],
    ['threshold-saw-test', 'passed'],
    ['test-was-seen', 'passed'],
  ]);
  expect(await t.call('run.referee', { runId })).toEqual(report);

  const { html } = await t.call('report.preview', { runId });
  expect(html).toContain('How far to trust it: the referee');
  expect(html).toContain(report.detector.title);

  // Another threshold, kept after the first one's results could be seen.
  await t.call('calibration.save', { runId, value, objective: { kind: 'manual' }, minDurationMs, mergeGapMs, from, achieved });
  const again = await t.call('run.referee', { runId });
  const stateOf = (id: string): string | undefined => again.checks.find((check) => check.id === id)?.state;
  expect(stateOf('test-was-seen')).toBe('warning');
  expect(stateOf('threshold-saw-test')).toBe('warning');

  // Labels that change later change neither the verdict nor the figures.
  const { labels } = await t.call('label.list', { datasetId });
  const end = labels.at(-1)!.start - 1;
  const added = { start: end - 20 * 60_000, end, class: 'anomaly', comment: '', channels: [] } as const;
  await t.call('label.save', { datasetId, add: [added] });
  expect({ ...(await t.call('run.referee', { runId })), checks: [] }).toEqual({ ...again, checks: [] });
});
