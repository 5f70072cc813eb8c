import { fileNameHeader, routes, uploadType } from '../../contract/http';
import { topics } from '../../contract/topics';
import type { ExportedFile, Reply, Transport, WireError } from '../../contract/types';
import { decode, encode, wireType } from '../../contract/wire';
import { errorKinds, type ErrorCode } from '../../core/errors';

function failure(code: ErrorCode, message: string): { readonly ok: false; readonly error: WireError } {
  return { ok: false, error: { code, kind: errorKinds[code], message, details: {} } };
}

/** What a reply of the host means when it is not an answer of the application. */
function refusal(status: number): { readonly ok: false; readonly error: WireError } {
  return status === 401 || status === 403
    ? failure(
        'host/not-signed-in',
        'This page is not connected to Faultline. Open the address that Faultline printed when it started.',
      )
    : failure('host/unreachable', `Faultline answered with status ${status}. Reload the page; if it stays, start Faultline again.`);
}

async function request(path: string, init: RequestInit): Promise<Reply<unknown>> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store' });
  } catch {
    return failure(
      'host/unreachable',
      'Faultline does not answer. It may have been closed; start it again. What was saved is kept.',
    );
  }
  if (!response.ok) return refusal(response.status);
  return decode(new Uint8Array(await response.arrayBuffer())) as Reply<unknown>;
}

/**
 * Exchanges the one-time token of the address for the session cookie.
 * A token that was used already is no error here: the cookie of that time may still be good, and the first call tells.
 */
export async function exchangeToken(token: string): Promise<void> {
  await fetch(routes.session, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => undefined);
}

/** The transport of the loopback host: calls by POST, pushes by an event stream, files by upload and download. */
export function createHttpTransport(): Transport {
  const listeners = new Map<string, Set<(event: unknown) => void>>();
  let stream: EventSource | undefined;

  function emit(topic: string, event: unknown): void {
    for (const listener of listeners.get(topic) ?? []) listener(event);
  }

  /** One stream for all topics, opened by the first subscription. The browser opens it again when it breaks. */
  function openStream(): void {
    stream = new EventSource(routes.events);
    let lost = false;
    for (const topic of topics) stream.addEventListener(topic, (message) => emit(topic, JSON.parse(message.data as string)));
    stream.addEventListener('error', () => {
      lost = true;
      emit('connection', { up: false });
    });
    stream.addEventListener('ready', () => {
      emit('connection', { up: true, again: lost });
      lost = false;
    });
  }

  return {
    call: (method, params) =>
      request(routes.call, { method: 'POST', headers: { 'Content-Type': wireType }, body: encode({ method, params }) }),

    subscribe(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      set.add(listener);
      if (!stream) openStream();
      return () => void set.delete(listener);
    },

    upload: async (file) => {
      if (!(file instanceof File)) throw new TypeError('upload takes a File');
      return (await request(routes.upload, {
        method: 'POST',
        headers: { 'Content-Type': uploadType, [fileNameHeader]: encodeURIComponent(file.name) },
        body: file,
      })) as Reply<{ readonly fileToken: string; readonly name: string }>;
    },

    deliver(file: ExportedFile) {
      const link = document.createElement('a');
      link.href = routes.file + file.fileToken;
      link.download = file.name;
      link.click();
      return Promise.resolve({ ok: true, value: { saved: true } });
    },
  };
}
