import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npmProgram } from './node24.mjs';
import { root, run, say, setStamp, sha256, stampIs } from './shell.mjs';

const stamp = join(root, 'node_modules/.cache/faultline/packages');

/** Installs exactly what the lock file names, without install scripts; does nothing when that is already there. */
export async function ensurePackages(node) {
  const lock = sha256(readFileSync(join(root, 'package-lock.json')));
  if (stampIs(stamp, lock)) return;
  say('installing packages from the lock file');
  const code = await run(node, [npmProgram(), 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: { ...process.env, PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}` },
    // npm's own report goes to the error stream: standard output belongs to results.
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) throw new Error('`npm ci` failed; its message is above.');
  setStamp(stamp, lock);
}
