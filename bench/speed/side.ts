import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Answer, Request } from './job';

/** A process that measures: ours or PyTorch's. One request at a time. */
export interface Side {
  readonly version: string;
  readonly threads: number;
  ask(request: Request): Promise<Answer>;
  close(): void;
}

/**
 * @param threads - of one operation; absent: as many as the program takes by itself.
 * @throws Error with the end of what the process wrote when it ends early.
 */
export async function startSide(program: string, args: readonly string[], threads?: number): Promise<Side> {
  const limit = threads === undefined ? undefined : String(threads);
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: limit, OMP_NUM_THREADS: limit };
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (lastWords = (lastWords + text).slice(-2000)));
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('close', (code) => reject(new Error(`${program} ended with code ${code}.\n${lastWords}`)));
  });
  // Heard of by whoever waits for an answer; after the last answer the end is no failure.
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async <T>(): Promise<T> => {
    const line = await Promise.race([lines.next(), failed]);
    if (line.done) return failed;
    return JSON.parse(line.value) as T;
  };
  const hello = await read<{ version: string; threads: number }>();
  return {
    ...hello,
    ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return read();
    },
    close: () => child.stdin.end(),
  };
}
