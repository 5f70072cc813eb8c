import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where large downloads are kept between checkouts. */
export const cacheDir =
  process.env.FAULTLINE_CACHE ??
  join(
    process.platform === 'win32'
      ? (process.env.LOCALAPPDATA ?? homedir())
      : (process.env.XDG_CACHE_HOME ?? join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache')),
    'faultline',
  );

/** Tells what is being done, on the error stream: standard output belongs to results. */
export const say = (text) => process.stderr.write(`faultline: ${text}\n`);

/** Runs a program to its end with its output shown; gives the exit code. */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    // The child of a terminal gets Ctrl-C itself; a signal sent to us alone is handed on.
    const pass = (signal) => child.kill(signal);
    process.on('SIGTERM', pass);
    process.on('SIGINT', () => {});
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', pass);
      done(code ?? (signal ? 1 : 0));
    });
  });
}

/** Runs a program quietly; gives its exit code and what it printed. */
export function quiet(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  return {
    code: result.status ?? 1,
    out: result.stdout ?? '',
    error: result.error ? String(result.error.message) : (result.stderr ?? ''),
  };
}

export const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** A stamp says for which inputs a step was done; a step is repeated when its inputs differ. */
export function stampIs(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}
export function setStamp(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, value);
  renameSync(`${file}.new`, file);
}
