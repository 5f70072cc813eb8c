import type { IncomingMessage } from 'node:http';

/**
 * Whether a request may be looked at: the checks that need neither route nor body. Names are compared whole and exactly, since every
 * looser comparison (prefix, pattern, "Origin equals Host") has been the hole of some product.
 *
 * - Host: `127.0.0.1:port` or `localhost:port`, given once. Any other name is DNS rebinding or a mistake.
 * - Origin: on everything that is not GET or HEAD it must be the origin of that very Host; where it is present on a GET, too. Cookies
 *   do not tell ports apart, so this is what keeps a page of another local server out.
 * - Sec-Fetch-Site, where a browser sends it: requests of other sites only as a navigation to a page, never to an interface.
 *
 * @param isPage - true for the page and its files, which hold no data.
 */
export function isAllowed(request: IncomingMessage, port: number, isPage: boolean): boolean {
  const host = onlyHeader(request, 'host');
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return false;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const origin = headerCount(request, 'origin') === 0 ? undefined : (onlyHeader(request, 'origin') ?? '');
  if (origin === undefined ? !reads : origin !== `http://${host}`) return false;
  const site = request.headers['sec-fetch-site'];
  return isPage || site === undefined || site === 'same-origin' || site === 'none';
}

function headerCount(request: IncomingMessage, name: string): number {
  let count = 0;
  for (let i = 0; i < request.rawHeaders.length; i += 2) if (request.rawHeaders[i]?.toLowerCase() === name) count++;
  return count;
}

/** The value of a header that is there exactly once. Node keeps the first of two Host headers without a word, hence the count. */
function onlyHeader(request: IncomingMessage, name: 'host' | 'origin'): string | undefined {
  return headerCount(request, name) === 1 ? request.headers[name] : undefined;
}
