import { exchangeToken } from './http-transport';
import { electronTransport } from './electron-transport';

/**
 * Makes this window known to its host. Over HTTP the address carries a one-time token in its fragment (which no server log sees);
 * it is exchanged for a cookie and taken out of the address and the history.
 */
export async function connect(): Promise<void> {
  if (electronTransport()) return;
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  await exchangeToken(token);
}
