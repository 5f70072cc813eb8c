#!/usr/bin/env node
/** The installed `faultline` command: starts the built command line with a Node of at least version 24. */
import { join } from 'node:path';
import { node24 } from './setup/node24.mjs';
import { root, run } from './setup/shell.mjs';

try {
  process.exitCode = await run(node24(), [join(root, 'out/main/cli.js'), ...process.argv.slice(2)], { cwd: process.cwd() });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 4;
}
