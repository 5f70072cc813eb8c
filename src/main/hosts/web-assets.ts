import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** One file of the built pages, held in memory. */
export interface WebAsset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
};

/**
 * Every file that may be served, by its exact URL path; "/" is the page itself. A request is answered by looking its path up here and
 * in no other way: no path is ever joined from a URL, so there is nothing to escape from. Only regular files of known types count
 * (a symbolic link does not), and they are read now, so that later changes on the disk do not reach a running page.
 */
export function loadWebAssets(rendererDir: string): ReadonlyMap<string, WebAsset> {
  const assets = new Map<string, WebAsset>();
  for (const entry of readdirSync(rendererDir, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || !type) continue;
    const file = join(entry.parentPath, entry.name);
    const url = `/${relative(rendererDir, file).split(sep).map(encodeURIComponent).join('/')}`;
    assets.set(url, { type, bytes: new Uint8Array(readFileSync(file)) });
  }
  const page = assets.get('/index.html');
  if (page) assets.set('/', page);
  return assets;
}
