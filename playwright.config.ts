import { defineConfig } from '@playwright/test';
import { browserArguments, findBrowser } from './e2e/browser';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // A whole application with a compute process runs behind each spec: one at a time on two cores.
  workers: 1,
  retries: 0,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  use: {
    viewport: { width: 1366, height: 768 },
    launchOptions: { executablePath: findBrowser(), args: browserArguments },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'loopback', metadata: { host: 'loopback' } },
    // The longest of the specs, whose pages ask no host for anything of its own.
    { name: 'electron', metadata: { host: 'electron' }, testIgnore: /(compare-these|insight)\.spec/ },
  ],
});
