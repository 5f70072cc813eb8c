import type { Transport } from '../../contract/types';

declare global {
  interface Window {
    /** Put there by the preload script; absent in a browser. */
    readonly faultline?: Transport;
  }
}

/** The transport that Electron's preload script exposes, or undefined outside Electron. */
export function electronTransport(): Transport | undefined {
  return window.faultline;
}
