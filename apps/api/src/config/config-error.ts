/** The configuration is wrong. `problems` has everything that is, each with its fix. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(`The configuration has ${count}:\n${problems.map((each) => `  - ${each}`).join('\n')}`);
    this.problems = problems;
  }
}
