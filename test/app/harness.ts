import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { MethodName, Params, Result } from '../../src/contract/methods';
import type { JobDetail, Reply, WireError } from '../../src/contract/types';
import { createApp, type App, type AppOptions } from '../../src/main/app';
import { forkSpawner } from '../../src/main/compute/process';
import { sourceFlags } from './source-flags';

const root = resolve(import.meta.dirname, '../..');

/** Runs the worker from its source, in a real process of its own. */
export const sourceSpawner = forkSpawner(sourceFlags);
export const workerSource = join(root, 'src/main/compute/worker.ts');

/** Parameters as values of the contract, whose arrays are readonly, may be handed in. */
type Given<T> = T extends readonly (infer E)[]
  ? readonly Given<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : T;

export interface TestApp {
  readonly app: App;
  readonly dataDir: string;
  /** The value of a method that must succeed. */
  call<M extends MethodName>(method: M, params: Given<Params<M>>): Promise<Result<M>>;
  /** The error of a method that must fail. */
  refused(method: string, params: unknown): Promise<WireError>;
  /** A file a user chose. */
  file(name: string, text: string): Promise<string>;
  /** Waits for the end of a job. */
  ended(jobId: string): Promise<JobDetail>;
}

export async function startApp(options: Partial<AppOptions> = {}): Promise<TestApp> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const app = await createApp({
    dataDir,
    host: { kind: 'in-process', nativeDialogs: false },
    version: '0.0.0-test',
    resourcesDir: join(root, 'resources'),
    workerPath: workerSource,
    spawn: sourceSpawner,
    ...options,
  });
  onTestFinished(() => app.close());
  const files = await temporaryFolder();
  const call: TestApp['call'] = async (method, params) => {
    const reply = (await app.dispatch(method, params)) as Reply<never>;
    if (!reply.ok) expect.fail(`${method}: ${reply.error.code} ${reply.error.message}`);
    return reply.value;
  };
  return {
    app,
    dataDir,
    call,
    async refused(method, params) {
      const reply = await app.dispatch(method, params);
      if (reply.ok) expect.fail(`${method} was not refused`);
      return reply.error;
    },
    async file(name, text) {
      const path = join(files, name);
      await writeFile(path, text);
      return app.files.add(path, name);
    },
    ended(jobId) {
      return new Promise((done, fail) => {
        const look = (): void => {
          call('job.detail', { id: jobId }).then((detail) => {
            if (detail.status === 'queued' || detail.status === 'running') return;
            stop();
            done(detail);
          }, fail);
        };
        const stop = app.subscribe('job', (job) => {
          if (job.id === jobId) look();
        });
        look();
      });
    },
  };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A minute-by-minute sine with a step of +6 in three places; `labels` are those places. */
export function planted(rows = 3000): {
  readonly csv: string;
  readonly labels: string;
  readonly faults: readonly [number, number][];
} {
  const faults: [number, number][] = [0.65, 0.75, 0.92].map((share) => [Math.round(rows * share), Math.round(rows * share) + 19]);
  const start = Date.UTC(2026, 0, 1);
  const stamp = (row: number): string => new Date(start + row * 60_000).toISOString();
  const lines = Array.from({ length: rows }, (_, row) => {
    const fault = faults.some(([first, last]) => row >= first && row <= last) ? 6 : 0;
    // Two incommensurable sines stand in for noise, so that every run has the same numbers.
    const flow = 50 + 3 * Math.sin((2 * Math.PI * row) / 60) + 0.3 * Math.sin(row * 1.7) + 3 * fault;
    const pressure = 8 + 0.5 * Math.sin((2 * Math.PI * row) / 60 + 1) + 0.05 * Math.sin(row * 2.3);
    return `${stamp(row)},${flow.toFixed(4)},${pressure.toFixed(4)}`;
  });
  return {
    csv: ['time,Flow [m3/h],Pressure [bar]', ...lines, ''].join('\n'),
    labels: ['start,end,class,comment', ...faults.map(([a, b]) => `${stamp(a)},${stamp(b)},anomaly,planted`), ''].join('\n'),
    faults,
  };
}

/** Imports the planted data with its labels into a new project. */
export async function importPlanted(t: TestApp, rows = 3000): Promise<{ readonly datasetId: string }> {
  const data = planted(rows);
  await t.call('project.create', { name: 'Planted' });
  const fileToken = await t.file('planted.csv', data.csv);
  const { recipe } = await t.call('import.preview', { fileToken });
  const { jobId } = await t.call('import.start', { fileToken, recipe, name: 'Planted' });
  const job = await t.ended(jobId);
  expect(job.error).toBeNull();
  const datasetId = String(job.result['datasetId']);
  await t.call('label.import', { datasetId, fileToken: await t.file('labels.csv', data.labels) });
  return { datasetId };
}
