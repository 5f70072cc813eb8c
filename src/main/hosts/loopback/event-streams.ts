import type { ServerResponse } from 'node:http';
import { topics } from '../../../contract/topics';
import type { App } from '../../app';

const heartbeatMs = 15_000;
/** A reader that lets more than this pile up is cut off; the browser connects again and fetches the state. */
const mostPendingBytes = 4 * 2 ** 20;
const mostStreams = 64;

/** Everything the application pushes, to every window that listens (server-sent events). */
export interface EventStreams {
  /** Takes the response over; false when there are too many. */
  add(response: ServerResponse): boolean;
  close(): void;
}

export function createEventStreams(app: App): EventStreams {
  const streams = new Set<ServerResponse>();
  const send = (text: string): void => {
    for (const stream of streams) {
      if (stream.writableLength > mostPendingBytes) stream.destroy();
      else stream.write(text);
    }
  };
  const stops = topics.map((topic) => app.subscribe(topic, (event) => send(`event: ${topic}\ndata: ${JSON.stringify(event)}\n\n`)));
  const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
  heartbeat.unref();

  return {
    add(response) {
      if (streams.size >= mostStreams) return false;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('retry: 1000\nevent: ready\ndata: {}\n\n');
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return true;
    },
    close() {
      clearInterval(heartbeat);
      for (const stop of stops) stop();
      for (const stream of streams) stream.end();
      streams.clear();
    },
  };
}
