import { totalmem } from 'node:os';
import type { Progress } from '../../core/detectors/detector';
import { FaultlineError } from '../../core/errors';
import type { ComputeProcess, SpawnCompute } from './process';
import { fromPlainError, outOfMemoryText, toPlainError, type FromWorker, type ToWorker } from './protocol';
import type { TaskInput, TaskName, TaskResult } from './tasks';

export type { ImportDelivery } from './tasks/import';
export type { JudgedThreshold, RunEvaluation } from './judge-run';
export type { ThresholdOrder } from './tasks/calibrate-fresh';
export type { CheckpointDelivery, TrainingSetup } from './tasks/train';

export interface RunOptions {
  /** Aborting asks the task to stop; after the grace period the process is ended. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Stores what the task hands over; its rejection stops the task with that error. */
  readonly onDelivery?: (value: unknown) => Promise<void> | void;
  /** Resident memory of the process, about once a second. */
  readonly onMemory?: (bytes: number) => void;
}

/** Owns one compute process: starts it on demand, runs one task at a time, survives its loss. */
export interface ComputeClient {
  /**
   * Tasks wait for each other in order.
   *
   * @throws FaultlineError of the task; 'job/cancelled'; 'compute/lost' with the signal; 'compute/out-of-memory'.
   */
  run<T extends TaskName>(task: T, input: TaskInput<T>, options?: RunOptions): Promise<TaskResult<T>>;
  /** Process id while there is one; for tests and the job page. */
  pid(): number | undefined;
  /** Ends the process; a running task is rejected with 'compute/lost'. */
  close(): void;
}

export interface ClientOptions {
  readonly workerPath: string;
  readonly spawn: SpawnCompute;
  readonly env?: Readonly<Record<string, string>>;
  /** How long an idle process is kept for the next task; 0 ends it after every task, which gives all memory back. */
  readonly keepIdleMs: number;
  /** A process that nobody here ended is gone; `lastWords` is what it wrote to stderr, for the log. */
  readonly onLoss?: (error: FaultlineError, lastWords: string) => void;
  /** Time for a cooperative cancel before the process is ended. */
  readonly graceMs?: number;
  /** Silence of a working process, in ticks of one second of this process's own time, after which it counts as frozen. */
  readonly silenceLimitTicks?: number;
}

const GRACE_MS = 3000;
const SILENCE_LIMIT_TICKS = 30;
/** A SIGKILL that nobody here sent, at this share of the machine's memory, was the system's out-of-memory killer. */
const MEMORY_SHARE_OF_A_KILL = 0.6;

interface Running {
  readonly id: number;
  readonly options: RunOptions;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function createComputeClient(options: ClientOptions): ComputeClient {
  const graceMs = options.graceMs ?? GRACE_MS;
  const silenceLimit = options.silenceLimitTicks ?? SILENCE_LIMIT_TICKS;
  let child: ComputeProcess | undefined;
  let running: Running | undefined;
  let nextId = 1;
  let queue: Promise<unknown> = Promise.resolve();
  let silentTicks = 0;
  let residentBytes = 0;
  let watch: NodeJS.Timeout | undefined;
  let idle: NodeJS.Timeout | undefined;
  /** Why this side ended the process; takes the place of the signal in the message. */
  let endedBecause: FaultlineError | undefined;

  const start = (): ComputeProcess => {
    const started = options.spawn(options.workerPath, options.env ?? {});
    child = started;
    silentTicks = 0;
    residentBytes = 0;
    endedBecause = undefined;
    started.onMessage((message) => {
      if (child === started) receive(started, message as FromWorker);
    });
    started.onExit((code, signal, lastWords) => {
      if (child !== started) return;
      child = undefined;
      const error = endedBecause ?? lossOf(code, signal, lastWords, residentBytes);
      if (running && !endedBecause) options.onLoss?.(error, lastWords);
      finish((task) => task.reject(error));
    });
    return started;
  };

  const receive = (from: ComputeProcess, message: FromWorker): void => {
    silentTicks = 0;
    if (message.type === 'beat') {
      residentBytes = message.residentBytes;
      running?.options.onMemory?.(residentBytes);
      return;
    }
    const task = running;
    if (!task || message.id !== task.id) return;
    switch (message.type) {
      case 'progress':
        task.options.onProgress?.(message.progress);
        return;
      case 'delivery':
        void store(from, task, message.delivery, message.value);
        return;
      case 'result':
        retire();
        finish(() => task.resolve(message.value));
        return;
      case 'error':
        retire();
        finish(() => task.reject(fromPlainError(message.error)));
    }
  };

  const store = async (from: ComputeProcess, task: Running, delivery: number, value: unknown): Promise<void> => {
    try {
      await task.options.onDelivery?.(value);
      from.send({ type: 'stored', delivery } satisfies ToWorker);
    } catch (error) {
      from.send({ type: 'stored', delivery, error: toPlainError(error) } satisfies ToWorker);
    }
  };

  /** After a task: the process goes, at once or when nothing more comes. */
  const retire = (): void => {
    const done = child;
    if (!done) return;
    if (options.keepIdleMs > 0) {
      idle = setTimeout(() => drop(done), options.keepIdleMs);
      idle.unref();
    } else {
      drop(done);
    }
  };

  const drop = (process: ComputeProcess): void => {
    if (child === process) child = undefined;
    process.kill();
  };

  const finish = (settle: (task: Running) => void): void => {
    clearInterval(watch);
    const task = running;
    running = undefined;
    if (task) settle(task);
  };

  const end = (reason: FaultlineError): void => {
    endedBecause = reason;
    child?.kill();
  };

  const runNow = (task: TaskName, input: unknown, runOptions: RunOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const { signal } = runOptions;
      if (signal?.aborted === true) {
        reject(cancelled());
        return;
      }
      clearTimeout(idle);
      const process = child ?? start();
      const id = nextId++;
      let grace: NodeJS.Timeout | undefined;
      const cancel = (): void => {
        process.send({ type: 'cancel', id } satisfies ToWorker);
        grace = setTimeout(() => {
          if (running?.id === id) end(cancelled());
        }, graceMs);
      };
      const clean = (): void => {
        clearTimeout(grace);
        signal?.removeEventListener('abort', cancel);
      };
      running = {
        id,
        options: runOptions,
        resolve: (value) => {
          clean();
          resolve(value);
        },
        reject: (error) => {
          clean();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      signal?.addEventListener('abort', cancel, { once: true });
      silentTicks = 0;
      // Ticks of our own clock, not wall time: after the machine slept, nobody was silent for longer than anybody else.
      watch = setInterval(() => {
        silentTicks += 1;
        if (silentTicks > silenceLimit) {
          end(
            new FaultlineError('compute/lost', `The computing process did not answer for ${silenceLimit} s and was ended.`, {
              reason: 'frozen',
            }),
          );
        }
      }, 1000);
      process.send({ type: 'run', id, task, input } satisfies ToWorker);
    });

  return {
    run<T extends TaskName>(task: T, input: TaskInput<T>, runOptions: RunOptions = {}) {
      const result = queue.then(() => runNow(task, input, runOptions));
      queue = result.catch(() => undefined);
      return result as Promise<TaskResult<T>>;
    },
    pid: () => child?.pid,
    close() {
      clearTimeout(idle);
      const last = child;
      if (!last) return;
      child = undefined;
      last.kill();
      finish((task) => task.reject(new FaultlineError('compute/lost', 'Faultline was closed.', { reason: 'closed' })));
    },
  };
}

const cancelled = (): FaultlineError => new FaultlineError('job/cancelled', 'Stopped as asked.');

/** Why a process that nobody here ended is gone. */
function lossOf(code: number | null, signal: string | null, lastWords: string, residentBytes: number): FaultlineError {
  const details = { signal, code, residentMb: Math.round(residentBytes / 1e6) };
  const memory =
    /heap out of memory|bad_alloc|Cannot allocate memory|OOM when allocating/i.test(lastWords) ||
    (signal === 'SIGKILL' && residentBytes > MEMORY_SHARE_OF_A_KILL * totalmem());
  if (memory) return new FaultlineError('compute/out-of-memory', outOfMemoryText, details);
  const how = signal === null ? `with code ${code ?? 'unknown'}` : `by signal ${signal}`;
  const started = residentBytes > 0 ? '' : ' It had hardly started: run the doctor if this happens again.';
  return new FaultlineError(
    'compute/lost',
    `The computing process was ended ${how}. The application and everything saved are unharmed.${started}`,
    details,
  );
}
