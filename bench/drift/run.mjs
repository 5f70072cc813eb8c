// Runs bench.ts through vite's module runner. Usage: node bench/drift/run.mjs [--data <folder>] [--quick | --page]; see bench.ts.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(join(dirname(fileURLToPath(import.meta.url)), 'bench.ts'));
process.exitCode = await module.main(process.argv.slice(2));
