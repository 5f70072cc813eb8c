/**
 * A double of the `electron` module for machines without its binary: the parts that Faultline uses, with the order of events and the
 * copying of messages (structured clone) of the real one. It shows nothing; `control.mjs` drives it.
 */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const load = createRequire(import.meta.url);

/** Everything a test may look at or decide. */
export const double = {
  windows: [],
  schemes: [],
  handlers: new Map(),
  permissions: {},
  errorBoxes: [],
  menu: undefined,
  /** Paths that the next open dialogs answer; empty: the user cancels. */
  openAnswers: [],
  /** Folder into which save dialogs save under the suggested name; undefined: the user cancels. */
  saveFolder: process.env.FAULTLINE_DOUBLE_SAVE || undefined,
  /** What the preload script exposed to the page of the current window. */
  world: {},
  invoke: (channel, args, frame) => {
    const handler = ipcHandlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return handler({ senderFrame: frame }, ...args);
  },
};

class App extends EventEmitter {
  isPackaged = false;
  paths = {};
  commandLine = { appendSwitch() {} };
  setPath(name, path) {
    this.paths[name] = path;
  }
  requestSingleInstanceLock() {
    return true;
  }
  enableSandbox() {
    this.sandboxed = true;
  }
  whenReady() {
    return new Promise((resolve) => setImmediate(resolve));
  }
  quit() {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.exit(0);
  }
  exit(code) {
    process.exit(code);
  }
}
export const app = new App();

class WebContents extends EventEmitter {
  mainFrame = { url: '' };
  openHandler = undefined;
  send(channel, ...args) {
    const copy = structuredClone(args);
    setImmediate(() => ipcRenderer.emit(channel, {}, ...copy));
  }
  setWindowOpenHandler(handler) {
    this.openHandler = handler;
  }
}

export class BrowserWindow extends EventEmitter {
  constructor(options) {
    super();
    this.options = options;
    this.webContents = new WebContents();
    double.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url) {
    const response = await respond(new Request(url));
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
    this.webContents.mainFrame.url = url;
    // A page starts with a fresh preload and none of the listeners of the page before.
    ipcRenderer.removeAllListeners();
    double.world = {};
    delete load.cache[load.resolve(this.options.webPreferences.preload)];
    load(this.options.webPreferences.preload);
    this.emit('ready-to-show');
  }
  show() {
    this.shown = true;
  }
  focus() {}
  isMinimized() {
    return false;
  }
  restore() {}
  close() {
    double.windows.splice(double.windows.indexOf(this), 1);
    ipcRenderer.removeAllListeners();
    double.world = {};
    this.emit('closed');
    if (double.windows.length === 0) app.emit('window-all-closed');
  }
}

/** Answers a request of one of the registered schemes. */
export async function respond(request) {
  const handler = double.handlers.get(new URL(request.url).protocol.slice(0, -1));
  return handler ? handler(request) : new Response(null, { status: 404 });
}
export const protocol = {
  registerSchemesAsPrivileged: (schemes) => double.schemes.push(...schemes),
  handle: (scheme, handler) => double.handlers.set(scheme, handler),
};

class Session extends EventEmitter {
  constructor() {
    super();
    for (const name of [
      'setPermissionRequestHandler',
      'setPermissionCheckHandler',
      'setDevicePermissionHandler',
      'setBluetoothPairingHandler',
      'setDisplayMediaRequestHandler',
    ]) {
      this[name] = (handler) => (double.permissions[name] = handler);
    }
  }
}
export const session = { defaultSession: new Session() };

export const dialog = {
  showOpenDialog: async () => {
    const path = double.openAnswers.shift();
    return path === undefined ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [path] };
  },
  showSaveDialog: async (_window, options) => {
    if (double.saveFolder === undefined) return { canceled: true, filePath: '' };
    return { canceled: false, filePath: join(double.saveFolder, basename(options.defaultPath)) };
  },
  showErrorBox: (title, content) => double.errorBoxes.push({ title, content }),
};

export const Menu = {
  buildFromTemplate: (template) => template,
  setApplicationMenu: (menu) => (double.menu = menu),
};

const ipcHandlers = new Map();
export const ipcMain = {
  handle: (channel, handler) => {
    if (ipcHandlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    ipcHandlers.set(channel, handler);
  },
  removeHandler: (channel) => ipcHandlers.delete(channel),
};

class IpcRenderer extends EventEmitter {
  async invoke(channel, ...args) {
    const window = double.windows.at(-1);
    try {
      return structuredClone(await double.invoke(channel, structuredClone(args), window?.webContents.mainFrame ?? null));
    } catch (error) {
      // As in Electron: only the message survives.
      throw new Error(`Error invoking remote method '${channel}': ${error}`);
    }
  }
}
export const ipcRenderer = new IpcRenderer();

export const contextBridge = {
  exposeInMainWorld: (key, api) => {
    double.world[key] = api;
  },
};
export const webUtils = { getPathForFile: (file) => file.path ?? '' };

export const utilityProcess = {
  fork: (modulePath, args, options) => {
    const child = fork(modulePath, args, {
      serialization: 'advanced',
      execArgv: ['--import', new URL('./parent-port.mjs', import.meta.url).href],
      env: options.env,
      stdio: [...options.stdio, 'ipc'],
    });
    const utility = new EventEmitter();
    child.on('error', () => {});
    child.on('spawn', () => utility.emit('spawn'));
    child.on('message', (message) => utility.emit('message', message));
    // Electron gives a number only, whatever the signal.
    child.on('close', (code) => utility.emit('exit', code ?? 1));
    return Object.assign(utility, {
      get pid() {
        return child.exitCode === null && child.signalCode === null ? child.pid : undefined;
      },
      stderr: child.stderr,
      postMessage: (message) => child.connected && child.send(message),
      kill: () => child.kill(),
    });
  },
};
