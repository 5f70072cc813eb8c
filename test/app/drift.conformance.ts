import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startApp } from './harness';

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);

/** A temperature that drifts by 8 K from minute 600 on, a flow that falls for 20 minutes in each part. Fixed "noise", no draw. */
function drifting(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const temperature = 60 + Math.sin(i * 1.7) + 0.5 * Math.cos(i * 0.31) + Math.max(0, i - 600) / 100;
    const flow = 50 + Math.cos(i * 2.3) - (i % 500 >= 480 && i > 600 ? 20 : 0);
    return `${new Date(start + i * minute).toISOString()},${temperature.toFixed(3)},${flow.toFixed(3)}`;
  });
  return `time,Temperature,Flow\n${lines.join('\n')}\n`;
}

async function importDrifting(t: Awaited<ReturnType<typeof startApp>>, name: string, rows: number): Promise<string> {
  const fileToken = await t.file(`${name}.csv`, drifting(rows));
  const { recipe } = await t.call('import.preview', { fileToken });
  const { statusTexts } = recipe;
  const { jobId } = await t.call('import.start', { fileToken, recipe: { ...recipe, statusTexts: [...statusTexts] }, name });
  return String((await t.ended(jobId)).result['datasetId']);
}

it('follows drift for any detector, stores how, and says what it did', { timeout: 120_000 }, async () => {
  const t = await startApp();
  await t.call('project.create', { name: 'Drift' });
  const datasetId = await importDrifting(t, 'march', 1400);
  const proposal = await t.call('training.propose', { datasetId });
  expect(proposal.preparation.drift).toBeUndefined();
  expect(proposal.drift.holdMs).toBe(16 * proposal.drift.halfLifeMs);

  const train = async (detectorId: string, drift?: typeof proposal.drift): Promise<{ runId: string; modelId: string }> => {
    const preparation = { ...proposal.preparation, channels: [...proposal.preparation.channels], ...(drift && { drift }) };
    const split = { trainUntil: start + 600 * minute, calibrateUntil: start + 1000 * minute, guardMs: 0 };
    const { jobId } = await t.call('training.start', { datasetId, detectorId, params: {}, split, preparation, seed: 1 });
    const job = await t.ended(jobId);
    expect(job.error).toBeNull();
    return { runId: String(job.result['runId']), modelId: String(job.result['modelId']) };
  };
  const scoresOf = async (runId: string) => {
    const window = await t.call('score.window', {
      runId,
      channels: ['Temperature'],
      start,
      end: start + 1400 * minute,
      buckets: 1400,
    });
    return { score: window.score.max, expected: window.expected[0] };
  };
  const drift = { halfLifeMs: 40 * minute, holdMs: 640 * minute, reach: 10 };
  const off = await train('robust-z');
  const on = await train('robust-z', drift);
  expect(await t.call('run.drift', { runId: off.runId })).toBeNull();

  const report = (await t.call('run.drift', { runId: on.runId }))!;
  expect(report.rule).toEqual(drift);
  const [temperature, flow] = report.tags as [(typeof report.tags)[0], (typeof report.tags)[0]];
  // 0.01 K a minute over 800 minutes, lagging by the half-life over ln 2, 58 minutes or 0.6 K, and by the play, half a standard deviation or 0.4 K.
  expect(temperature.furthest).toBeGreaterThan(6);
  expect(temperature.furthest).toBeLessThan(8.2);
  expect(temperature).toMatchObject({ channel: 'Temperature', follows: true, reached: false, accepted: [] });
  expect(Math.abs(flow.furthest)).toBeLessThan(0.5);
  expect(flow.heldMs).toBeGreaterThan(20 * minute);
  expect((await t.call('project.state', {}))!.models.map(({ preparation }) => preparation.drift)).toEqual([undefined, drift]);

  // Rows 1300 to 1400, without an event: above anything of the train part without following, and not with it.
  const [plain, kept] = [await scoresOf(off.runId), await scoresOf(on.runId)];
  const most = (score: Float32Array, from: number, to: number): number => Math.max(...score.subarray(from, to));
  expect(most(plain.score, 1300, 1400)).toBeGreaterThan(4 * most(plain.score, 0, 600));
  expect(most(kept.score, 1300, 1400)).toBeLessThan(2 * most(kept.score, 0, 600));
  // What is expected follows the measured temperature, in its own unit: 67.8 K by then.
  const at = kept.expected!.low.length - 20;
  expect((kept.expected!.low[at]! + kept.expected!.high[at]!) / 2).toBeGreaterThan(66);
  expect((plain.expected!.low[at]! + plain.expected!.high[at]!) / 2).toBeLessThan(61);

  // The same data scored again with the stored model, and another detector by the same rule.
  const again = await t.ended((await t.call('scoring.start', { modelId: on.modelId, datasetId })).jobId);
  expect((await scoresOf(String(again.result['runId']))).score).toEqual(kept.score);
  const other = await train('pca', drift);
  expect((await t.call('run.drift', { runId: other.runId }))!.tags).toEqual(report.tags);

  expect(report.effect).toBeNull();
  for (const { runId } of [off, on]) {
    const choice = { runId, objective: { kind: 'quantile' as const, q: 0.999 }, minDurationMs: 0, mergeGapMs: 0 };
    const { value, from, achieved } = await t.call('calibration.suggest', choice);
    await t.call('calibration.save', { ...choice, value, from, achieved });
  }
  // Beside the same run without following, under its own threshold: no label, so every event is false.
  const { effect } = (await t.call('run.drift', { runId: on.runId }))!;
  expect(effect).toMatchObject({ followed: { labels: 0 }, plain: { labels: 0, falseEvents: 1 } });
  // Without following the whole test part is one event.
  expect(effect!.plain.timeInEvents).toBe(1);
  expect(effect!.followed.timeInEvents).toBeLessThan(0.3);
  const { html } = await t.call('report.preview', { runId: on.runId });
  expect(html).toContain('Slow drift was followed (half-life of each tag at most 40 min');
  expect(html).toContain('Temperature by up to +');
  const [json] = await t.call('report.export', { runId: on.runId, formats: ['json'] });
  expect(JSON.parse(await readFile(t.app.files.resolve(json!.fileToken).path, 'utf8'))).toMatchObject({ drift: { rule: drift } });

  expect((await t.refused('training.plan', planWith({ ...drift, halfLifeMs: minute }))).code).toBe('prepare/bad-drift');
  function planWith(rule: typeof drift) {
    const preparation = { ...proposal.preparation, channels: [...proposal.preparation.channels], drift: rule };
    return { datasetId, detectorId: 'robust-z', params: {}, split: proposal.split, preparation };
  }
});
