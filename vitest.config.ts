import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A software driver compiles for seconds, and every file opens devices of its own.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Dawn lives in the process: forks keep a driver's trouble to one file.
    pool: 'forks',
    maxWorkers: 2,
  },
});
