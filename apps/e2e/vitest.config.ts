import { defineConfig } from 'vitest/config';

/**
 * One file at a time: each starts an API and most start a browser, and on a small machine two of them slow
 * each other down.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Long limits, so that a test does not fail because the machine is busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    fileParallelism: false,
  },
});
