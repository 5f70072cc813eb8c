import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import type { Transport } from '../../src/contract/types';

/** Address at which the double's pages are shown in Chromium, which knows no app:// scheme; every request goes to the protocol handler. */
const shownAt = 'http://faultline.localhost/';
const pagesAt = 'app://faultline/';

export interface ElectronDoubleOptions {
  readonly dataDir: string;
  /** Further arguments, e.g. `--sample` or a project file. */
  readonly args?: readonly string[];
  /** Folder into which save dialogs save under the suggested name; absent: the user cancels them. */
  readonly saveFolder?: string;
}

/** Faultline's Electron host, running on the double of Electron in a process of its own. */
export interface ElectronDouble {
  /** Process of the Electron main process. */
  readonly pid: number;
  /** To open after `attach`. */
  readonly url: string;
  /** Gives a page `window.faultline` and the files of the protocol handler. Call before the page goes to `url`. */
  attach(page: Page): Promise<void>;
  /** What the preload script exposed. */
  readonly transport: Transport;
  /** The next open dialog answers this path; without one it is cancelled. */
  answerOpenDialog(path: string): void;
  /** Save dialogs save into this folder under the suggested name; undefined: they are cancelled. */
  answerSaveDialogs(folder: string | undefined): void;
  /** Any deed of control.mjs. */
  ask(deed: string, fields?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Kills main at once, as a crash would. */
  kill(): Promise<void>;
  /** Quits as a user would; kills after five seconds. */
  close(): Promise<void>;
}

/** Starts the built main process on the double and waits for its window. */
export async function startElectronDouble(options: ElectronDoubleOptions): Promise<ElectronDouble> {
  const child = fork(resolve(import.meta.dirname, 'control.mjs'), ['--data', options.dataDir, ...(options.args ?? [])], {
    serialization: 'advanced',
    execArgv: [],
    env: { ...process.env, ...(options.saveFolder === undefined ? {} : { FAULTLINE_DOUBLE_SAVE: options.saveFolder }) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const channel = openChannel(child);
  await channel.ask('ready');
  const uploads = await mkdtemp(join(tmpdir(), 'faultline-double-'));
  const finish = async (): Promise<void> => {
    await ended;
    await rm(uploads, { recursive: true, force: true });
  };

  const invoke = (name: string, args: readonly unknown[]): Promise<never> =>
    channel.ask('transport', { name, args }) as Promise<never>;
  /** A file of the page as the preload would see it: with a path behind it. */
  const uploadBytes = async (name: string, bytes: Uint8Array): Promise<never> => {
    const folder = await mkdtemp(join(uploads, 'file-'));
    const path = join(folder, basename(name) || 'file');
    await writeFile(path, bytes);
    return invoke('upload', [{ path }]);
  };

  return {
    pid: child.pid ?? 0,
    url: shownAt,
    transport: {
      call: (method, params) => invoke('call', [method, params]),
      subscribe: channel.subscribe,
      upload: (file) => invoke('upload', [file]),
      chooseFile: (purpose) => invoke('chooseFile', [purpose]),
      deliver: (file) => invoke('deliver', [file]),
    },
    attach: (page) => attach(page, { channel, invoke, uploadBytes }),
    // Messages keep their order, so the answer is there before any later call needs it.
    answerOpenDialog: (path) => void channel.ask('answerOpen', { path }).catch(() => undefined),
    answerSaveDialogs: (folder) => void channel.ask('answerSave', { folder }).catch(() => undefined),
    ask: channel.ask,
    kill: () => {
      child.kill('SIGKILL');
      return finish();
    },
    close: () => {
      channel.ask('quit').catch(() => undefined);
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      void ended.then(() => clearTimeout(late));
      return finish();
    },
  };
}

interface Channel {
  ask(deed: string, fields?: Readonly<Record<string, unknown>>): Promise<unknown>;
  subscribe(topic: string, listener: (event: unknown) => void): () => void;
}

type Answer =
  { readonly id: number; readonly value?: unknown; readonly error?: string } | { readonly push: number; readonly event: unknown };

function openChannel(child: ChildProcess): Channel {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<number, (event: unknown) => void>();
  let last = 0;
  child.on('message', (message) => {
    const answer = message as Answer;
    if ('push' in answer) return void listeners.get(answer.push)?.(answer.event);
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(new Error(answer.error));
  });
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`the double ended (${signal ?? code})`));
    waiting.clear();
  });
  const ask: Channel['ask'] = (deed, fields = {}) =>
    new Promise((resolve, reject) => {
      if (!child.connected) return reject(new Error('the double has ended'));
      const id = ++last;
      waiting.set(id, { resolve, reject });
      child.send({ id, deed, fields });
    });
  return {
    ask,
    subscribe(topic, listener) {
      const key = ++last;
      listeners.set(key, listener);
      ask('subscribe', { topic, key }).catch(() => undefined);
      return () => {
        listeners.delete(key);
        ask('unsubscribe', { key }).catch(() => undefined);
      };
    },
  };
}

type Bridge = (name: string, ...args: unknown[]) => Promise<unknown>;
type Deliver = (key: number, event: unknown) => void;

/** What a page talks to; after a restart of the double the same page talks to the new one. */
interface Backend {
  readonly channel: Channel;
  invoke(name: string, args: readonly unknown[]): Promise<unknown>;
  uploadBytes(name: string, bytes: Uint8Array): Promise<unknown>;
}
const attached = new WeakMap<Page, { backend: Backend }>();

async function attach(page: Page, backend: Backend): Promise<void> {
  const before = attached.get(page);
  if (before) {
    before.backend = backend;
    return;
  }
  const current = { backend };
  attached.set(page, current);
  await page.route(`${shownAt}**`, async (route) => {
    const url = `${pagesAt}${route.request().url().slice(shownAt.length)}`;
    const answer = (await current.backend.channel.ask('request', { url, method: route.request().method() })) as {
      status: number;
      headers: Record<string, string>;
      body: Uint8Array;
    };
    await route.fulfill({ status: answer.status, headers: answer.headers, body: Buffer.from(answer.body) });
  });

  const stops = new Map<number, () => void>();
  // Events reach the page one after the other, in the order in which they were sent.
  let queue = Promise.resolve();
  const deliver = (key: number, event: unknown): void => {
    queue = queue.then(() =>
      page
        .evaluate(([k, e]) => (globalThis as unknown as { faultlineDeliver?: Deliver }).faultlineDeliver?.(k, e), [
          key,
          event,
        ] as const)
        // A page that is being left hears nothing more.
        .catch(() => undefined),
    );
  };
  await page.exposeBinding('faultlineBridge', async (_source, name: string, ...args: unknown[]) => {
    switch (name) {
      case 'start':
        for (const stop of stops.values()) stop();
        return stops.clear();
      case 'subscribe':
        return void stops.set(
          args[1] as number,
          current.backend.channel.subscribe(args[0] as string, (event) => deliver(args[1] as number, event)),
        );
      case 'unsubscribe':
        stops.get(args[0] as number)?.();
        return void stops.delete(args[0] as number);
      case 'upload':
        return current.backend.uploadBytes(args[0] as string, args[1] as Uint8Array);
      default:
        return current.backend.invoke(name, args);
    }
  });
  await page.addInitScript(() => {
    interface PageFile {
      readonly name: string;
      arrayBuffer(): Promise<ArrayBuffer>;
    }
    const scope = globalThis as unknown as { faultlineBridge: Bridge; faultlineDeliver: Deliver; faultline: unknown };
    const bridge = scope.faultlineBridge;
    const listeners = new Map<number, (event: unknown) => void>();
    let last = 0;
    void bridge('start');
    scope.faultlineDeliver = (key, event) => listeners.get(key)?.(event);
    scope.faultline = Object.freeze({
      call: (method: string, params: unknown) => bridge('call', method, params),
      subscribe: (topic: string, listener: (event: unknown) => void) => {
        const key = ++last;
        listeners.set(key, listener);
        void bridge('subscribe', topic, key);
        return () => {
          listeners.delete(key);
          void bridge('unsubscribe', key);
        };
      },
      upload: async (file: PageFile) => bridge('upload', file.name, new Uint8Array(await file.arrayBuffer())),
      chooseFile: (purpose: string) => bridge('chooseFile', purpose),
      deliver: (file: unknown) => bridge('deliver', file),
    });
  });
}
