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
import { pageOf } from './page';
import type { Entry } from './entry';
import { series, type BenchSeries } from './series';

const root = resolve(import.meta.dirname, '../..');
const resultsFile = join(root, 'bench/results/evaluation.json');
const pageFile = join(root, 'docs/evaluation.md');

/** Takes detectors through the whole path on the bench series and writes the results and the page. */
export async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      only: { type: 'string' },
      detector: { type: 'string' },
      fresh: { type: 'boolean', default: false },
    },
  });
  const folder = positionals[0];
  if (!folder) throw new Error('Give the folder that holds nab/ and skab/.');
  const seeds = values.seeds.split(',').map(Number);
  const chosen = series.filter(({ id, set }) => !values.only || values.only === set || values.only === id);
  let entries: readonly Entry[] =
    !values.fresh && existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Entry[]) : [];
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  await withClient(async (client) => {
    const { version } = await client.call('host.info', {});
    const detectors = (await client.call('detector.list', {}))
      .filter(({ id, trainable }) => trainable && (!values.detector || values.detector === id))
      .map(({ id }) => id);
    for (const item of chosen) {
      const dataset = await datasetOf(client, folder, item);
      for (const detector of detectors) {
        for (const seed of seeds) {
          const same = (entry: Entry): boolean => entry.series === item.id && entry.detector === detector && entry.seed === seed;
          if (entries.some((entry) => same(entry) && entry.version === version)) continue;
          const entry = await judged(client, dataset, item, detector, seed, version);
          entries = [...entries.filter((known) => !same(known)), entry];
          writeFileSync(resultsFile, `${JSON.stringify(entries, null, 1)}\n`);
          console.log(`${item.id} ${detector} seed ${seed}: ${entry.referee.verdict}`);
        }
      }
    }
  });
  writeFileSync(pageFile, pageOf(entries));
}

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

async function judged(
  client: Client,
  dataset: DatasetInfo,
  item: BenchSeries,
  detector: string,
  seed: number,
  version: string,
): Promise<Entry> {
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
  const sheet = await client.call('run.metrics', { runId, part: 'test' });
  const referee = await client.call('run.referee', { runId });
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
    sheet,
    referee,
  };
}
