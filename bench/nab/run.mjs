// Runs bench.ts through vite's module runner, which resolves TypeScript imports as the application's build does.
// Usage: node bench/nab/run.mjs <folder with labels.json and the CSV files> [--seeds 1,2,3] [--score sharp|paper] [--engine wasm]
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(join(dirname(fileURLToPath(import.meta.url)), 'bench.ts'));
await module.main(process.argv.slice(2));
