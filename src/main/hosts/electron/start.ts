import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { app as electron, dialog, protocol, session, type BrowserWindow } from 'electron';
import { createApp, type App } from '../../app';
import { safeFileName } from '../file-name';
import { dataFolder, installedPaths, requirePages, type InstalledPaths } from '../paths';
import { loadWebAssets } from '../web-assets';
import { bindWindow } from './bind';
import { spawnUtility } from './compute';
import { setMenu } from './menu';
import { pageHandler, pageScheme } from './pages';
import { confine, denyPermissions, openWindow } from './window';

interface Arguments {
  readonly data: string | undefined;
  readonly sample: boolean;
  /** A project to open, as an absolute path. */
  readonly project: string | undefined;
}

/** What the command line says; switches of Chromium are left alone. */
function readArguments(argv: readonly string[], folder: string): Arguments {
  const { values, positionals } = parseArgs({
    args: argv.slice(electron.isPackaged ? 1 : 2),
    options: { data: { type: 'string' }, sample: { type: 'boolean' } },
    strict: false,
    allowPositionals: true,
  });
  const project = positionals.find((text) => text.endsWith('.faultline'));
  return {
    data: typeof values.data === 'string' ? values.data : undefined,
    sample: values.sample === true,
    project: project === undefined ? undefined : resolve(folder, project),
  };
}

/**
 * The Electron host: one window over one application. Closing the window leaves a running job running; starting Faultline again then
 * brings the window back, and without one the process ends when the job does.
 *
 * Must be called before Electron is ready, hence does nothing asynchronous first.
 */
export async function startElectron(outDir: string): Promise<void> {
  const args = readArguments(process.argv, process.cwd());
  const dataDir = dataFolder(args.data);
  // One instance for each data folder.
  electron.setPath('userData', join(dataDir, 'electron'));
  if (!electron.requestSingleInstanceLock()) return electron.quit();
  electron.enableSandbox();
  electron.commandLine.appendSwitch('disable-background-networking');
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  electron.on('web-contents-created', (_event, contents) => confine(contents));
  const toOpen: string[] = args.project === undefined ? [] : [args.project];
  const openLater = (event: { preventDefault(): void }, path: string): void => {
    event.preventDefault();
    toOpen.push(path);
  };
  electron.on('open-file', openLater);

  await electron.whenReady();
  const paths = installedPaths(outDir);
  requirePages(paths);
  denyPermissions(session.defaultSession);
  protocol.handle(pageScheme, pageHandler(loadWebAssets(paths.rendererDir)));
  const app = await createApp({
    dataDir,
    host: { kind: 'electron', nativeDialogs: true },
    version: paths.version,
    resourcesDir: paths.resourcesDir,
    workerPath: paths.workerPath,
    spawn: spawnUtility,
  });
  electron.off('open-file', openLater);
  await run(app, paths, toOpen, args.sample);
}

async function run(app: App, paths: InstalledPaths, toOpen: readonly string[], sample: boolean): Promise<void> {
  const developer = !electron.isPackaged;
  let window: BrowserWindow | undefined;
  /** The user closed the window; before it is first shown, a job of the start must not end the process. */
  let dismissed = false;
  const show = (): void => {
    if (window) {
      if (window.isMinimized()) window.restore();
      window.focus();
      return;
    }
    window = openWindow(paths.preloadPath, developer);
    dismissed = false;
    window.once('closed', () => {
      window = undefined;
      dismissed = true;
    });
  };
  const unbind = bindWindow(app, () => window);

  let closing = false;
  electron.on('before-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    unbind();
    void app.close().finally(() => electron.exit(0));
  });
  const quitWhenIdle = (): void => {
    if (dismissed && !app.busy() && process.platform !== 'darwin') electron.quit();
  };
  electron.on('window-all-closed', quitWhenIdle);
  app.subscribe('job', () => setImmediate(quitWhenIdle));
  electron.on('activate', show);
  electron.on('second-instance', (_event, argv, folder) => {
    show();
    const { project } = readArguments(argv, folder);
    if (project !== undefined) void openProject(app, project);
  });
  electron.on('open-file', (event, path) => {
    event.preventDefault();
    show();
    void openProject(app, path);
  });

  setMenu(developer);
  if (toOpen.length > 0) for (const path of toOpen) await openProject(app, path);
  else if (sample) await app.dispatch('project.openSample', {});
  show();
}

/** Opens a project that the system or the command line named. A failure is shown by the system, as there may be no window. */
async function openProject(app: App, path: string): Promise<void> {
  const name = safeFileName(basename(path));
  const reply = await app.dispatch('project.open', { fileToken: app.files.add(path, name) });
  if (!reply.ok) dialog.showErrorBox(`${name} was not opened`, reply.error.message);
}
