import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FaultlineError, isFaultline } from '../../../core/errors';
import type { App } from '../../app';
import { securityHeaders } from '../content-security';
import { loadWebAssets } from '../web-assets';
import { limitConnections } from './connections';
import { createEventStreams } from './event-streams';
import { isAllowed } from './guard';
import { pathOf, refuse, route, type RouteContext } from './routes';
import { createSession } from './session';

/** The only address this host ever listens on. */
const address = '127.0.0.1';
const mostConnections = 256;
const headersTimeoutMs = 5000;
/** Long enough for the upload of a large export; smaller bodies have a limit of their own. */
const requestTimeoutMs = 600_000;

export interface LoopbackHost {
  readonly port: number;
  /** Address with the one-time token in its fragment. */
  readonly url: string;
  /** Makes a new token, for a browser after the first. */
  renew(): void;
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** 0 or absent: a free port. */
  readonly port?: number;
  readonly rendererDir: string;
}

/**
 * Serves the workbench to the browser of this machine, by the rules of section 5.1 of the fault list: 127.0.0.1 only, Host and Origin
 * checked before anything else is looked at, a session behind everything that is not a page, strict headers on every answer, no CORS.
 *
 * @throws FaultlineError 'host/port-taken' naming the port.
 */
export async function startLoopback(app: App, options: LoopbackOptions): Promise<LoopbackHost> {
  const assets = loadWebAssets(options.rendererDir);
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: 16 * 1024,
    // A missing Host is refused by the guard, like a wrong one.
    requireHostHeader: false,
  });
  limitConnections(server, mostConnections);
  const port = await listen(server, options.port ?? 0);
  const session = createSession(port);
  const streams = createEventStreams(app);
  const context: RouteContext = { app, assets, session, streams };
  server.on('request', (request, response) => void answer(context, port, request, response));
  server.on('upgrade', (_request, socket: Duplex) => turnAway(socket, '403 Forbidden'));
  server.on('connect', (_request, socket: Duplex) => turnAway(socket, '403 Forbidden'));
  server.on('clientError', (_error, socket) => endBroken(socket as Socket));
  return {
    port,
    get url() {
      return `http://${address}:${port}/#token=${session.token}`;
    },
    renew: session.renew,
    close: () => {
      streams.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message =
        cause.code === 'EADDRINUSE'
          ? `Port ${port} is taken by another program. Choose another with --port, or leave it out for a free one.`
          : cause.code === 'EACCES'
            ? `Port ${port} may not be used by this user. Choose one above 1023 with --port, or leave it out for a free one.`
            : `Port ${port} cannot be opened (${cause.code ?? cause.message}).`;
      reject(new FaultlineError('host/port-taken', message, { port }, { cause }));
    });
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port));
  });
}

async function answer(context: RouteContext, port: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  // Set before anything can fail: a client that goes away must not take the process with it.
  request.on('error', () => response.destroy());
  response.on('error', () => response.destroy());
  if (!isAllowed(request, port, context.assets.has(pathOf(request)))) {
    // The connection is not reused: a refused body is never read.
    return refuse(response, 403, { Connection: 'close' });
  }
  try {
    await route(context, request, response);
  } catch (error) {
    if (response.headersSent) return void response.destroy();
    const status = isFaultline(error, 'host/too-large') ? 413 : isFaultline(error, 'contract/invalid-params') ? 400 : 500;
    refuse(response, status, { Connection: 'close' });
  }
}

/**
 * Ends a connection with a malformed or late request. One that a browser opened ahead and never used is closed without a word: an answer
 * would be taken for that of a request which it sends at this moment, while a closed connection makes it ask again on another one.
 */
function endBroken(socket: Socket): void {
  if (socket.bytesRead === 0) socket.destroy();
  else turnAway(socket, '400 Bad Request');
}

function turnAway(socket: Duplex, status: string): void {
  if (!socket.writable) return void socket.destroy();
  const headers = Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status}`, ...headers, 'Connection: close', 'Content-Length: 0', '', ''].join('\r\n'));
}
