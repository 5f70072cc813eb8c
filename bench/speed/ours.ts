import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { loadEngine } from '../../src/main/compute/tensorflow';
import { ThreadCrew } from '../../src/main/compute/thread-crew';
import type { Job, Request } from './job';
import { classicalJobs } from './jobs/classical';
import { ganInversion, ganIteration } from './jobs/gan';
import { hreg } from './jobs/hreg';
import { leak } from './jobs/leak';
import { lstm } from './jobs/lstm';
import { autoencoder, dagmm, gdn } from './jobs/networks';
import { scoring } from './jobs/scoring';

const jobs: Readonly<Record<string, Job>> = {
  ...{ autoencoder, dagmm, gdn },
  ...{ ganInversion, ganIteration, hreg, leak, lstm, scoring },
  ...classicalJobs,
};

const source = fileURLToPath(new URL('../../src/main/compute/row-thread.ts', import.meta.url));

/** Answers requests until the input ends; a job is prepared when its shape is first asked for. @param threads - that share rows. */
export async function main(threads: number): Promise<void> {
  const loaded = await loadEngine({ force: 'tensorflow' });
  const folder = mkdtempSync(join(tmpdir(), 'faultline-thread-'));
  // Built as in the product: each thread would translate a source anew.
  const rollupOptions = { output: { entryFileNames: 'row-thread.mjs' } };
  await build({ configFile: false, logLevel: 'silent', build: { ssr: source, outDir: folder, rollupOptions } });
  const crew = new ThreadCrew({ entry: pathToFileURL(join(folder, 'row-thread.mjs')), threads });
  const engine = { ...loaded, crew };
  const prepared = new Map<string, Awaited<ReturnType<Job>>>();
  const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
  say({ version: engine.info.version, threads: engine.info.threads });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    const key = JSON.stringify([request.job, request.shape, request.data]);
    const run = prepared.get(key) ?? (await jobs[request.job]!(engine, request));
    prepared.set(key, run);
    say(await run(request.pieces));
  }
  rmSync(folder, { recursive: true, force: true });
}
