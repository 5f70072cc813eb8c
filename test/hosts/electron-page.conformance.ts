import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserArguments, findBrowser } from '../../e2e/browser';
import type { Transport } from '../../src/contract/types';
import { startElectronDouble, type ElectronDouble } from '../electron-double';

/** The bridge that the end-to-end tests stand on: a page in Chromium with `window.faultline` of the double. */

declare global {
  var faultline: Transport;
}

let folder: string;
let double: ElectronDouble;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-page-'));
  double = await startElectronDouble({ dataDir: join(folder, 'data') });
  browser = await chromium.launch({ executablePath: findBrowser(), args: browserArguments });
  page = await browser.newPage();
  await double.attach(page);
  await page.goto(double.url);
});
afterAll(async () => {
  await browser.close();
  await double.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a page on the double', () => {
  it('has the transport and comes from the protocol handler with its policy', async () => {
    const answer = await page.goto(double.url);
    expect(answer?.headers()['content-security-policy']).toContain("script-src 'self'");
    expect(await page.evaluate(() => Object.keys(globalThis.faultline))).toEqual([
      'call',
      'subscribe',
      'upload',
      'chooseFile',
      'deliver',
    ]);
    expect(await page.evaluate(() => globalThis.faultline.call('host.info', {}))).toMatchObject({
      ok: true,
      value: { kind: 'electron' },
    });
  });

  it('hands a file over, hears the job in order, and gets NaN in typed arrays', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${new Date(1.7e12 + i * 60_000).toISOString()},${i === 50 ? '' : i % 9}`);
    const seen = await page.evaluate(
      async (text) => {
        const transport = globalThis.faultline;
        const value = async (method: string, params: unknown): Promise<Record<string, never>> => {
          const reply = await transport.call(method, params);
          if (!reply.ok) throw new Error(reply.error.message);
          return reply.value as Record<string, never>;
        };
        const statuses: string[] = [];
        let datasetId = '';
        const done = new Promise<void>((resolve) => {
          transport.subscribe('job', (event) => {
            const job = event as { status: string; result: { datasetId?: string } };
            statuses.push(job.status);
            if (job.status !== 'succeeded') return;
            datasetId = job.result.datasetId ?? '';
            resolve();
          });
        });
        await value('project.create', { name: 'Page' });
        const file = await transport.upload(new File([text], 'small.csv'));
        if (!file.ok) throw new Error(file.error.message);
        const { fileToken } = file.value;
        const { recipe } = await value('import.preview', { fileToken });
        await value('import.start', { fileToken, recipe, name: 'small' });
        await done;
        const window = (await value('dataset.window', {
          datasetId,
          channels: ['value'],
          start: 0,
          end: 2e12,
          buckets: 4096,
        })) as unknown as {
          lines: { line: { time: unknown; min: Float32Array } }[];
        };
        const line = window.lines[0]!.line;
        return {
          statuses,
          name: file.value.name,
          typed: line.time instanceof Float64Array && line.min instanceof Float32Array,
          missing: Array.from(line.min).filter((v) => Number.isNaN(v)).length,
        };
      },
      `time,value\n${rows.join('\n')}\n`,
    );
    expect(seen).toMatchObject({ name: 'small.csv', typed: true, missing: 1 });
    const order = ['queued', 'running', 'succeeded'];
    const steps = seen.statuses.map((status) => order.indexOf(status));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(seen.statuses.at(-1)).toBe('succeeded');
  });

  it('chooses through the dialog of the host', async () => {
    const path = join(folder, 'labels.csv');
    await writeFile(path, 'start,end\n');
    double.answerOpenDialog(path);
    expect(await page.evaluate(() => globalThis.faultline.chooseFile?.('labels'))).toMatchObject({
      ok: true,
      value: { name: 'labels.csv' },
    });
  });

  it('goes on after main was killed and started again', async () => {
    await double.kill();
    double = await startElectronDouble({ dataDir: join(folder, 'data') });
    await double.attach(page);
    await page.goto(double.url);
    expect(await page.evaluate(() => globalThis.faultline.call('project.list', {}))).toMatchObject({
      ok: true,
      value: [{ name: 'Page' }],
    });
  });
});
