import { fork } from 'node:child_process';

/** What the compute client needs of a child process; a host that cannot fork gives its own. */
export interface ComputeProcess {
  readonly pid: number | undefined;
  /** Structured clone: typed arrays arrive as typed arrays. Does nothing after the end. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once. `signal` is null where the platform does not tell it; `lastWords` is the end of what it wrote to stderr. */
  onExit(listener: (code: number | null, signal: string | null, lastWords: string) => void): void;
  /** Ends it at once. */
  kill(): void;
}

/** Starts the built worker with the given variables added to the environment. */
export type SpawnCompute = (workerPath: string, env: Readonly<Record<string, string>>) => ComputeProcess;

const LAST_WORDS_LENGTH = 4000;

/**
 * Starts workers as children of this Node process.
 *
 * @param execArgv - flags of Node for the child; tests run the worker's source with a loader.
 */
export function forkSpawner(execArgv: readonly string[] = []): SpawnCompute {
  return (workerPath, env) => {
    const child = fork(workerPath, [], {
      serialization: 'advanced',
      execArgv: [...execArgv],
      env: { ...process.env, ...env },
      // stdout is dropped: the command line keeps its own for the result.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-LAST_WORDS_LENGTH);
    });
    // Without a listener a failed send or start would be thrown in main; the exit tells the rest.
    child.on('error', (error) => {
      lastWords = (lastWords + error.message).slice(-LAST_WORDS_LENGTH);
    });
    return {
      pid: child.pid,
      send(message) {
        if (child.connected) child.send(message as object);
      },
      onMessage(listener) {
        child.on('message', listener);
      },
      onExit(listener) {
        let told = false;
        const tell = (code: number | null, signal: string | null): void => {
          if (told) return;
          told = true;
          listener(code, signal, lastWords);
        };
        // 'close' comes after stderr was read to its end.
        child.on('close', tell);
        child.on('error', () => {
          if (child.pid === undefined) tell(null, null);
        });
      },
      kill() {
        child.kill('SIGKILL');
      },
    };
  };
}
