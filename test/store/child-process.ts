import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';

/** Bundles `child.ts` where Node finds the native module. @returns path of the program. */
export async function bundleChild(): Promise<string> {
  const outDir = resolve('node_modules/.cache/store-test', String(process.pid));
  mkdirSync(outDir, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: resolve('test/store/child.ts'),
      outDir,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  });
  return join(outDir, 'child.mjs');
}

export interface Child {
  readonly process: ChildProcess;
  /** Resolves with the next line's value; undefined after the end. */
  next(): Promise<unknown>;
  /** Every line so far and to come, once it has ended. */
  rest(): Promise<readonly unknown[]>;
}

export function startChild(program: string, ...args: readonly string[]): Child {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done) return undefined;
    try {
      return JSON.parse(line.value) as unknown;
    } catch {
      // A kill may cut the last line short: it was never said.
      return undefined;
    }
  };
  return {
    process: child,
    next,
    async rest() {
      const values: unknown[] = [];
      for (let value = await next(); value !== undefined; value = await next()) values.push(value);
      return values;
    },
  };
}
