import { defineConfig } from 'vitest/config';

/** Two files at a time, because a test in a browser waits for most of its time. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Long limits, so that a test does not fail because the machine is busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
  },
});
