/**
 * Process of the double: makes `electron` mean the double, runs the BUILT main entry as Electron would, and does what the test process
 * asks over the IPC channel (`index.ts`).
 */
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, double, respond } from './electron.mjs';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('./electron.mjs', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
});

const root = resolve(import.meta.dirname, '../..');
// argv as Electron gives it: the binary, the folder of the application, then the user's arguments.
process.argv = [process.argv[0], root, ...process.argv.slice(2)];

const subscriptions = new Map();
const contents = () => double.windows.at(-1)?.webContents;

/** Fires an event whose default can be prevented and tells whether it was. */
function prevented(emitter, name, fields, ...more) {
  let was = false;
  emitter.emit(name, { ...fields, preventDefault: () => (was = true) }, ...more);
  return was;
}

const deeds = {
  ready: async () => {
    while (!contents()?.mainFrame.url) await new Promise((done) => setTimeout(done, 20));
    return null;
  },
  request: async ({ url, method }) => {
    const response = await respond(new Request(url, { method }));
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: new Uint8Array(await response.arrayBuffer()),
    };
  },
  transport: ({ name, args }) => double.world.faultline[name](...args),
  subscribe: ({ topic, key }) => {
    subscriptions.set(
      key,
      double.world.faultline.subscribe(topic, (event) => process.send({ push: key, event })),
    );
    return null;
  },
  unsubscribe: ({ key }) => {
    subscriptions.get(key)?.();
    subscriptions.delete(key);
    return null;
  },
  /** A message from a frame of the test's choice; 'main' stands for the window's own. */
  invoke: ({ channel, args, frame }) => double.invoke(channel, args, frame === 'main' ? contents().mainFrame : frame),
  exposed: () => Object.fromEntries(Object.entries(double.world).map(([key, api]) => [key, Object.keys(api)])),
  options: () => structuredClone(double.windows.at(-1).options),
  schemes: () => double.schemes,
  sandboxed: () => app.sandboxed === true,
  navigate: ({ event, url }) => prevented(contents(), event, { url }),
  attachWebview: () => prevented(contents(), 'will-attach-webview', {}),
  windowOpen: ({ url }) => contents().openHandler({ url }),
  download: async () => {
    const { session } = await import('./electron.mjs');
    return prevented(session.defaultSession, 'will-download', {});
  },
  permission: ({ name, url }) => ({
    request: new Promise((done) => double.permissions.setPermissionRequestHandler(null, name, done, { requestingUrl: url })),
    check: double.permissions.setPermissionCheckHandler(null, name, url),
    device: double.permissions.setDevicePermissionHandler({}),
  }),
  closeWindow: () => void double.windows.at(-1)?.close(),
  activate: () => void app.emit('activate'),
  secondInstance: ({ argv, folder }) => void app.emit('second-instance', {}, argv, folder),
  windows: () => double.windows.length,
  errorBoxes: () => double.errorBoxes,
  answerOpen: ({ path }) => void double.openAnswers.push(path),
  answerSave: ({ folder }) => void (double.saveFolder = folder),
  quit: () => void app.quit(),
};

process.on('message', async ({ id, deed, fields }) => {
  try {
    const value = await deeds[deed](fields);
    if (deed === 'permission') value.request = await value.request;
    process.send({ id, value: value ?? null });
  } catch (error) {
    process.send({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
// The test process is gone: so is its window.
process.on('disconnect', () => app.quit());

await import(pathToFileURL(resolve(root, 'out/main/index.js')).href);
