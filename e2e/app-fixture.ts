import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base, expect, type Page } from '@playwright/test';
import { startElectronDouble } from '../test/electron-double';

/** Faultline on the project's host. Specs never ask which host it is. */
export interface Faultline {
  /** Folder of this run's projects and settings; kept over `restart`. */
  readonly dataDir: string;
  /** Opens the workbench in the page. */
  open(page: Page): Promise<void>;
  /** Files for the next open dialog of the host, or for the file input of the page. */
  chooseFile(page: Page, act: () => Promise<void>, path: string): Promise<void>;
  /** Names of the files that an act hands to the user: downloads, or files saved by the host's dialog. */
  saved(page: Page, act: () => Promise<void>, count: number): Promise<string[]>;
  /** Ends the main process as a crash would and starts it again on the same data. */
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '..');

async function startLoopback(dataDir: string): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(process.execPath, [join(root, 'out/main/serve.js'), '--no-open', '--json', '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { url: (JSON.parse(line) as { url: string }).url, process: child };
  }
  throw new Error('the loopback host ended before it printed its address');
}

async function onLoopback(dataDir: string): Promise<Faultline> {
  let host = await startLoopback(dataDir);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = new Promise((done) => host.process.once('exit', done));
    host.process.kill(signal);
    await gone;
  };
  return {
    dataDir,
    open: async (page) => void (await page.goto(host.url)),
    chooseFile: async (page, act, path) => {
      const chooser = page.waitForEvent('filechooser');
      await act();
      await (await chooser).setFiles(path);
    },
    saved: async (page, act, count) => {
      const names: string[] = [];
      page.on('download', (download) => names.push(download.suggestedFilename()));
      await act();
      await expect.poll(() => names.length, { timeout: 60_000 }).toBe(count);
      return names;
    },
    killAndRestart: async () => {
      await end('SIGKILL');
      host = await startLoopback(dataDir);
    },
    close: () => end('SIGTERM'),
  };
}

async function onElectronDouble(dataDir: string): Promise<Faultline> {
  const saveFolder = mkdtempSync(join(tmpdir(), 'faultline-saved-'));
  let host = await startElectronDouble({ dataDir, saveFolder });
  return {
    dataDir,
    open: async (page) => {
      await host.attach(page);
      await page.goto(host.url);
    },
    chooseFile: async (_page, act, path) => {
      host.answerOpenDialog(path);
      await act();
    },
    saved: async (_page, act, count) => {
      await act();
      await expect.poll(() => readdirSync(saveFolder).length, { timeout: 60_000 }).toBe(count);
      return readdirSync(saveFolder);
    },
    killAndRestart: async () => {
      await host.kill();
      host = await startElectronDouble({ dataDir, saveFolder });
    },
    close: async () => {
      await host.close();
      rmSync(saveFolder, { recursive: true, force: true });
    },
  };
}

/** Problems that no spec may cause: script errors, refused resources (CSP), failed requests. */
function watch(page: Page, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The report's frame runs no script, and Playwright's look into it is refused like any other.
    if (message.text().startsWith("Blocked script execution in 'about:srcdoc'")) return;
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
}

export const test = base.extend<{ faultline: Faultline; problems: readonly string[] }>({
  problems: [
    // Asks for the host so that it is judged before the host closes: what a page says of a closed host is no problem.
    async ({ page, faultline: _host }, use) => {
      const problems: string[] = [];
      watch(page, problems);
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
  faultline: async ({}, use, info) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'faultline-e2e-'));
    const faultline = info.project.metadata['host'] === 'electron' ? await onElectronDouble(dataDir) : await onLoopback(dataDir);
    await use(faultline);
    await faultline.close();
    if (info.status === 'passed') rmSync(dataDir, { recursive: true, force: true });
    else cpSync(dataDir, info.outputPath('data'), { recursive: true });
  },
});

export { expect };
