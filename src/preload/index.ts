import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import { channels } from '../contract/ipc';
import type { Transport } from '../contract/types';

/**
 * The one thing the page gets: the transport. No channel name, no event object and no part of Electron goes through.
 * A File is turned into its path here, outside the page's reach, so only files that the user really handed over can be named.
 */
const transport: Transport = {
  call: (method, params) => ipcRenderer.invoke(channels.call, method, params),
  subscribe(topic, listener) {
    const forward = (_event: IpcRendererEvent, pushedTopic: string, value: unknown): void => {
      if (pushedTopic === topic) listener(value);
    };
    ipcRenderer.on(channels.event, forward);
    return () => {
      ipcRenderer.removeListener(channels.event, forward);
    };
  },
  upload: (file) =>
    ipcRenderer.invoke(channels.adopt, webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0])),
  chooseFile: (purpose) => ipcRenderer.invoke(channels.choose, purpose),
  deliver: (file) => ipcRenderer.invoke(channels.deliver, file),
};
contextBridge.exposeInMainWorld('faultline', transport);
