import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { methods, type MethodName, type Params, type Result } from '../src/contract/methods';
import type { JobSummary, Reply, Transport } from '../src/contract/types';
import { errorKinds } from '../src/core/errors';
import { createApp } from '../src/main/app';
import { startLoopback } from '../src/main/hosts/loopback/server';
import { startElectronDouble } from './electron-double';
import { httpClient } from './hosts/http-client';

/**
 * The contract means the same whatever carries it: the same assertions over the application itself, over real HTTP, and over the
 * Electron host on the double of Electron. Needs the build, as the compute process and the Electron entry are run from it.
 */

interface Connection {
  readonly call: Transport['call'];
  readonly subscribe: Transport['subscribe'];
  upload(path: string): Promise<Reply<{ readonly fileToken: string; readonly name: string }>>;
  close(): Promise<void>;
}

const root = resolve(import.meta.dirname, '..');
let folder: string;
let csv: string;

const startApp = (name: string) =>
  createApp({
    dataDir: join(folder, name),
    host: { kind: 'in-process', nativeDialogs: false },
    version: '0.0.0',
    resourcesDir: join(root, 'resources'),
    workerPath: join(root, 'out/main/compute-worker.js'),
  });

const transports: Readonly<Record<string, () => Promise<Connection>>> = {
  'in-process': async () => {
    const app = await startApp('in-process');
    return {
      call: app.dispatch,
      subscribe: (topic, listener) => app.subscribe(topic as 'job', listener),
      upload: (path) =>
        Promise.resolve({ ok: true, value: { fileToken: app.files.add(path, basename(path)), name: basename(path) } }),
      close: app.close,
    };
  },
  loopback: async () => {
    const pages = join(folder, 'pages');
    await mkdir(pages);
    await writeFile(join(pages, 'index.html'), '<!doctype html>');
    const app = await startApp('loopback');
    const host = await startLoopback(app, { rendererDir: pages });
    const client = await httpClient(host.url);
    return {
      ...client,
      close: async () => {
        client.close();
        await host.close();
        await app.close();
      },
    };
  },
  'electron double': async () => {
    const double = await startElectronDouble({ dataDir: join(folder, 'electron') });
    return {
      call: double.transport.call,
      subscribe: double.transport.subscribe,
      upload: (path) => double.transport.upload({ path }),
      close: double.close,
    };
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-contract-'));
  csv = join(folder, 'pump ü.csv');
  // Ten minutes apart, a tag with three missing values in a row and one spike, a name that must survive as data.
  const rows = Array.from({ length: 300 }, (_, i) => {
    const time = new Date(Date.UTC(2024, 0, 1) + i * 600_000).toISOString();
    const flow = i >= 100 && i < 103 ? '' : (50 + 5 * Math.sin(i / 8)).toFixed(3);
    return `${time},${flow},${i === 200 ? 999 : i % 7}`;
  });
  await writeFile(csv, `time,flow m³/h,__proto__\n${rows.join('\n')}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Results of the same calls over each transport, for the comparison at the end. */
const seen = new Map<string, unknown>();
const names = Object.keys(methods) as MethodName[];

describe.each(Object.entries(transports))('contract over %s', (name, open) => {
  let connection: Connection;
  const call = async <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> => {
    const reply = await connection.call(method, params);
    if (!reply.ok) throw new Error(`${method}: ${reply.error.code}: ${reply.error.message}`);
    return reply.value as Result<M>;
  };
  const codeOf = (reply: Reply<unknown>): string => (reply.ok ? 'ok' : reply.error.code);

  beforeAll(async () => {
    connection = await open();
  });
  afterAll(() => connection.close());

  it.each(names)('reaches %s, which refuses an unknown key by name', async (method) => {
    const reply = await connection.call(method, { notAField: 1 });
    expect(codeOf(reply)).toBe('contract/invalid-params');
    expect(reply.ok ? '' : reply.error.message).toContain(method);
  });

  it.each(names)('lets %s refuse what is not an object', async (method) => {
    for (const params of [null, 5, 'text', [], true, Float64Array.of(1)]) {
      expect(codeOf(await connection.call(method, params))).toBe('contract/invalid-params');
    }
  });

  it('refuses any object with a field that is not in the contract', async () => {
    const anything = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.integer()),
      fc.float64Array(),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.dictionary(fc.string({ minLength: 1 }), anything), async (method, fields) => {
        expect(codeOf(await connection.call(method, { ...fields, 'not a field': null }))).toBe('contract/invalid-params');
      }),
      { numRuns: 60 },
    );
  });

  it('takes __proto__ for a field like any other and refuses it', async () => {
    for (const text of [
      '{"__proto__":{"polluted":1}}',
      '{"id":"x","__proto__":[]}',
      '{"constructor":{"prototype":{"polluted":1}}}',
    ]) {
      expect(codeOf(await connection.call('job.detail', JSON.parse(text)))).toBe('contract/invalid-params');
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each(['', 'nope', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'host.info ', 'host'])(
    'does not know the method "%s"',
    async (method) => {
      expect(codeOf(await connection.call(method, {}))).toBe('contract/unknown-method');
    },
  );

  it('gives errors with code, kind, message and details', async () => {
    await call('project.create', { name: 'Errors' });
    const replies = {
      job: await connection.call('job.detail', { id: 'none' }),
      window: await connection.call('dataset.window', { datasetId: 'none', channels: ['a'], start: 0, end: 1, buckets: 1 }),
      token: await connection.call('import.preview', { fileToken: '0'.repeat(32) }),
      detail: await connection.call('settings.set', { theme: 'pink' }),
    };
    expect(Object.values(replies).map(codeOf)).toEqual([
      'job/not-found',
      'dataset/not-found',
      'file/token-unknown',
      'contract/invalid-params',
    ]);
    for (const reply of Object.values(replies)) {
      if (reply.ok) throw new Error('this call must fail');
      expect(reply.error.kind).toBe(errorKinds[reply.error.code]);
      expect(reply.error.message.length).toBeGreaterThan(10);
      expect(typeof reply.error.details).toBe('object');
    }
    expect(replies.detail).toMatchObject({ error: { details: { method: 'settings.set', paths: ['theme'] } } });
    keep(name, 'errors', replies);
  });

  it('imports, labels and shows data; events come in order; NaN stays NaN', async () => {
    const events: JobSummary[] = [];
    const stop = connection.subscribe('job', (event) => events.push(event as JobSummary));
    await call('project.create', { name: 'Same' });
    const uploaded = await connection.upload(csv);
    if (!uploaded.ok) throw new Error(uploaded.error.message);
    const { fileToken } = uploaded.value;
    const preview = await call('import.preview', { fileToken });
    const { statusTexts, valueColumns, tags } = preview.recipe;
    const recipe = { ...preview.recipe, statusTexts: [...statusTexts], valueColumns: [...valueColumns], tags: [...tags] };
    const { jobId } = await call('import.start', { fileToken, recipe, name: 'pump' });
    await expect.poll(() => events.at(-1)?.status, { timeout: 60_000 }).toBe('succeeded');
    stop();

    const mine = events.filter((event) => event.id === jobId);
    const order = ['queued', 'running', 'succeeded'];
    const steps = mine.map((event) => order.indexOf(event.status));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(new Set(steps)).toEqual(new Set([0, 1, 2]));

    const datasetId = String(mine.at(-1)?.result['datasetId']);
    const state = await call('project.state', {});
    const [dataset] = state?.datasets ?? [];
    expect(dataset?.channels.map((channel) => channel.name)).toEqual(['flow m³/h', '__proto__']);
    const window = await call('dataset.window', {
      datasetId,
      channels: ['flow m³/h', '__proto__'],
      start: dataset?.start ?? 0,
      end: (dataset?.end ?? 0) + 1,
      buckets: 4096,
    });
    const [flow, spike] = window.lines;
    expect(flow?.line.time).toBeInstanceOf(Float64Array);
    expect(flow?.line.min).toBeInstanceOf(Float32Array);
    expect(Array.from(flow?.line.max ?? []).filter((value) => Number.isNaN(value)).length).toBeGreaterThan(0);
    expect(Math.max(...Array.from(spike?.line.max ?? []))).toBe(999);

    await call('label.save', {
      datasetId,
      add: [{ start: dataset!.start, end: dataset!.start + 3_600_000, class: 'anomaly', comment: '<b>ü</b>', channels: [] }],
    });
    const labels = await call('label.list', { datasetId });
    expect(labels.labels).toHaveLength(1);
    const [description] = await call('detector.list', {});
    const refused = await connection.call('training.start', {});
    keep(name, 'journey', { preview, window, dataset, labels, description, refused });
  });

  it('keeps its listeners apart', async () => {
    const heard: string[] = [];
    const stopOne = connection.subscribe('project', () => heard.push('one'));
    const stopTwo = connection.subscribe('project', () => heard.push('two'));
    stopOne();
    await call('project.rename', { name: `Renamed over ${name}` });
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    stopTwo();
    expect(new Set(heard)).toEqual(new Set(['two']));
  });
});

describe('contract over all transports', () => {
  it.each(['errors', 'journey'])('gives equal results for equal calls: %s', (part) => {
    const [first, ...others] = Object.keys(transports).map((name) => seen.get(`${name} ${part}`));
    expect(first).toBeDefined();
    for (const other of others) expect(other).toEqual(first);
  });
});

/** Keeps a result for the comparison, without what differs by nature: ids, revisions of a run of the test, and times of day. */
function keep(transport: string, part: string, value: unknown): void {
  seen.set(`${transport} ${part}`, withoutIds(value));
}
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const personal = ['id', 'datasetId', 'createdAt', 'incident'];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !personal.includes(key))
      .map(([key, inner]) => [key, withoutIds(inner)]),
  );
}
