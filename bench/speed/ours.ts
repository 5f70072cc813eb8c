import { createInterface } from 'node:readline';
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

/**
 * Answers requests until the input ends; a job is prepared when its shape is first asked for.
 *
 * @param threads - that share rows. @param entry - of the others.
 */
export async function main(threads: number, entry: URL): Promise<void> {
  const engine = { ...(await loadEngine({ force: 'tensorflow' })), crew: new ThreadCrew({ entry, threads }) };
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
}
