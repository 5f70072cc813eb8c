import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFaultline } from '../../../core/errors';
import { createApp, type App } from '../../app';
import { exitCodeOf } from '../exit-codes';
import { dataFolder, installedPaths } from '../paths';
import { analyze } from './analyze';
import { calibrateCommand } from './calibrate';
import { createClient, type Client } from './client';
import type { Command, DataFolder, Output } from './command';
import { compareCommand } from './compare';
import { compareDetectors } from './compare-detectors';
import { detectors } from './detectors';
import { doctor } from './doctor';
import { ensembleCommand } from './ensemble';
import { evaluate } from './evaluate';
import { importCommand } from './import';
import { inspect } from './inspect';
import { progressPrinter } from './progress';
import { projects } from './projects';
import { report } from './report';
import { scoreCommand } from './score';
import { printable } from './text';
import { sweepCommand } from './sweep';
import { trainCommand } from './train';

const commands: readonly Command[] = [
  analyze,
  importCommand,
  detectors,
  trainCommand,
  sweepCommand,
  scoreCommand,
  calibrateCommand,
  compareCommand,
  compareDetectors,
  ensembleCommand,
  inspect,
  report,
  projects,
  doctor,
  evaluate,
];

function overview(): string {
  const rows = [...commands, { name: 'serve', summary: 'serve the workbench to the browser of this machine' }];
  return `Usage: faultline COMMAND [options]

Finds, explains and reports anomalies in historian time series.

${rows.map(({ name, summary }) => `  ${name.padEnd(18)}${summary}`).join('\n')}

Exit codes: 0 ok, 2 usage, 3 bad input, 4 resource, 5 job failed or cancelled, 70 bug.
"faultline COMMAND --help" tells the rest.
`;
}

/**
 * Runs one command: progress and messages on the error stream, the result on standard output.
 *
 * @param argv - what follows the program's name.
 * @returns the exit code.
 */
export async function runCli(argv: readonly string[], outDir: string): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? process.stderr : process.stdout).write(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${installedPaths(outDir).version}\n`);
    return 0;
  }
  const command = commands.find((known) => known.name === name);
  if (!command) {
    process.stderr.write(`There is no command "${printable(name)}".\n\n${overview()}`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(command.help);
    return 0;
  }
  return runCommand(command, args, outDir);
}

async function runCommand(command: Command, args: readonly string[], outDir: string): Promise<number> {
  const cancel = new AbortController();
  let interrupts = 0;
  const onInterrupt = (): void => {
    // The second Ctrl-C is for a command that does not end by itself.
    if (++interrupts > 1) process.exit(5);
    cancel.abort();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  const progress = progressPrinter(process.stderr);
  const closers: (() => Promise<unknown>)[] = [];
  const start = async (folder: DataFolder): Promise<Client> => {
    const app = await startApp(folder, outDir, closers);
    return createClient(app, progress, cancel.signal);
  };
  try {
    const output = await command.run(args, start);
    progress.done();
    print(output);
    return output.exitCode ?? 0;
  } catch (error) {
    progress.done();
    if (!isFaultline(error)) throw error;
    process.stderr.write(`${printable(error.message)}\n`);
    return exitCodeOf(error);
  } finally {
    for (const close of closers.reverse()) await close();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

async function startApp(folder: DataFolder, outDir: string, closers: (() => Promise<unknown>)[]): Promise<App> {
  const paths = installedPaths(outDir);
  let dataDir: string;
  if (folder.kind === 'private') {
    dataDir = await mkdtemp(join(tmpdir(), 'faultline-cli-'));
    closers.push(() => rm(dataDir, { recursive: true, force: true }));
  } else {
    dataDir = dataFolder(folder.given);
  }
  const app = await createApp({
    dataDir,
    host: { kind: 'cli', nativeDialogs: false },
    version: paths.version,
    resourcesDir: paths.resourcesDir,
    workerPath: paths.workerPath,
  });
  closers.push(() => app.close());
  return app;
}

/** JSON leaves the second block of control characters (one of them starts terminal commands) and direction marks as they are. */
function jsonOf(value: unknown): string {
  const escape = (c: string): string =>
    Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
  return JSON.stringify(value, null, 2).replace(/[\u007f-\u009f]|[\p{Cf}\p{Zl}\p{Zp}]/gu, escape);
}

function print({ json, value, lines }: Output): void {
  process.stdout.write(json ? `${jsonOf(value)}\n` : `${lines.map(printable).join('\n')}\n`);
}
