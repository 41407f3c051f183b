import { defineConfig } from 'vitest/config';

/** Every journey in every engine: `npm run test:engines`. `npm test` runs one journey in each. */
export default defineConfig({
  test: {
    include: ['engines/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
  },
});
