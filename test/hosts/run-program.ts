import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a built entry with Node, as the scripts do. */
export function startProgram(entry: 'cli' | 'serve', args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [resolve(import.meta.dirname, `../../out/main/${entry}.js`), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs it to its end. @param onStderr - hears each part of the error stream, to act in the middle. */
export async function runProgram(
  entry: 'cli' | 'serve',
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly onStderr?: (text: string, child: ChildProcess) => void } = {},
): Promise<Finished> {
  const child = startProgram(entry, args, options.env);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.onStderr?.(text, child);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** The first line of the output. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('close', () => reject(new Error(`it ended after writing "${text}"`)));
  });
}
