// Runs bench.ts through vite's module runner. Usage: npm run bench:speed -- [--python <program>] [--nab <csv>] [--only lstm,hreg,…] [--quick]
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(join(dirname(fileURLToPath(import.meta.url)), 'bench.ts'));
await module.main(process.argv.slice(2));
