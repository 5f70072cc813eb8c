import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { fileNameHeader, routes, uploadType } from '../../../contract/http';
import type { Reply } from '../../../contract/types';
import { decode, encode, wireType } from '../../../contract/wire';
import { FaultlineError, isFaultline } from '../../../core/errors';
import type { App } from '../../app';
import { contentDisposition, safeFileName } from '../file-name';
import type { WebAsset } from '../web-assets';
import { readBody, receiveFile } from './body';
import type { EventStreams } from './event-streams';
import type { Session } from './session';

const largestCall = 64 * 2 ** 20;
const largestToken = 4096;
const bodyTimeoutMs = 10_000;
const jsonType = 'application/json';

/** What the routes work with. */
export interface RouteContext {
  readonly app: App;
  readonly assets: ReadonlyMap<string, WebAsset>;
  readonly session: Session;
  readonly streams: EventStreams;
}

/** The path of a request, exactly as sent and never decoded: it is compared with known paths and nothing else. */
export const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? '';

/** Answers with a status and no body. */
export function refuse(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...headers, 'Content-Length': '0' }).end();
}

/** Answers one request that passed the guard. */
export async function route(context: RouteContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request);
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const asset = context.assets.get(path);
  if (asset) return reads ? sendAsset(asset, request, response) : refuse(response, 405, { Allow: 'GET, HEAD' });
  const file = path.startsWith(routes.file) ? /^[0-9a-f]{32}$/.exec(path.slice(routes.file.length))?.[0] : undefined;
  const wanted = file || path === routes.events ? 'GET' : 'POST';
  if (!file && path !== routes.session && path !== routes.call && path !== routes.events && path !== routes.upload) {
    return refuse(response, 404);
  }
  if (request.method !== wanted) return refuse(response, 405, { Allow: wanted });
  if (path === routes.session) return openSession(context, request, response);
  if (!context.session.holds(request.headers.cookie)) return refuse(response, 401);
  if (file) return sendFile(context.app, file, response);
  switch (path) {
    case routes.events:
      return context.streams.add(response) ? undefined : refuse(response, 503);
    case routes.upload:
      return upload(context.app, request, response);
    default:
      return call(context.app, request, response);
  }
}

function sendAsset(asset: WebAsset, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': asset.type, 'Content-Length': asset.bytes.length });
  response.end(request.method === 'HEAD' ? undefined : asset.bytes);
}

async function openSession({ session }: RouteContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (typeOf(request) !== jsonType) return refuse(response, 415);
  const body: unknown = parseJson(await readBody(request, largestToken, bodyTimeoutMs));
  if (session.holds(request.headers.cookie)) return refuse(response, 204);
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
  if (typeof token !== 'string') return refuse(response, 400);
  const exchange = session.exchange(token);
  if ('cookie' in exchange) return void response.writeHead(204, { 'Set-Cookie': exchange.cookie }).end();
  if (exchange.refused === 'wrong') return refuse(response, 401);
  refuse(response, 429, { 'Retry-After': String(Math.ceil(exchange.retryAfterMs / 1000)) });
}

async function call(app: App, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const type = typeOf(request);
  if (type !== wireType && type !== jsonType) return refuse(response, 415);
  const bytes = await readBody(request, largestCall, bodyTimeoutMs);
  const message = type === wireType ? decode(bytes) : parseJson(bytes);
  const fields = typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {};
  if (typeof fields['method'] !== 'string') return refuse(response, 400);
  sendReply(response, await app.dispatch(fields['method'], fields['params']));
}

async function upload(app: App, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (typeOf(request) !== uploadType) return refuse(response, 415);
  const name = safeFileName(decodeName(String(request.headers[fileNameHeader] ?? '')));
  try {
    const path = await receiveFile(request, await app.files.temporaryFolder());
    sendReply(response, { ok: true, value: { fileToken: app.files.add(path, name, { temporary: true }), name } });
  } catch (error) {
    // A full disk is news for the person who uploads, so it goes as an error of the application.
    if (!isFaultline(error) || response.destroyed) throw error;
    const { code, kind, message, details } = error;
    response.setHeader('Connection', 'close');
    sendReply(response, { ok: false, error: { code, kind, message, details } });
  }
}

async function sendFile(app: App, token: string, response: ServerResponse): Promise<void> {
  let file: { readonly path: string; readonly name: string };
  let size: number;
  try {
    file = app.files.resolve(token);
    size = (await stat(file.path)).size;
  } catch {
    return refuse(response, 404);
  }
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': size,
    'Content-Disposition': contentDisposition(file.name),
  });
  // No more than was announced, should the file grow meanwhile.
  if (size === 0) return void response.end();
  await pipeline(createReadStream(file.path, { end: size - 1 }), response);
}

function sendReply(response: ServerResponse, reply: Reply<unknown>): void {
  const bytes = encode(reply);
  response.writeHead(200, { 'Content-Type': wireType, 'Content-Length': bytes.length }).end(bytes);
}

/** The media type alone; parameters such as a charset change nothing here. */
const typeOf = (request: IncomingMessage): string => (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new FaultlineError('contract/invalid-params', 'The request is not JSON.', {}, { cause });
  }
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
