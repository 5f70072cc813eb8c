import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { FaultlineError } from '../../core/errors';
import { fromPlainError, toPlainError, type FromWorker, type TaskContext, type ToWorker } from './protocol';
import { runTask } from './tasks';
import { ThreadCrew } from './thread-crew';

/** Entry of the compute process: runs one task at a time for the process that started it, and never outlives that process. */

const BEAT_MS = 1000;
const PARENT_CHECK_MS = 500;

/** Electron's utility process has a port in place of Node's channel. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}
const parentPort = (process as { readonly parentPort?: ParentPort }).parentPort;

function send(message: FromWorker): void {
  if (parentPort) parentPort.postMessage(message);
  else if (process.connected) process.send?.(message);
}

let current: { readonly id: number; readonly abort: AbortController } | undefined;
let deliveries = 0;
const waiting = new Map<number, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();

/** Its entry stands beside this one, built or as a source. */
const crew = new ThreadCrew({ entry: new URL(`./row-thread${extname(import.meta.url)}`, import.meta.url) });

function contextOf(id: number, signal: AbortSignal): TaskContext {
  return {
    ...{ signal, crew },
    report: (progress) => {
      send({ type: 'progress', id, progress });
    },
    checkpoint: async () => {
      // A full turn of the event loop, so that the message that asks to stop can come in.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (signal.aborted) throw new FaultlineError('job/cancelled', 'Stopped as asked.');
    },
    deliver: (value) =>
      new Promise<void>((resolve, reject) => {
        const delivery = ++deliveries;
        waiting.set(delivery, { resolve, reject });
        send({ type: 'delivery', id, delivery, value });
      }),
  };
}

async function run(id: number, name: string, input: unknown): Promise<void> {
  const abort = new AbortController();
  current = { id, abort };
  try {
    send({ type: 'result', id, value: await runTask(name, input, contextOf(id, abort.signal)) });
  } catch (error) {
    send({ type: 'error', id, error: toPlainError(error) });
  } finally {
    current = undefined;
  }
}

function receive(message: ToWorker): void {
  switch (message.type) {
    case 'run':
      void run(message.id, message.task, message.input);
      return;
    case 'cancel':
      if (current?.id === message.id) current.abort.abort();
      return;
    case 'stored': {
      const delivery = waiting.get(message.delivery);
      waiting.delete(message.delivery);
      if (message.error) delivery?.reject(fromPlainError(message.error));
      else delivery?.resolve();
    }
  }
}

/** A thread of its own sees the parent's death even while this one is inside a long native call. */
function endWithParent(): void {
  const watcher = new Worker(
    `const parent = process.ppid;
     setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, ${PARENT_CHECK_MS});`,
    { eval: true, execArgv: [], stdout: false, stderr: false },
  );
  watcher.unref();
}

if (parentPort) {
  parentPort.on('message', (event) => receive(event.data as ToWorker));
} else {
  process.on('message', (message) => receive(message as ToWorker));
  process.on('disconnect', () => process.exit(0));
}
endWithParent();
// Ctrl-C in a terminal reaches the whole process group. The parent decides what it means: it cancels the job, which ends well.
process.on('SIGINT', () => undefined);
const beat = (): void => send({ type: 'beat', residentBytes: process.memoryUsage.rss() });
beat();
setInterval(beat, BEAT_MS);
