import { defineConfig } from 'vitest/config';

/**
 * The HTTP suite runs on each engine; what has no database in it, once. `npm run test:pooler` runs it on PostgreSQL
 * through a pooler, which `npm test` leaves out.
 */
const everything = ['test/**/*.test.ts'];
const once = ['test/once/**/*.test.ts'];

export default defineConfig({
  test: {
    // A busy machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'once', include: once } },
      {
        extends: true,
        test: { name: 'sqlite', include: everything, exclude: once, env: { SIGNET_TEST_ENGINE: 'sqlite' } },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: everything,
          exclude: once,
          env: { SIGNET_TEST_ENGINE: 'postgres' },
          globalSetup: 'test/postgres-for-all-files.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'pooler',
          include: everything,
          exclude: once,
          env: { SIGNET_TEST_ENGINE: 'postgres', SIGNET_TEST_POOLER: 'pgbouncer' },
          globalSetup: 'test/pooler-for-all-files.ts',
        },
      },
    ],
  },
});
