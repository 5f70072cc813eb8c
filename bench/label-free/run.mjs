// Runs bench.ts through vite's module runner. Usage: node bench/label-free/run.mjs
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(join(dirname(fileURLToPath(import.meta.url)), 'bench.ts'));
module.main();
