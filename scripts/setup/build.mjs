import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { quiet, root, say, setStamp, sha256, stampIs } from './shell.mjs';

const stamp = join(root, 'out/.faultline-build');

/** Hash over the content of everything that the build reads. */
function inputs() {
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  files.push(...['package.json', 'package-lock.json', 'electron.vite.config.ts'].map((name) => join(root, name)));
  return sha256(
    files
      .sort()
      .map((file) => `${file.slice(root.length)} ${sha256(readFileSync(file))}`)
      .join('\n'),
  );
}

/** Builds main, preload and renderer when their sources changed since the last build. */
export function ensureBuild(node) {
  const hash = inputs();
  if (stampIs(stamp, hash)) return;
  say('building');
  const result = quiet(node, [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (result.code !== 0) throw new Error(`the build failed:\n${result.out}\n${result.error}`);
  setStamp(stamp, hash);
}
