import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { FaultlineError } from '../../core/errors';

/** Where the parts of an installed or cloned Faultline are. */
export interface InstalledPaths {
  readonly version: string;
  /** Folder with `sample/` and the report's resources. */
  readonly resourcesDir: string;
  /** The built compute process. */
  readonly workerPath: string;
  /** The built pages. */
  readonly rendererDir: string;
  /** The built preload script. */
  readonly preloadPath: string;
}

/**
 * @param outDir - folder of the running entry, `out/main` (a shared chunk cannot tell it, so each entry gives its own).
 */
export function installedPaths(outDir: string): InstalledPaths {
  const root = resolve(outDir, '../..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return {
    version,
    resourcesDir: join(root, 'resources'),
    workerPath: join(outDir, 'compute-worker.js'),
    rendererDir: join(root, 'out/renderer'),
    preloadPath: join(root, 'out/preload/index.cjs'),
  };
}

/** The user's own data folder, by the habit of the platform, where neither `--data` nor FAULTLINE_DATA says otherwise. */
export function dataFolder(given: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const chosen = given ?? env['FAULTLINE_DATA'];
  if (chosen) return resolve(chosen);
  switch (process.platform) {
    case 'win32':
      return join(env['APPDATA'] ?? join(homedir(), 'AppData/Roaming'), 'Faultline');
    case 'darwin':
      return join(homedir(), 'Library/Application Support/Faultline');
    default:
      return join(env['XDG_DATA_HOME'] || join(homedir(), '.local/share'), 'faultline');
  }
}

/** @throws FaultlineError 'host/not-built' when the pages are missing. */
export function requirePages(paths: InstalledPaths): void {
  if (!existsSync(join(paths.rendererDir, 'index.html'))) {
    throw new FaultlineError('host/not-built', 'The pages of the workbench are not built. Run "npm run build" first.');
  }
}
