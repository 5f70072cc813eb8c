import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps the number of connections bounded without letting idle ones starve the others: over the limit the connection that has been
 * without a request for the longest is closed. One whose request has not fully arrived counts as idle, so a slow writer goes first.
 *
 * @param limit - most connections held at a time.
 */
export function limitConnections(server: Server, limit: number): void {
  /** In the order in which they became idle. */
  const idle = new Set<Socket>();
  let open = 0;
  server.on('connection', (socket: Socket) => {
    open++;
    idle.add(socket);
    socket.on('close', () => {
      open--;
      idle.delete(socket);
    });
    if (open <= limit) return;
    const [oldest] = idle;
    (oldest ?? socket).destroy();
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    idle.delete(socket);
    response.on('close', () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
}
