import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channels } from '../../src/contract/ipc';
import type { HostInfo, JobSummary, Reply } from '../../src/contract/types';
import { securityHeaders } from '../../src/main/hosts/content-security';
import { startElectronDouble, type ElectronDouble } from '../electron-double';

/** The Electron checks of the fault list (rows 75 to 80), on the built main entry and preload script over the double of Electron. */

let folder: string;
let double: ElectronDouble;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-electron-'));
  double = await startElectronDouble({ dataDir: join(folder, 'data') });
});
afterAll(async () => {
  await double.close();
  await rm(folder, { recursive: true, force: true });
});

interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
const request = (url: string, method = 'GET') => double.ask('request', { url, method }) as Promise<PageAnswer>;

describe('window (row 75)', () => {
  it('opens with a page that has no right of its own', async () => {
    const { webPreferences } = (await double.ask('options')) as { webPreferences: Record<string, unknown> };
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      spellcheck: false,
    });
    expect(webPreferences['preload']).toBe(resolve(import.meta.dirname, '../../out/preload/index.cjs'));
    expect(await double.ask('sandboxed')).toBe(true);
  });

  it('exposes the transport and nothing else', async () => {
    expect(await double.ask('exposed')).toEqual({ faultline: ['call', 'subscribe', 'upload', 'chooseFile', 'deliver'] });
  });

  it('registers one scheme, standard and secure, without leave to pass over the policy', async () => {
    expect(await double.ask('schemes')).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    ]);
  });

  it('uses neither remote code, shells nor the dangerous switches anywhere in the host', async () => {
    for (const file of ['bind', 'compute', 'menu', 'pages', 'start', 'window']) {
      const source = await readFile(resolve(import.meta.dirname, `../../src/main/hosts/electron/${file}.ts`), 'utf8');
      expect(source).not.toMatch(
        /openExternal|executeJavaScript|insertCSS|bypassCSP|disable-web-security|no-sandbox|loadFile|file:\/\/\$|http:\/\//,
      );
    }
  });
});

describe('fuses (row 76)', () => {
  it('are set as the documentation of Electron advises', async () => {
    const config = JSON.parse(await readFile(resolve(import.meta.dirname, '../../electron-builder.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(config['asar']).toBe(true);
    expect(config['electronFuses']).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });
});

describe('navigation, windows, permissions, downloads (row 77)', () => {
  it.each([
    'https://example.com/',
    'file:///etc/passwd',
    'app://other/',
    'app://faultline.evil/',
    'app://x@faultline/',
    'javascript:alert(1)',
    'data:text/html,x',
  ])('does not let the page go to %s', async (url) => {
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      expect(await double.ask('navigate', { event, url })).toBe(true);
    }
  });

  it('lets the page reload itself and show the report preview', async () => {
    expect(await double.ask('navigate', { event: 'will-navigate', url: 'app://faultline/' })).toBe(false);
    expect(await double.ask('navigate', { event: 'will-frame-navigate', url: 'about:srcdoc' })).toBe(false);
  });

  it('opens no window, webview or download', async () => {
    for (const url of ['https://example.com/', 'app://faultline/', 'about:blank']) {
      expect(await double.ask('windowOpen', { url })).toEqual({ action: 'deny' });
    }
    expect(await double.ask('attachWebview')).toBe(true);
    expect(await double.ask('download')).toBe(true);
  });

  it.each([
    'media',
    'geolocation',
    'notifications',
    'midi',
    'openExternal',
    'fullscreen',
    'clipboard-read',
    'hid',
    'serial',
    'usb',
  ])('denies the permission %s', async (name) => {
    expect(await double.ask('permission', { name, url: 'app://faultline/' })).toEqual({
      request: false,
      check: false,
      device: false,
    });
  });

  it('lets its own page, and no other, put text on the clipboard', async () => {
    const name = 'clipboard-sanitized-write';
    expect(await double.ask('permission', { name, url: 'app://faultline/' })).toMatchObject({ request: true, check: true });
    expect(await double.ask('permission', { name, url: 'https://example.com/' })).toMatchObject({ request: false, check: false });
  });
});

describe('messages (row 78)', () => {
  const frames: readonly (readonly [string, unknown])[] = [
    ['no frame', null],
    ['a frame of another address', { url: 'https://example.com/' }],
    ['a frame that only says it is ours', { url: 'app://faultline/' }],
  ];
  it.each(frames)('are not taken from %s', async (_, frame) => {
    for (const channel of [channels.call, channels.adopt, channels.choose, channels.deliver]) {
      await expect(double.ask('invoke', { channel, args: ['host.info', {}], frame })).rejects.toThrow('may not talk');
    }
  });

  it('are taken from the main frame of the window', async () => {
    const reply = (await double.ask('invoke', {
      channel: channels.call,
      args: ['host.info', {}],
      frame: 'main',
    })) as Reply<HostInfo>;
    expect(reply).toMatchObject({ ok: true, value: { kind: 'electron', nativeDialogs: true } });
  });
});

describe('pages (rows 79 and 80)', () => {
  it('come with the same headers as over loopback, errors included', async () => {
    const answers = [await request('app://faultline/'), await request('app://faultline/nothing'), await request('app://other/')];
    expect(answers.map((answer) => answer.status)).toEqual([200, 404, 403]);
    for (const { headers } of answers) {
      for (const [name, value] of Object.entries(securityHeaders)) expect(headers[name.toLowerCase()]).toBe(value);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it.each([
    '..%2f..%2fpackage.json',
    '%2e%2e/package.json',
    '..%5cpackage.json',
    'assets/%00',
    '/etc/passwd',
    '../../package.json',
  ])('have nothing at %s', async (path) => {
    const answer = await request(`app://faultline/${path}`);
    expect([answer.status, answer.body.length]).toEqual([404, 0]);
  });

  it('are only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await request('app://faultline/', method)).status).toBe(405);
    const head = await request('app://faultline/', 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
  });

  it('are not lent to another host, user or port', async () => {
    for (const url of ['app://evil/', 'app://faultline.evil/', 'app://user@faultline/', 'app://faultline:80/']) {
      const answer = await request(url).catch(() => ({ status: 403 }));
      expect(answer.status).toBe(403);
    }
  });
});

describe('files', () => {
  it('gives a token for a file the user chose, and none when the dialog is closed', async () => {
    const path = join(folder, 'labels.csv');
    await writeFile(path, 'start,end\n');
    expect(await double.transport.chooseFile?.('labels')).toEqual({ ok: true, value: null });
    double.answerOpenDialog(path);
    expect(await double.transport.chooseFile?.('labels')).toMatchObject({ ok: true, value: { name: 'labels.csv' } });
  });

  it('refuses a file without a place on the disk', async () => {
    for (const path of ['', folder, join(folder, 'missing')]) {
      expect(await double.transport.upload({ path })).toMatchObject({ ok: false, error: { code: 'file/unreadable' } });
    }
  });

  it('saves an exported file where the user wants it', async () => {
    await double.transport.call('project.create', { name: 'To hand over' });
    const exported = (await double.transport.call('project.export', {})) as { ok: true; value: never };
    expect(await double.transport.deliver(exported.value)).toEqual({ ok: true, value: { saved: false } });
    double.answerSaveDialogs(folder);
    expect(await double.transport.deliver(exported.value)).toEqual({ ok: true, value: { saved: true } });
    const saved = await readFile(join(folder, (exported.value as { name: string }).name));
    expect(saved.subarray(0, 15).toString('latin1')).toBe('SQLite format 3');
  });
});

describe('window and job', () => {
  it('keeps a job running while the window is closed, and shows it again when Faultline is started once more', async () => {
    const rows = Array.from(
      { length: 200_000 },
      (_, i) => `${new Date(1.7e12 + i * 1000).toISOString()},${Math.sin(i / 50).toFixed(4)}`,
    );
    const path = join(folder, 'long.csv');
    await writeFile(path, `time,value\n${rows.join('\n')}\n`);
    const { call } = double.transport;
    await call('project.create', { name: 'Long' });
    const file = (await double.transport.upload({ path })) as { ok: true; value: { fileToken: string } };
    const preview = (await call('import.preview', { fileToken: file.value.fileToken })) as { ok: true; value: { recipe: unknown } };
    const started = (await call('import.start', {
      fileToken: file.value.fileToken,
      recipe: preview.value.recipe,
      name: 'long',
    })) as Reply<{ jobId: string }>;
    if (!started.ok) throw new Error(started.error.message);
    await double.ask('closeWindow');
    expect(await double.ask('windows')).toBe(0);

    await double.ask('secondInstance', { argv: ['electron', 'app'], folder });
    await double.ask('ready');
    expect(await double.ask('windows')).toBe(1);
    const events: JobSummary[] = [];
    double.transport.subscribe('job', (event) => events.push(event as JobSummary));
    await expect
      .poll(
        async () => {
          const reply = (await call('job.detail', { id: started.value.jobId })) as Reply<JobSummary>;
          return reply.ok ? reply.value.status : reply.error.code;
        },
        { timeout: 60_000 },
      )
      .toBe('succeeded');
    // The page of the reopened window hears what goes on.
    await expect.poll(() => events.at(-1)?.status).toBe('succeeded');
  });

  it('reports a project of the command line that cannot be opened', async () => {
    await writeFile(join(folder, 'no.faultline'), 'not a project');
    await double.ask('secondInstance', { argv: ['electron', 'app', 'no.faultline'], folder });
    await expect.poll(async () => (await double.ask('errorBoxes')) as unknown[]).toHaveLength(1);
  });

  it('opens the sample at the start and stays', async () => {
    const other = await startElectronDouble({ dataDir: join(folder, 'sample'), args: ['--sample'] });
    expect(await other.transport.call('project.state', {})).toMatchObject({ ok: true, value: { datasets: [{}] } });
    await other.close();
  });

  it('ends when the last window is closed and nothing runs', async () => {
    await double.ask('closeWindow').catch(() => undefined);
    await expect.poll(() => isAlive(double.pid), { timeout: 3000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
