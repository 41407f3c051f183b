import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { targets } from './targets.ts';

const target = targets[process.env.MUTANTS_TARGET ?? ''];
if (!target) throw new Error('MUTANTS_TARGET names what is mutated; main.ts sets it');

/** The tests of one target, on SQLite in memory. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL(`../${target.workspace}`, import.meta.url)),
    include: [...target.tests],
    env: { SIGNET_TEST_ENGINE: 'sqlite' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
