#!/usr/bin/env node
/**
 * The one entry of every npm script: provides Node 24, the packages, the engine and the build, then does what was asked.
 * Uses node's own modules only and runs on Node 20, so that it works on a fresh clone.
 */
import { join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { ensureEngine } from './setup/engine.mjs';
import { node24 } from './setup/node24.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { root, run, say } from './setup/shell.mjs';
import { check, typecheck } from './test.mjs';
import { start } from './start.mjs';

const [command = 'help', ...args] = process.argv.slice(2);

async function setup({ build }) {
  const node = node24();
  await ensurePackages(node);
  ensureEngine(node);
  if (build) ensureBuild(node);
  return node;
}

const commands = {
  setup: async () => {
    await setup({ build: true });
    say('ready');
    return 0;
  },
  start: async () => start(args, () => setup({ build: true })),
  build: async () => {
    await setup({ build: true });
    return 0;
  },
  faultline: async () => run(await setup({ build: true }), [join(root, 'out/main/cli.js'), ...args]),
  exec: async () => {
    const node = await setup({ build: false });
    return run(node, [binOf(args[0]), ...args.slice(1)]);
  },
  node: async () => run(await setup({ build: false }), args),
  typecheck: async () => typecheck(await setup({ build: false })),
  check: async () => check(await setup({ build: true })),
  test: async () => check(await setup({ build: true })),
};

/** Program file of an installed package's command; started with Node 24 instead of whatever node is first on the path. */
function binOf(name) {
  const bins = {
    'electron-vite': 'electron-vite/bin/electron-vite.js',
    eslint: 'eslint/bin/eslint.js',
    prettier: 'prettier/bin/prettier.cjs',
    vitest: 'vitest/vitest.mjs',
    playwright: '@playwright/test/cli.js',
  };
  const file = Object.hasOwn(bins, name) ? bins[name] : undefined;
  if (!file) throw new Error(`unknown tool ${name}; known: ${Object.keys(bins).join(', ')}`);
  return join(root, 'node_modules', file);
}

if (!Object.hasOwn(commands, command)) {
  say(`unknown command ${command}; known: ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}
try {
  process.exitCode = await commands[command]();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
