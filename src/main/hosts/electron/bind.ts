import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { dialog, ipcMain, type BrowserWindow, type FileFilter, type IpcMainInvokeEvent } from 'electron';
import { channels } from '../../../contract/ipc';
import { topics } from '../../../contract/topics';
import type { Reply } from '../../../contract/types';
import { FaultlineError, isFaultline } from '../../../core/errors';
import type { App } from '../../app';
import { copyWhole } from '../copy-whole';
import { safeFileName } from '../file-name';
import { isOwnPage } from './pages';

interface Chosen {
  readonly fileToken: string;
  readonly name: string;
}

const filters: Readonly<Record<string, readonly FileFilter[]>> = {
  data: [
    { name: 'Historian exports', extensions: ['csv', 'tsv', 'txt'] },
    { name: 'All files', extensions: ['*'] },
  ],
  labels: [
    { name: 'Labels', extensions: ['csv', 'json', 'txt'] },
    { name: 'All files', extensions: ['*'] },
  ],
  project: [{ name: 'Faultline projects', extensions: ['faultline'] }],
};

/**
 * Connects the window with the application. The binding outlives the window: a window that is opened later is served the same way.
 *
 * @param current - the window, if there is one.
 * @returns how to end the connection.
 */
export function bindWindow(app: App, current: () => BrowserWindow | undefined): () => void {
  handle(channels.call, current, (method, params) => app.dispatch(String(method), params));

  handle(channels.adopt, current, (path) => inReply(() => adopt(app, typeof path === 'string' ? path : '')));

  handle(channels.choose, current, (purpose, window) =>
    inReply(async (): Promise<Chosen | null> => {
      const chosen = await dialog.showOpenDialog(window as BrowserWindow, {
        properties: ['openFile'],
        filters: [...(Object.hasOwn(filters, String(purpose)) ? filters[String(purpose)]! : [])],
      });
      const [path] = chosen.filePaths;
      return chosen.canceled || path === undefined ? null : adopt(app, path);
    }),
  );

  handle(channels.deliver, current, (file, window) =>
    inReply(async () => {
      const token = typeof file === 'object' && file !== null && 'fileToken' in file ? String(file.fileToken) : '';
      const { path, name } = app.files.resolve(token);
      const target = await dialog.showSaveDialog(window as BrowserWindow, { defaultPath: safeFileName(name) });
      if (target.canceled || !target.filePath) return { saved: false };
      await copyWhole(path, target.filePath);
      return { saved: true };
    }),
  );

  const stops = topics.map((topic) => app.subscribe(topic, (event) => current()?.webContents.send(channels.event, topic, event)));
  return () => {
    for (const stop of stops) stop();
    for (const channel of Object.values(channels)) ipcMain.removeHandler(channel);
  };
}

/** Registers a handler that answers the main frame of our own page in our own window, and no one else. */
function handle(
  channel: string,
  current: () => BrowserWindow | undefined,
  answer: (...given: unknown[]) => Promise<Reply<unknown>>,
): void {
  const count = channel === channels.call ? 2 : 1;
  ipcMain.handle(channel, (event: IpcMainInvokeEvent, ...given: unknown[]) => {
    const window = current();
    const frame = event.senderFrame;
    const known = window !== undefined && frame !== null && frame === window.webContents.mainFrame && isOwnPage(frame.url);
    if (!known) throw new Error('This page may not talk to Faultline.');
    return answer(...Array.from({ length: count }, (_, i) => given[i]), window);
  });
}

async function adopt(app: App, path: string): Promise<Chosen> {
  const found = path === '' ? undefined : await stat(path).catch(() => undefined);
  if (!found?.isFile()) {
    throw new FaultlineError('file/unreadable', 'This is not a file on this computer. Save it to a folder first, then choose it.');
  }
  const name = safeFileName(basename(path));
  return { fileToken: app.files.add(path, name), name };
}

async function inReply<T>(work: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const known = isFaultline(error)
      ? error
      : new FaultlineError('internal/unexpected', 'The file could not be handled.', {}, { cause: error });
    const { code, kind, message, details } = known;
    return { ok: false, error: { code, kind, message, details } };
  }
}
