// Our side of the comparison as a process: reads requests, one a line, and answers each with one line. The argument is the number of threads
// that share rows.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(join(dirname(fileURLToPath(import.meta.url)), 'ours.ts'));
await module.main(Number(process.argv[2] ?? 1));
