import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Topic, Topics } from '../../src/contract/topics';
import { decode, encode, wireType } from '../../src/contract/wire';
import type { App } from '../../src/main/app';
import { createFileTokens } from '../../src/main/files';
import { startLoopback, type LoopbackHost } from '../../src/main/hosts/loopback/server';
import { request, sendRaw } from './raw-http';

/**
 * Attacks of the fault list on the loopback host (its rows 61 to 70 and 74), over bare TCP where a browser or client library would not
 * let the attack through. The application behind it only notes what reaches it, so that "refused" can be told from "answered".
 */

let folder: string;
let outside: string;
let host: LoopbackHost;
let reached: string[];
let push: (topic: Topic, event: unknown) => void;
let app: App;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-pages-'));
  outside = join(folder, '..', `outside-${process.pid}.js`);
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'assets/main.js'), 'export {};');
  writeFileSync(outside, 'secret');
  symlinkSync(outside, join(folder, 'assets/link.js'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(outside);
});

beforeEach(async () => {
  reached = [];
  const listeners = new Map<Topic, (event: never) => void>();
  push = (topic, event) => listeners.get(topic)?.(event as never);
  app = {
    dispatch: (method, params) => {
      reached.push(method);
      return Promise.resolve({ ok: true, value: { method, params } });
    },
    subscribe: <T extends Topic>(topic: T, listener: (event: Topics[T]) => void) => {
      listeners.set(topic, listener);
      return () => listeners.delete(topic);
    },
    files: createFileTokens(),
    busy: () => false,
    computePid: () => undefined,
    close: () => Promise.resolve(),
  };
  host = await startLoopback(app, { rendererDir: folder });
});
afterEach(async () => {
  await host.close();
  await app.files.close();
});

const token = (): string => host.url.split('#token=')[1] ?? '';
const own = (): string => `http://127.0.0.1:${host.port}`;
const hostLine = (): string => `Host: 127.0.0.1:${host.port}`;
const originLine = (): string => `Origin: ${own()}`;
const json = 'Content-Type: application/json';

async function signIn(): Promise<string> {
  const answer = await sendRaw(
    host.port,
    request('POST', '/session', [hostLine(), originLine(), json], JSON.stringify({ token: token() })),
  );
  expect(answer.status).toBe(204);
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}
const callBody = JSON.stringify({ method: 'host.info', params: {} });

describe('Host header (row 61)', () => {
  it.each([
    'evil.example:PORT',
    '127.0.0.1.evil.example:PORT',
    'localhost.evil:PORT',
    'localhost.:PORT',
    '0.0.0.0:PORT',
    '2130706433:PORT',
    '0x7f000001:PORT',
    '127.1:PORT',
    '[::1]:PORT',
    '[::ffff:127.0.0.1]:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1:PORT0',
    ' ',
    'user@127.0.0.1:PORT',
    '127.0.0.1:PORT,evil.example',
  ])('refuses %s without a body, for page and interface alike', async (name) => {
    const cookie = await signIn();
    const line = `Host: ${name.replace('PORT', String(host.port))}`;
    for (const text of [
      request('GET', '/', [line]),
      request('GET', '/events', [line, `Cookie: ${cookie}`]),
      request('POST', '/call', [line, originLine(), json, `Cookie: ${cookie}`], callBody),
    ]) {
      const answer = await sendRaw(host.port, text);
      expect([answer.status, answer.body]).toEqual([403, '']);
    }
    expect(reached).toEqual([]);
  });

  it('refuses a missing and a double Host', async () => {
    for (const lines of [[], [hostLine(), 'Host: evil.example'], [hostLine(), hostLine()]]) {
      const answer = await sendRaw(host.port, request('GET', '/', lines));
      expect([answer.status, answer.body]).toEqual([403, '']);
    }
  });

  it('serves both of its own names', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      expect((await sendRaw(host.port, request('GET', '/', [`Host: ${name}:${host.port}`]))).status).toBe(200);
    }
  });
});

describe('Origin header (row 62)', () => {
  it.each([
    'http://evil.example',
    'null',
    'http://127.0.0.1:PORT.evil.example',
    'http://127.0.0.1:PORT0',
    'http://127.0.0.1:1',
    'http://127.0.0.1',
    'https://127.0.0.1:PORT',
    'http://evil.example/http://127.0.0.1:PORT',
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT',
    '',
  ])('refuses %s', async (origin) => {
    const cookie = await signIn();
    const line = `Origin: ${origin.replace('PORT', String(host.port))}`;
    for (const text of [
      request('POST', '/call', [hostLine(), line, json, `Cookie: ${cookie}`], callBody),
      request('GET', '/events', [hostLine(), line, `Cookie: ${cookie}`]),
    ]) {
      expect((await sendRaw(host.port, text)).status).toBe(403);
    }
    expect(reached).toEqual([]);
  });

  it('refuses everything but reading without an Origin', async () => {
    const cookie = await signIn();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect((await sendRaw(host.port, request(method, '/call', [hostLine(), json, `Cookie: ${cookie}`], callBody))).status).toBe(
        403,
      );
    }
    expect(reached).toEqual([]);
  });

  it('refuses what the browser says comes from another site or another port', async () => {
    const cookie = await signIn();
    for (const site of ['cross-site', 'same-site']) {
      const answer = await sendRaw(
        host.port,
        request('GET', '/events', [hostLine(), `Cookie: ${cookie}`, `Sec-Fetch-Site: ${site}`]),
      );
      expect(answer.status).toBe(403);
    }
  });

  it('answers a preflight of another origin without any permission', async () => {
    const answer = await sendRaw(
      host.port,
      request('OPTIONS', '/call', [hostLine(), 'Origin: http://evil.example', 'Access-Control-Request-Method: POST']),
    );
    expect(answer.status).toBe(403);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('session (rows 63, 65 and 66)', () => {
  it('lets nothing but the pages through without a session', async () => {
    for (const text of [
      request('GET', '/events', [hostLine()]),
      request('GET', `/files/${'0'.repeat(32)}`, [hostLine()]),
      request('POST', '/call', [hostLine(), originLine(), json], callBody),
      request('POST', '/upload', [hostLine(), originLine(), 'Content-Type: application/octet-stream'], 'x'),
      request('POST', '/call', [hostLine(), originLine(), json, 'Cookie: faultline=1'], callBody),
    ]) {
      expect((await sendRaw(host.port, text)).status).toBe(401);
    }
    expect(reached).toEqual([]);
  });

  it('exchanges the token once for a cookie that scripts and other sites cannot use', async () => {
    const body = JSON.stringify({ token: token() });
    const first = await sendRaw(host.port, request('POST', '/session', [hostLine(), originLine(), json], body));
    expect(first.headers.get('set-cookie')).toMatch(
      new RegExp(`^faultline-${host.port}-[0-9a-f]{8}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    const replayed = await sendRaw(host.port, request('POST', '/session', [hostLine(), originLine(), json], body));
    expect([replayed.status, replayed.headers.has('set-cookie')]).toEqual([401, false]);
  });

  it('has 256 bits of token in the fragment, which no request carries', () => {
    expect(new URL(host.url).hash).toMatch(/^#token=[\w-]{43}$/);
    expect(new URL(host.url).search).toBe('');
  });

  it('does not give the token back in any answer', async () => {
    for (const path of ['/', '/nothing', `/session?token=${token()}`, '/call']) {
      const answer = await sendRaw(host.port, request('GET', path, [hostLine()]));
      expect(answer.body + [...answer.headers.values()].join()).not.toContain(token());
    }
  });

  it('pauses after ten wrong tokens, the right one included', async () => {
    const attempt = async (given: string): Promise<number> =>
      (await sendRaw(host.port, request('POST', '/session', [hostLine(), originLine(), json], JSON.stringify({ token: given }))))
        .status;
    for (let i = 0; i < 10; i++) expect(await attempt(`wrong-${i}`)).toBe(401);
    expect(await attempt('wrong')).toBe(429);
    expect(await attempt(token())).toBe(429);
  });

  it('keeps a session that signs in again with the used token', async () => {
    const cookie = await signIn();
    const again = await sendRaw(
      host.port,
      request('POST', '/session', [hostLine(), originLine(), json, `Cookie: ${cookie}`], JSON.stringify({ token: token() })),
    );
    expect(again.status).toBe(204);
  });

  it('finds its cookie among those of other programs on this host', async () => {
    const cookie = await signIn();
    const answer = await sendRaw(
      host.port,
      request('POST', '/call', [hostLine(), originLine(), json, `Cookie: a=b; ${cookie}; faultline-1-00000000=x`], callBody),
    );
    expect(answer.status).toBe(200);
    expect(reached).toEqual(['host.info']);
  });
});

describe('forged requests (row 64)', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '', 'application/json-patch+json'])(
    'refuses a call of type "%s"',
    async (type) => {
      const cookie = await signIn();
      const lines = [hostLine(), originLine(), `Cookie: ${cookie}`, ...(type === '' ? [] : [`Content-Type: ${type}`])];
      expect((await sendRaw(host.port, request('POST', '/call', lines, callBody))).status).toBe(415);
      expect(reached).toEqual([]);
    },
  );

  it('changes nothing by GET', async () => {
    const cookie = await signIn();
    for (const path of ['/call', '/call?method=project.close', '/session', '/upload']) {
      expect((await sendRaw(host.port, request('GET', path, [hostLine(), `Cookie: ${cookie}`]))).status).toBe(405);
    }
    expect(reached).toEqual([]);
  });

  it('refuses to become a WebSocket or a tunnel', async () => {
    const cookie = await signIn();
    const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Version: 13'];
    const lines = [hostLine(), originLine(), `Cookie: ${cookie}`, ...upgrade];
    const text = `GET /events HTTP/1.1\r\nConnection: Upgrade\r\n${lines.join('\r\n')}\r\n\r\n`;
    expect((await sendRaw(host.port, text)).status).toBe(403);
    expect((await sendRaw(host.port, `CONNECT evil.example:443 HTTP/1.1\r\n${hostLine()}\r\n\r\n`)).status).toBe(403);
  });
});

describe('headers (row 67)', () => {
  it('sends the whole set with every answer, errors included', async () => {
    const cookie = await signIn();
    const texts = [
      request('GET', '/', [hostLine()]),
      request('GET', '/assets/main.js', [hostLine()]),
      request('GET', '/nothing', [hostLine()]),
      request('GET', '/', ['Host: evil.example']),
      request('PUT', '/', [hostLine(), originLine()]),
      request('GET', '/events', [hostLine()]),
      request('GET', '/call', [hostLine()]),
      request('POST', '/call', [hostLine(), originLine(), json, `Cookie: ${cookie}`], callBody),
      request('POST', '/call', [hostLine(), originLine(), json, `Cookie: ${cookie}`], '{'),
      'NONSENSE\r\n\r\n',
    ];
    const seen: number[] = [];
    for (const text of texts) {
      const { status, headers } = await sendRaw(host.port, text);
      seen.push(status);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("worker-src 'none'");
      expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect([...headers.keys()].some((name) => name.startsWith('access-control'))).toBe(false);
    }
    expect(seen).toEqual([200, 200, 404, 403, 405, 401, 405, 200, 400, 400]);
  });
});

describe('paths (row 68)', () => {
  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/..%5cpackage.json',
    '/assets/..%252f..%252fpackage.json',
    '/assets/%00main.js',
    '/assets/main.js%00.html',
    '/assets/',
    '/assets',
    '/assets//main.js',
    '/assets/link.js',
    '//assets/main.js',
    '/ASSETS/main.js',
    '/__proto__',
    '/constructor',
    'http://evil.example/',
    '/files/../../x',
    `/files/${'0'.repeat(31)}%00`,
  ])('finds nothing at %s', async (path) => {
    const answer = await sendRaw(host.port, request('GET', path, [hostLine()]));
    expect([answer.status, answer.body]).toEqual([404, '']);
  });

  it('serves exactly the files of the pages', async () => {
    const answer = await sendRaw(host.port, request('GET', '/assets/main.js?v=1', [hostLine()]));
    expect([answer.status, answer.headers.get('content-type'), answer.body]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'export {};',
    ]);
  });
});

describe('too much, too slow, malformed (rows 69 and 70)', () => {
  it('refuses a body over the limit from its announced length, and one that lies about it', async () => {
    const cookie = await signIn();
    const lines = [hostLine(), originLine(), json, `Cookie: ${cookie}`];
    const announced = await sendRaw(
      host.port,
      `POST /call HTTP/1.1\r\n${lines.join('\r\n')}\r\nContent-Length: 100000000000\r\n\r\n`,
    );
    expect(announced.status).toBe(413);
    const session = await sendRaw(host.port, request('POST', '/session', lines, JSON.stringify({ token: 'x'.repeat(5000) })));
    expect(session.status).toBe(413);
    const chunk = 'x'.repeat(5000);
    const chunked = `POST /session HTTP/1.1\r\n${lines.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n${chunk}\r\n0\r\n\r\n`;
    expect((await sendRaw(host.port, chunked)).status).toBe(413);
  });

  it('refuses both lengths at once, bad UTF-8 and a damaged message', async () => {
    const cookie = await signIn();
    const lines = [hostLine(), originLine(), `Cookie: ${cookie}`];
    const smuggled = `POST /call HTTP/1.1\r\n${lines.join('\r\n')}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect((await sendRaw(host.port, smuggled)).status).toBe(400);
    for (const [type, body] of [
      [json, Buffer.from([0x22, 0xff, 0xfe, 0x22])],
      [`Content-Type: ${wireType}`, Buffer.from([0xff, 0xff, 0xff, 0xff, 0])],
    ] as const) {
      const reply = await fetch(`${own()}/call`, {
        method: 'POST',
        headers: { Origin: own(), Cookie: cookie, 'Content-Type': type.split(': ')[1]! },
        body,
      });
      expect(reply.status).toBe(400);
    }
    expect(reached).toEqual([]);
  });

  it('goes on after clients that leave in the middle', async () => {
    const cookie = await signIn();
    await new Promise<void>((resolve) => {
      const socket = connect(host.port, '127.0.0.1', () => {
        socket.write(
          `POST /call HTTP/1.1\r\n${hostLine()}\r\n${originLine()}\r\n${json}\r\nCookie: ${cookie}\r\nContent-Length: 1000\r\n\r\n{`,
          () => socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    expect((await sendRaw(host.port, request('GET', '/', [hostLine()]))).status).toBe(200);
  });

  it('serves others while 1,000 connections say nothing and never finish', async () => {
    const sockets: Socket[] = [];
    const dropped = { count: 0 };
    await Promise.all(
      Array.from(
        { length: 1000 },
        (_, i) =>
          new Promise<void>((resolve) => {
            const socket = connect(host.port, '127.0.0.1', () => {
              // Every second one is a slow writer.
              if (i % 2 === 0) socket.write('GET / HTTP/1.1\r\nX: ');
              resolve();
            });
            sockets.push(socket);
            socket.on('error', () => resolve());
            socket.on('close', () => dropped.count++);
          }),
      ),
    );
    expect((await sendRaw(host.port, request('GET', '/', [hostLine()]))).status).toBe(200);
    expect(dropped.count).toBeGreaterThan(700);
    for (const socket of sockets) socket.destroy();
  });

  it('ends a request whose headers never end, and closes without a word what never asked', async () => {
    const started = performance.now();
    /** Everything that is answered until the other side closes. */
    const heardAfter = (text: string): Promise<string> =>
      new Promise((resolve) => {
        let heard = '';
        const socket = connect(host.port, '127.0.0.1', () => socket.write(text));
        socket.on('data', (part: Buffer) => (heard += part.toString()));
        socket.on('close', () => resolve(heard));
      });
    const [half, silent] = await Promise.all([heardAfter(`GET / HTTP/1.1\r\n${hostLine()}\r\n`), heardAfter('')]);
    expect(half).toMatch(/^HTTP\/1\.1 400 /);
    // A browser opens connections ahead: an answer nobody asked for would be taken for that of its first request.
    expect(silent).toBe('');
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('port and address (rows 73 and 74)', () => {
  it('names the port that is taken', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(startLoopback(app, { rendererDir: folder, port })).rejects.toMatchObject({
      code: 'host/port-taken',
      message: expect.stringContaining(`Port ${port} is taken`) as string,
    });
    await new Promise((resolve) => squatter.close(resolve));
  });

  it.skipIf(process.platform !== 'linux')('listens on 127.0.0.1 and nowhere else', () => {
    const inHex = host.port.toString(16).toUpperCase().padStart(4, '0');
    const listening = execFileSync('cat', ['/proc/net/tcp', '/proc/net/tcp6'], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      // State 0A is LISTEN; addresses are in hexadecimal, the four bytes turned round.
      .filter((fields) => fields[3] === '0A' && fields[1]?.endsWith(`:${inHex}`))
      .map((fields) => fields[1]);
    expect(listening).toEqual([`0100007F:${inHex}`]);
  });
});

describe('what works', () => {
  it('passes a call on and gives its reply with every bit of a typed array', async () => {
    const cookie = await signIn();
    const params = { a: Float64Array.of(NaN, Infinity, -0), b: ['ü', null, true] };
    const reply = await fetch(`${own()}/call`, {
      method: 'POST',
      headers: { Origin: own(), Cookie: cookie, 'Content-Type': wireType },
      body: encode({ method: 'host.info', params }),
    });
    expect(decode(new Uint8Array(await reply.arrayBuffer()))).toEqual({ ok: true, value: { method: 'host.info', params } });
  });

  it('pushes events in order', async () => {
    const cookie = await signIn();
    const stop = new AbortController();
    const stream = await fetch(`${own()}/events`, { headers: { Cookie: cookie }, signal: stop.signal });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let i = 0; i < 3; i++) push('job', { i });
    let text = '';
    while (!text.includes('{"i":2}')) text += (await reader.read()).value ?? '';
    stop.abort();
    expect([...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map((m) => `${m[1]} ${m[2]}`)).toEqual([
      'ready {}',
      'job {"i":0}',
      'job {"i":1}',
      'job {"i":2}',
    ]);
  });

  it('takes an upload into a private file and gives it back as a download with a harmless name', async () => {
    const cookie = await signIn();
    const content = new Uint8Array(200_000).map((_, i) => i % 251);
    const reply = await fetch(`${own()}/upload`, {
      method: 'POST',
      headers: {
        Origin: own(),
        Cookie: cookie,
        'Content-Type': 'application/octet-stream',
        'X-File-Name': encodeURIComponent('../../Pümpe "1"\u202egnp.csv'),
      },
      body: content,
    });
    const { value } = decode(new Uint8Array(await reply.arrayBuffer())) as { value: { fileToken: string; name: string } };
    expect(value.name).toBe('Pümpe _1_gnp.csv');
    const { path } = app.files.resolve(value.fileToken);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const file = await fetch(`${own()}/files/${value.fileToken}`, { headers: { Cookie: cookie } });
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="P_mpe _1_gnp.csv"; filename*=UTF-8''P%C3%BCmpe%20_1_gnp.csv`,
    );
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(content);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const cookie = await signIn();
    const temporary = await app.files.temporaryFolder();
    await new Promise<void>((resolve) => {
      const lines = [
        hostLine(),
        originLine(),
        `Cookie: ${cookie}`,
        'Content-Type: application/octet-stream',
        'Content-Length: 1000',
      ];
      const socket = connect(host.port, '127.0.0.1', () => {
        socket.write(`POST /upload HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\nhalf`);
        setTimeout(() => socket.destroy(), 100);
      });
      socket.on('close', () => resolve());
    });
    await expect.poll(() => execFileSync('ls', [temporary], { encoding: 'utf8' })).toBe('');
  });
});
