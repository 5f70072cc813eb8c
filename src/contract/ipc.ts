/** Channels between the preload script and the Electron main process. The page itself sees `window.faultline` alone. */
export const channels = {
  /** (method, params) → Reply */
  call: 'faultline:call',
  /** (path of a file the user dropped or chose in the page) → Reply<{ fileToken, name }> */
  adopt: 'faultline:adopt',
  /** (purpose) → Reply<{ fileToken, name } | null> */
  choose: 'faultline:choose',
  /** (ExportedFile) → Reply<{ saved }> */
  deliver: 'faultline:deliver',
  /** pushed: (topic, event) */
  event: 'faultline:event',
} as const;
