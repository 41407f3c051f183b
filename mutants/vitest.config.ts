import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { targets } from './targets.ts';

const target = targets[process.env.MUTANTS_TARGET ?? ''];
if (!target) throw new Error('MUTANTS_TARGET names what is mutated; main.ts sets it');

/** First the tests that start no API: the first that fails ends the run, and these take a tenth of the time. */
class QuickFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => (moduleId.includes('/once/') ? 0 : 1);
    return (await super.sort(specifications)).sort((one, other) => isSlow(one) - isSlow(other));
  }
}

/** The tests of one target, on SQLite in memory. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL(`../${target.workspace}`, import.meta.url)),
    include: [...target.tests],
    sequence: { sequencer: QuickFirst },
    env: { SIGNET_TEST_ENGINE: 'sqlite' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
