// Runs bench.ts through vite's module runner. Usage: npm run bench:evaluation -- <data folder> [--seeds 1,2,3] [--only nab|skab] [--detectors id,…]
// Needs a build (`npm run build`): the compute process is the built one.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(join(dirname(fileURLToPath(import.meta.url)), 'bench.ts'));
await module.main(process.argv.slice(2));
