import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpClient } from './http-client';
import { firstLine, runProgram, startProgram } from './run-program';

/** The built loopback host as a process. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-serve-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('faultline serve', () => {
  it.each([
    ['serve.js', 'serve', []],
    ['cli.js serve', 'cli', ['serve']],
  ] as const)('%s tells its address, works, leaks no token, and ends within two seconds of SIGTERM', async (_, entry, before) => {
    const data = join(folder, entry);
    const child = startProgram(entry, [...before, '--json', '--no-open', '--data', data]);
    const { url, pid } = JSON.parse(await firstLine(child)) as { url: string; pid: number };
    expect(pid).toBe(child.pid);
    const client = await httpClient(url);
    expect(await client.call('host.info', {})).toMatchObject({ ok: true, value: { kind: 'loopback', nativeDialogs: false } });
    expect(await client.call('project.create', { name: 'Kept' })).toMatchObject({ ok: true });
    const page = await fetch(new URL('/', url));
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);

    const started = performance.now();
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(performance.now() - started).toBeLessThan(2000);
    expect(child.exitCode).toBe(0);
    client.close();

    const token = url.split('#token=')[1] ?? '';
    expect(token).not.toBe('');
    expect(page.headers.get('set-cookie')).toBeNull();
    for (const file of await readdir(data, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) expect((await readFile(join(file.parentPath, file.name))).includes(token)).toBe(false);
    }
  });

  it.skipIf(process.platform !== 'linux')('opens the browser without the token among its arguments', async () => {
    const bin = join(folder, 'bin');
    const told = join(folder, 'told');
    await mkdir(bin);
    await writeFile(join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s ' "$@" > '${told}.part' && mv '${told}.part' '${told}'\n`, {
      mode: 0o755,
    });
    const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const child = startProgram('serve', ['--json', '--data', join(folder, 'browser')], env);
    const { url } = JSON.parse(await firstLine(child)) as { url: string };
    await expect.poll(() => readFile(told, 'utf8').catch(() => ''), { timeout: 10_000 }).toMatch(/^file:\/\/\S+ $/);
    const opened = new URL((await readFile(told, 'utf8')).trim());
    expect(opened.href).not.toContain(url.split('#token=')[1] ?? '');
    expect(await readFile(opened, 'utf8')).toContain(`url=${url}`);
    expect((await stat(opened)).mode & 0o777).toBe(0o600);
    child.kill('SIGTERM');
    await once(child, 'close');
    await expect(stat(opened)).rejects.toThrow('ENOENT');
  });

  it('names the port that is taken, with exit code 4', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, stdout, stderr } = await runProgram('serve', [
      '--port',
      String(port),
      '--no-open',
      '--data',
      join(folder, 'taken'),
    ]);
    squatter.close();
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain(`Port ${port} is taken`);
  });

  it.each([[['--port', 'x']], [['--port', '70000']], [['--nonsense']], [['word']]])('refuses %j as wrong use', async (args) => {
    const { code, stderr } = await runProgram('serve', args);
    expect(code).toBe(2);
    expect(stderr).toContain('faultline serve --help');
  });

  it('ends with 3 for a project that does not exist', async () => {
    const { code, stdout, stderr } = await runProgram('serve', [
      join(folder, 'missing.faultline'),
      '--no-open',
      '--data',
      join(folder, 'missing'),
    ]);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('"missing.faultline" does not exist');
  });

  it('explains itself', async () => {
    const { code, stdout } = await runProgram('cli', ['serve', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--no-open');
  });
});
