import { expect, it } from 'vitest';
import type { ComponentsInsight, GraphInsight, Insight, ShapesInsight } from '../../src/core/insight/insight';
import { importPlanted, planted, startApp } from './harness';

it('shows what a model learned, with times of the data, and says when labels changed since', { timeout: 120_000 }, async () => {
  const t = await startApp();
  const { datasetId } = await importPlanted(t);
  const { split, preparation } = await t.call('training.propose', { datasetId });
  const run = async (detectorId: string, params: Readonly<Record<string, number | string>>) => {
    const { jobId } = await t.call('training.start', { datasetId, detectorId, params, split, preparation, seed: 7 });
    const job = await t.ended(jobId);
    expect(job.error).toBeNull();
    return { runId: String(job.result['runId']), modelId: String(job.result['modelId']) };
  };
  const shown = async <T extends Insight>({ runId }: { readonly runId: string }, kind: T['kind']): Promise<T> => {
    const found = await t.call('run.insight', { runId });
    expect(found).toMatchObject({ trainedHere: true, labelsChanged: false, insight: { kind } });
    return found!.insight as T;
  };
  const shows = new Map((await t.call('detector.list', {})).map((detector) => [detector.id, detector.shows]));

  expect(shows.get('robust-z')).toBe('');
  expect(await t.call('run.insight', { runId: (await run('robust-z', {})).runId })).toBeNull();

  expect(shows.get('matrix-profile')).toBe('discords and motifs');
  const profile = await run('matrix-profile', { window: 60, span: 60 });
  const { discords, motifs, window } = await shown<ShapesInsight>(profile, 'shapes');
  const start = Date.UTC(2026, 0, 1);
  const { faults } = planted();
  const rows = ({ start: from, end }: { readonly start: number; readonly end: number }) =>
    [from, end].map((ms) => (ms - start) / 60_000);
  for (const [first, last] of faults) {
    // A window with the beginning of each planted step and one with its end are the strangest shapes.
    expect(discords.slice(0, 6).some(({ span }) => rows(span)[0]! <= last && rows(span)[1]! >= first)).toBe(true);
  }
  expect(discords[0]!.tags[0]!.tag).toBe(0);
  for (const span of [discords[0]!.tags[0]!.nearest, ...motifs.flatMap(({ windows }) => windows)]) {
    expect(span!.end).toBeLessThan(split.trainUntil);
    expect(span!.end - span!.start).toBe((window - 1) * 60_000);
  }

  const pca = await run('pca', { window: 1, span: 0, components: 1 });
  const { limits, tags, loadings, explained, kept } = await shown<ComponentsInsight>(pca, 'components');
  expect(tags).toEqual(['Flow', 'Pressure']);
  expect(loadings).toHaveLength(kept);
  expect(explained.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  for (const { training, scored } of limits) {
    expect(scored.of).toBe(3000);
    expect(training.of).toBeLessThan(scored.of);
    // The planted steps are far out: 60 of the rows.
    expect(scored.over - training.over).toBeGreaterThanOrEqual(60);
  }

  const gdn = await run('gdn', { window: 6, embedding: 4, hidden: 8, steps: 60 });
  const graph = await shown<GraphInsight>(gdn, 'graph');
  expect(graph.edges.map(({ tag, from }) => [tag, from])).toEqual([
    [0, 1],
    [1, 0],
  ]);
  graph.edges.forEach(({ weight }, i) => expect(weight + graph.own[i]!).toBeCloseTo(1, 5));

  // Later data, scored with the same model: what was learned is the same, and its times are on another axis.
  const fileToken = await t.file('later.csv', planted(1500).csv);
  const { recipe } = await t.call('import.preview', { fileToken });
  const imported = await t.ended((await t.call('import.start', { fileToken, recipe, name: 'Later' })).jobId);
  const later = { modelId: gdn.modelId, datasetId: String(imported.result['datasetId']) };
  const scored = await t.ended((await t.call('scoring.start', later)).jobId);
  expect(await t.call('run.insight', { runId: String(scored.result['runId']) })).toEqual({
    ...{ insight: graph, trainedHere: false, labelsChanged: false },
  });

  const label = { start: start + 60_000, end: start + 120_000, class: 'anomaly', comment: '', channels: [] } as const;
  await t.call('label.save', { datasetId, add: [label] });
  const after = await t.call('run.insight', { runId: profile.runId });
  expect(after!.labelsChanged).toBe(true);
  // Rows at the beginning train no more: the places of the remembered ones are not told, their shapes are.
  expect((after!.insight as ShapesInsight).motifs[0]!.windows[0]).toBeNull();
  expect((after!.insight as ShapesInsight).motifs[0]!.tags).toEqual(motifs[0]!.tags);
  await t.call('project.close', {});
});
