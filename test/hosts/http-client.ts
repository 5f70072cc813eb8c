import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileNameHeader, routes, uploadType } from '../../src/contract/http';
import type { Reply } from '../../src/contract/types';
import { decode, encode, wireType } from '../../src/contract/wire';

/** A client of the loopback host outside a browser: real HTTP, with the cookie and Origin that a browser would send. */
export interface HttpClient {
  call(method: string, params: unknown): Promise<Reply<unknown>>;
  subscribe(topic: string, listener: (event: unknown) => void): () => void;
  upload(path: string): Promise<Reply<{ readonly fileToken: string; readonly name: string }>>;
  download(fileToken: string): Promise<Uint8Array>;
  close(): void;
}

/** Signs in with the address's token and opens the event stream. */
export async function httpClient(url: string): Promise<HttpClient> {
  const { origin, hash } = new URL(url);
  const token = hash.replace('#token=', '');
  const signedIn = await fetch(`${origin}${routes.session}`, {
    method: 'POST',
    headers: { Origin: origin, 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0];
  if (!cookie) throw new Error(`signing in was answered with ${signedIn.status}`);
  const post = async (
    path: string,
    headers: Record<string, string>,
    body: string | Uint8Array<ArrayBuffer>,
  ): Promise<Reply<never>> => {
    const response = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { Origin: origin, Cookie: cookie, ...headers },
      body,
    });
    if (response.status !== 200) throw new Error(`${path} was answered with ${response.status}`);
    return decode(new Uint8Array(await response.arrayBuffer())) as Reply<never>;
  };

  const listeners = new Map<string, Set<(event: unknown) => void>>();
  const stop = new AbortController();
  const stream = await fetch(`${origin}${routes.events}`, { headers: { Cookie: cookie }, signal: stop.signal });
  void readEvents(stream, (topic, event) => {
    for (const listener of listeners.get(topic) ?? []) listener(event);
  });

  return {
    call: (method, params) => post(routes.call, { 'Content-Type': wireType }, encode({ method, params })),
    subscribe(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => set.delete(listener);
    },
    upload: async (path) =>
      post(
        routes.upload,
        { 'Content-Type': uploadType, [fileNameHeader]: encodeURIComponent(basename(path)) },
        new Uint8Array(await readFile(path)),
      ),
    download: async (fileToken) =>
      new Uint8Array(await (await fetch(`${origin}${routes.file}${fileToken}`, { headers: { Cookie: cookie } })).arrayBuffer()),
    close: () => stop.abort(),
  };
}

async function readEvents(response: Response, emit: (topic: string, event: unknown) => void): Promise<void> {
  let text = '';
  try {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const found = /^event: (.*)\ndata: (.*)$/m.exec(text.slice(0, end));
        text = text.slice(end + 2);
        if (found) emit(found[1]!, JSON.parse(found[2]!));
      }
    }
  } catch {
    // The stream was closed by the test.
  }
}
