import type { Config } from '../config/config.ts';

/** What a command gets from its process. */
export type Terminal = {
  /** Throws `ConfigError`. */
  readonly readConfig: () => Config;
  /** Prints a line of the answer, on standard output. */
  readonly print: (line: string) => void;
  /** Prints a line about the work, on standard error. */
  readonly note: (line: string) => void;
  /** Sets the exit code of the process, for a command whose answer is in it. */
  readonly exitWith: (code: number) => void;
};
