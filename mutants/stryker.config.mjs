const { MUTANTS_TARGET: target, MUTANTS_FILES: files = '[]' } = process.env;

/** main.ts sets both variables. Stryker copies the repository, so that the files in it stay as they are. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: JSON.parse(files),
  coverageAnalysis: 'perTest',
  // Many tests reach the code over HTTP only, so Vite's graph of imports does not relate them to it.
  vitest: { configFile: 'mutants/vitest.config.ts', related: false },
  // Stryker would rewrite this file by the API of TypeScript, and TypeScript 7 has none.
  tsconfigFile: 'none.json',
  ignorePatterns: ['dist', 'apps/e2e', 'apps/web', 'mutants/reports', '.turbo'],
  concurrency: 1,
  // A busy machine is no failure.
  timeoutMS: 20_000,
  dryRunTimeoutMinutes: 20,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `mutants/reports/${target}.json` },
};
