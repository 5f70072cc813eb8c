import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { quiet, root, run, say } from './setup/shell.mjs';

const results = join(root, 'test-results');
const tool = (path) => join(root, 'node_modules', path);

/** Types of all three parts; the third through vue-tsc, which reads the components. */
export async function typecheck(node) {
  const core = await run(node, [tool('typescript/bin/tsc'), '-b', 'tsconfig.core.json', 'tsconfig.node.json']);
  return core || run(node, [tool('vue-tsc/bin/vue-tsc.js'), '-p', 'tsconfig.web.json', '--noEmit']);
}

/** A step that passes or fails as a whole. */
const step = (name, action) => async () => {
  const failed = (await action()) !== 0;
  if (failed) say(`${name} failed`);
  return { passed: failed ? 0 : 1, failed: failed ? 1 : 0 };
};

/** A vitest project, counted test by test. A run without a report counts as one failure. */
const vitest = (node, project) => async () => {
  const file = join(results, `${project}.json`);
  await run(node, [
    tool('vitest/vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  // A file that does not even load has no failed test in it, but the suite did not succeed.
  const failed = report.numFailedTests || (report.success ? 0 : 1);
  return { passed: report.numPassedTests, failed };
};

/** A browser on this computer, or Playwright's own where it can be downloaded. */
async function ensureBrowser(node) {
  const look = "import { findBrowser } from './e2e/browser.ts'; process.stdout.write(findBrowser())";
  const found = () => quiet(node, ['--input-type=module', '-e', look]).out;
  if (found()) return;
  say('no Chromium found; asking Playwright for its own');
  await run(node, [tool('@playwright/test/cli.js'), 'install', 'chromium']);
  if (!found()) say('no browser could be had: install Chromium or Chrome, or name one in FAULTLINE_CHROMIUM');
}

const playwright = (node) => async () => {
  await ensureBrowser(node);
  const file = join(results, 'e2e.json');
  const code = await run(node, [tool('@playwright/test/cli.js'), 'test', '--reporter=list,json'], {
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  });
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky || (code ? 1 : 0) };
};

/** Lint, format, types, unit, conformance, program and end-to-end tests; the last line of the output is the count. */
export async function check(node) {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  /** Steps that run one after the other; those of one stage at the same time, for each of them uses one core. */
  const stages = [
    {
      lint: step('lint', () => run(node, [tool('eslint/bin/eslint.js'), '.', '--max-warnings', '0'])),
      format: step('format', () => run(node, [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'])),
      types: step('types', () => typecheck(node)),
    },
    { unit: vitest(node, 'unit') },
    { conformance: vitest(node, 'conformance') },
    { programs: vitest(node, 'programs') },
    { 'end to end': playwright(node) },
  ];
  const rows = [];
  for (const stage of stages) {
    say(`${Object.keys(stage).join(', ')} …`);
    const started = Date.now();
    const timed = async ([name, action]) => ({ name, ...(await action()), seconds: Math.round((Date.now() - started) / 1000) });
    rows.push(...(await Promise.all(Object.entries(stage).map(timed))));
  }
  for (const row of rows)
    process.stdout.write(
      `${row.name.padEnd(12)} ${row.passed} passed, ${row.failed} failed, ${row.seconds} s\n`.replace(/^/, '  '),
    );
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return sum('failed') ? 1 : 0;
}
