import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Program and arguments that open an address with the default browser; no shell takes part. */
function opener(target: string): readonly [string, readonly string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', [target]];
    case 'win32':
      return ['rundll32', ['url.dll,FileProtocolHandler', target]];
    default:
      return ['xdg-open', [target]];
  }
}

/**
 * Opens the default browser on an address that holds a secret. Every user of a machine can read the arguments of a process, so the
 * browser is given a private file that leads on to the address instead.
 *
 * @param folder - readable by this user alone.
 * @returns false when no browser could be started.
 */
export async function openBrowser(url: string, folder: string): Promise<boolean> {
  const file = join(folder, `open-${randomBytes(8).toString('hex')}.html`);
  const page = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${url}"><title>Faultline</title>`;
  await writeFile(file, page, { mode: 0o600, flag: 'wx' });
  const [program, args] = opener(pathToFileURL(file).href);
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
