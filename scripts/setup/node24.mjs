import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cacheDir, quiet, say, setStamp } from './shell.mjs';

const wanted = 24;
const major = (version) => Number(/^v?(\d+)/.exec(version)?.[1] ?? 0);

/** npm's own program file: npm tells it to the scripts that it starts, otherwise it is looked for beside node and on the path. */
export function npmProgram() {
  const told = process.env.npm_execpath ?? '';
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)];
  const beside = folders.flatMap((folder) => [
    join(folder, '../lib/node_modules/npm/bin/npm-cli.js'),
    join(folder, 'node_modules/npm/bin/npm-cli.js'),
    join(folder, 'npm'),
  ]);
  for (const file of [told, ...beside]) {
    if (!file || !existsSync(file)) continue;
    const real = realpathSync(file);
    if (real.endsWith('npm-cli.js')) return real;
  }
  throw new Error('npm was not found. Start this through npm: `npm start`, `npm test` or `npm run setup`.');
}

/**
 * Path of a Node of at least version 24: this one, the one found last time, or one that npm fetches
 * (better-sqlite3 needs Node 22; the product is built and tested on 24).
 */
export function node24() {
  if (major(process.version) >= wanted) return process.execPath;
  const note = join(cacheDir, 'node24.path');
  const npm = npmProgram();
  if (existsSync(note)) {
    const path = readFileSync(note, 'utf8');
    if (existsSync(path) && major(quiet(path, ['--version']).out) >= wanted) return path;
  }
  say(`this is Node ${process.version}; getting Node ${wanted} with npx (once)`);
  mkdirSync(cacheDir, { recursive: true });
  const found = quiet(
    process.execPath,
    [npm, 'exec', '--yes', `--package=node@${wanted}`, '--', 'node', '-p', 'process.execPath'],
    {
      cwd: cacheDir,
    },
  );
  const path = found.out.trim().split('\n').at(-1) ?? '';
  if (found.code !== 0 || !existsSync(path)) {
    throw new Error(`Node ${wanted} could not be had through npx. Install it by hand, then start again.\n${found.error}`);
  }
  setStamp(note, path);
  return path;
}
