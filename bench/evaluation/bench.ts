import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../../src/main/app';
import { createClient, type Client } from '../../src/main/hosts/cli/client';
import { installedPaths } from '../../src/main/hosts/paths';
import { calibrate } from '../../src/main/hosts/cli/calibrating';
import { importFile, importLabels, train } from '../../src/main/hosts/cli/steps';
import type { DatasetInfo } from '../../src/contract/types';
import { FaultlineError } from '../../src/core/errors';
import { pageOf } from './page';
import type { Entry, Refusal, Results } from './entry';
import { series, type BenchSeries } from './series';

const root = resolve(import.meta.dirname, '../..');
const resultsFile = join(root, 'bench/results/evaluation.json');
const pageFile = join(root, 'docs/evaluation.md');

/** The baseline, a chart, the classical field and three networks of different kinds, with how many seeds: one for what draws nothing at random. */
const detectors: Readonly<Record<string, number>> = {
  ...{ 'robust-z': 1, ewma: 1, arma: 1, pca: 1, 'whitened-windows': 1, knn: 1, 'isolation-forest': 3 },
  ...{ 'lstm-ad': 1, 'hreg-vae-lstm': 3 },
};

/** Takes detectors through the whole path on the bench series and writes the results and the page. */
export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seeds: { type: 'string' },
      only: { type: 'string' },
      detectors: { type: 'string', default: Object.keys(detectors).join(',') },
      fresh: { type: 'boolean', default: false },
    },
  });
  const folder = positionals[0];
  if (!folder) throw new Error('Give the folder that holds nab/ and skab/.');
  const known: Results = existsSync(resultsFile)
    ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Results)
    : { entries: [], refusals: [] };
  if (folder === 'page') return writeFileSync(pageFile, pageOf(known));
  const seedsOf = (detector: string): number[] =>
    values.seeds?.split(',').map(Number) ?? Array.from({ length: detectors[detector] ?? 1 }, (_, i) => i + 1);
  const chosen = series.filter(({ id, set }) => !values.only || values.only === set || values.only === id);
  const results: { entries: readonly Entry[]; refusals: readonly Refusal[] } = { ...known };
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  await withClient(async (client) => {
    const { version } = await client.call('host.info', {});
    for (const item of chosen) {
      const dataset = await datasetOf(client, folder, item);
      for (const detector of values.detectors.split(',')) {
        for (const seed of seedsOf(detector)) {
          const run: Run = { series: item.id, detector, seed, version };
          const same = (other: Run): boolean => other.series === item.id && other.detector === detector && other.seed === seed;
          const isKnown = [...results.entries, ...results.refusals].some((other) => same(other) && other.version === version);
          if (isKnown && !values.fresh) continue;
          const found = await judged(client, dataset, item, run).catch(refusal(run));
          const other = (one: Run): boolean => !same(one);
          results.entries = [...results.entries.filter(other), ...('reason' in found ? [] : [found])];
          results.refusals = [...results.refusals.filter(other), ...('reason' in found ? [found] : [])];
          writeFileSync(resultsFile, `${JSON.stringify(results, rounded, 1)}\n`);
          console.log(`${item.id} ${detector} seed ${seed}: ${'reason' in found ? found.reason : found.referee.verdict}`);
        }
      }
    }
  });
  writeFileSync(pageFile, pageOf(results));
}

type Run = Pick<Entry, 'series' | 'detector' | 'seed' | 'version'>;

/** Too few rows are an answer of the product; everything else is an error of the bench. */
const refusal =
  (run: Run) =>
  (error: unknown): Refusal => {
    if (error instanceof FaultlineError && error.code === 'detector/too-little-data') return { ...run, reason: error.message };
    throw error;
  };

/** Six digits are more than any of these figures means; times are whole milliseconds. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

async function withClient(work: (client: Client) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'faultline-evaluation-'));
  const { version, resourcesDir, workerPath } = installedPaths(join(root, 'out/main'));
  const app = await createApp({ dataDir, host: { kind: 'cli', nativeDialogs: false }, version, resourcesDir, workerPath });
  const quiet = { show: () => undefined, note: () => undefined, done: () => undefined };
  try {
    await work(createClient(app, quiet, new AbortController().signal));
  } finally {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Each series in a project of its own, with its labels. */
async function datasetOf(client: Client, folder: string, item: BenchSeries): Promise<DatasetInfo> {
  await client.call('project.create', { name: item.id.replace('/', ' ') });
  const dataset = await importFile(client, join(folder, item.file), { labelColumn: item.labelColumn, leaveOut: item.leaveOut });
  return item.labels === undefined ? dataset : importLabels(client, dataset, join(folder, item.labels));
}

async function judged(client: Client, dataset: DatasetInfo, item: BenchSeries, { detector, seed, version }: Run): Promise<Entry> {
  const timeOf = (row: number): string => new Date(dataset.start + row * dataset.stepMs).toISOString();
  const parts = item.rows && {
    'train-until': timeOf(item.rows.trainUntil),
    'calibrate-until': timeOf(item.rows.calibrateUntil),
  };
  const known = (await client.call('detector.list', {})).find(({ id }) => id === detector);
  const windows = item.windows !== undefined && known && Object.hasOwn(known.params, 'windows');
  const { model, run } = await train(client, dataset, {
    detector,
    seed: String(seed),
    ...(windows ? { params: JSON.stringify({ windows: item.windows }) } : {}),
    ...parts,
  });
  const { threshold } = await calibrate(client, run, model, {});
  const runId = run.id;
  const { test } = await client.call('run.result', { runId });
  const { paperWindow } = await client.call('run.metrics', { runId, part: 'test' });
  const { best, difference, standing, verdict } = await client.call('run.referee', { runId });
  return {
    series: item.id,
    set: item.set,
    detector,
    seed,
    version,
    engine: `${run.engine.backend} ${run.engine.version}`,
    dataSha256: dataset.sha256,
    params: model.params,
    split: model.split,
    trainSeconds: model.trainSeconds,
    objective: threshold.objective.kind,
    threshold: threshold.value,
    test,
    paper: { f1: paperWindow.f1, f1OfRandom: paperWindow.f1OfRandom },
    referee: { best, difference, standing, verdict },
  };
}
