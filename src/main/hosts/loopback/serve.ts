import { basename, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { FaultlineError } from '../../../core/errors';
import { createApp, type App } from '../../app';
import { dataFolder, installedPaths, requirePages } from '../paths';
import { openBrowser } from './open-browser';
import { startLoopback, type LoopbackHost } from './server';

export const serveHelp = `Usage: faultline serve [PROJECT] [options]

Serves the workbench to the browser of this machine, and to no other; opens PROJECT (*.faultline) when one is named.

  --port N       port (default: a free one)
  --data DIR     folder of projects and settings (default: the user's own)
  --no-open      do not open the browser; print the address only
  --sample       open the sample project
  --json         first line of the output is {"url": …, "pid": …}
  --help         this text

Examples:
  faultline serve
  faultline serve pump.faultline
  faultline serve --port 8400 --no-open
`;

/** Time that a signal leaves for flushing; then the process ends whatever still runs. */
const exitMs = 2000;

function readOptions(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        'no-open': { type: 'boolean' },
        sample: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const port = values.port === undefined ? 0 : Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535 || values.port === '') {
      throw new Error(`--port must be a whole number from 0 to 65535, not "${values.port}"`);
    }
    const [project, ...more] = positionals;
    if (more.length > 0) throw new Error(`one project can be opened, not ${positionals.length}`);
    if (project !== undefined && !project.endsWith('.faultline')) throw new Error(`"${project}" is not a project (*.faultline)`);
    return { ...values, port, project };
  } catch (cause) {
    throw new FaultlineError(
      'cli/usage',
      `${cause instanceof Error ? cause.message : 'Wrong options'}. See "faultline serve --help".`,
      {},
      { cause },
    );
  }
}

/**
 * `faultline serve`: runs until a signal ends it.
 *
 * @param args - what follows the command's name.
 * @param outDir - folder of the running entry.
 * @returns when the host listens and its address is printed.
 * @throws FaultlineError 'cli/usage', 'host/port-taken', 'host/not-built', and what `project.open` throws for a named project.
 */
export async function serve(args: readonly string[], outDir: string): Promise<void> {
  const options = readOptions(args);
  if (options.help) return void process.stdout.write(serveHelp);
  const paths = installedPaths(outDir);
  requirePages(paths);
  const app = await createApp({
    dataDir: dataFolder(options.data),
    host: { kind: 'loopback', nativeDialogs: false },
    version: paths.version,
    resourcesDir: paths.resourcesDir,
    workerPath: paths.workerPath,
  });
  let host;
  try {
    await openFirst(app, options);
    host = await startLoopback(app, { port: options.port, rendererDir: paths.rendererDir });
  } catch (error) {
    await app.close();
    throw error;
  }
  endOnSignal(() => Promise.all([host.close(), app.close()]));
  const url = host.url;
  process.stdout.write(options.json ? `${JSON.stringify({ url, pid: process.pid })}\n` : `Faultline is at ${url}\n`);
  if (!options['no-open'] && !(await openBrowser(url, await app.files.temporaryFolder()))) {
    process.stderr.write('No browser could be started; open the address by hand.\n');
  }
  if (process.stdin.isTTY && !options.json) renewOnEnter(host);
}

/** The project named on the command line, else the sample when asked for; without the sample the workbench is still of use. */
async function openFirst(
  app: App,
  options: { readonly project: string | undefined; readonly sample?: boolean | undefined },
): Promise<void> {
  if (options.project !== undefined) {
    const path = resolve(options.project);
    const opened = await app.dispatch('project.open', { fileToken: app.files.add(path, basename(path)) });
    if (!opened.ok) throw new FaultlineError(opened.error.code, opened.error.message, opened.error.details);
  } else if (options.sample) {
    const opened = await app.dispatch('project.openSample', {});
    if (!opened.ok) process.stderr.write(`The sample project could not be opened: ${opened.error.message}\n`);
  }
}

/** Each address opens one browser once; who closed the browser gets another one here. */
function renewOnEnter(host: LoopbackHost): void {
  process.stdout.write('Each address opens one browser. Press Enter for another one, Ctrl-C to end.\n');
  createInterface({ input: process.stdin }).on('line', () => {
    host.renew();
    process.stdout.write(`Faultline is at ${host.url}\n`);
  });
}

function endOnSignal(close: () => Promise<unknown>): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), exitMs - 100).unref();
    void close().finally(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}
