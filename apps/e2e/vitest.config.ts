import { defineConfig } from 'vitest/config';

/** One file at a time: each starts an API and most a browser, and two of those on a small machine only wait for each other. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A busy machine is no failure.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    fileParallelism: false,
  },
});
