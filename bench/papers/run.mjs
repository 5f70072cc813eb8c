// Runs bench.ts through vite's module runner, which resolves TypeScript imports as the application's build does.
// Usage: npm run bench:papers -- <suite> [--seeds 3] [--quick] [--only id,…] [--data folder]; see README.md.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(join(dirname(fileURLToPath(import.meta.url)), 'bench.ts'));
process.exitCode = await module.main(process.argv.slice(2));
