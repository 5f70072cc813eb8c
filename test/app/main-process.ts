import { createApp } from '../../src/main/app';
import { forkSpawner } from '../../src/main/compute/process';

/**
 * The application in a process of its own, so that a test can kill it: opens the project, starts the training it is given, tells the
 * compute process's id once a checkpoint is stored, and then waits for its end.
 */
const [dataDir = '', workerPath = '', loader = '', projectId = '', plan = ''] = process.argv.slice(2);
const app = await createApp({
  dataDir,
  host: { kind: 'in-process', nativeDialogs: false },
  version: '0.0.0-test',
  resourcesDir: '',
  workerPath,
  spawn: forkSpawner(['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--import', loader]),
});

async function call(method: string, params: unknown): Promise<Record<string, unknown>> {
  const reply = await app.dispatch(method, params);
  if (!reply.ok) throw new Error(`${method}: ${reply.error.message}`);
  return reply.value as Record<string, unknown>;
}

await call('project.open', { id: projectId });
const { jobId } = await call('training.start', JSON.parse(plan));
for (;;) {
  const { checkpointStep } = await call('job.detail', { id: jobId });
  if (typeof checkpointStep === 'number') break;
  await new Promise((resolve) => setTimeout(resolve, 10));
}
process.send?.({ jobId, computePid: app.computePid() });
