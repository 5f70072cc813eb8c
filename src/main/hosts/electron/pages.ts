import { securityHeaders } from '../content-security';
import type { WebAsset } from '../web-assets';

/** The scheme and the only host of our pages; a scheme of our own instead of file://, which may read the whole disk. */
export const pageScheme = 'app';
export const pageHost = 'faultline';
export const pageUrl = `${pageScheme}://${pageHost}/`;

/** True for an address of our pages, compared field by field. */
export function isOwnPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${pageScheme}:` && host === pageHost && username === '' && password === '';
}

/**
 * Answers requests of the scheme from the list of built files: another host 403, another method 405, anything not on the list 404,
 * each with the same headers as the loopback host sends.
 */
export function pageHandler(assets: ReadonlyMap<string, WebAsset>): (request: Request) => Response {
  const refuse = (status: number): Response => new Response(null, { status, headers: { ...securityHeaders } });
  return (request) => {
    if (!isOwnPage(request.url)) return refuse(403);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    const asset = assets.get(new URL(request.url).pathname);
    if (!asset) return refuse(404);
    return new Response(request.method === 'HEAD' ? null : asset.bytes, {
      headers: { ...securityHeaders, 'Content-Type': asset.type },
    });
  };
}
