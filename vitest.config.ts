import { defineConfig } from 'vitest/config';

/** Training in a process of its own. */
const long = { pool: 'forks', testTimeout: 240_000, hookTimeout: 120_000 } as const;
const jobs = 'test/app/jobs.conformance.ts';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts', 'test/**/*.test.ts'], pool: 'forks', testTimeout: 60_000 } },
      // Detectors, stores and the application without a host: two files at a time keep two cores busy.
      {
        test: {
          name: 'conformance',
          include: ['test/*.conformance.ts', 'test/app/*.conformance.ts'],
          exclude: [jobs],
          maxWorkers: 2,
          ...long,
        },
      },
      // Whole programs are started here, killed and timed: one file at a time.
      {
        test: {
          name: 'programs',
          include: ['test/hosts/*.conformance.ts', jobs],
          fileParallelism: false,
          ...long,
        },
      },
    ],
  },
});
