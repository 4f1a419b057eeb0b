import { defineConfig } from 'vitest/config';
import { workers } from './test/harness/postgres.ts';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'bots/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/harness/postgres.ts', 'test/harness/run-folder.ts'],
    pool: 'forks',
    maxWorkers: workers,
    // The code has no module state to keep apart: loading it anew for each of some 300 files took a third of the time.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
