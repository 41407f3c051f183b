import { defineConfig } from 'vitest/config';

/** Apart from the other tests, because it needs a Docker engine: `npm run test:compose`. */
export default defineConfig({
  test: {
    include: ['compose/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 1_200_000,
    fileParallelism: false,
  },
});
