import { defineConfig } from 'vitest/config';

/** Separate from the other tests, because these need a Docker engine: `npm run test:compose`. */
export default defineConfig({
  test: {
    include: ['compose/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 1_200_000,
    fileParallelism: false,
  },
});
