// Our side of the comparison as a process: reads requests, one a line, and answers each with one line. The argument is the number of threads
// that share rows. Built first, as the product is: run from its sources, every constant of another module is a call in the innermost loop.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
// Inside of the checkout, so that its packages are found.
mkdirSync(join(root, 'out'), { recursive: true });
const folder = mkdtempSync(join(root, 'out/bench-'));
const built = (name) => pathToFileURL(join(folder, `${name}.mjs`));
const input = { ours: join(here, 'ours.ts'), 'row-thread': join(root, 'src/main/compute/row-thread.ts') };
const output = { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' };
try {
  await build({
    ...{ root, configFile: false, logLevel: 'silent' },
    build: { ssr: true, outDir: folder, emptyOutDir: false, rollupOptions: { input, output } },
  });
  const { main } = await import(built('ours'));
  await main(Number(process.argv[2] ?? 1), built('row-thread'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
