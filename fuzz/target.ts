/** What the fuzzer knows of one parser. */
export type Target = {
  /** Valid and hostile inputs to begin with. */
  readonly seeds: readonly (Buffer | string)[];
  /** Words that random bytes would hardly hit: names of members, delimiters, magic numbers. */
  readonly words?: readonly (Buffer | string)[];
  /**
   * Feeds one input to the parser and throws where what it did breaks a promise. A refusal is no failure:
   * `refusalOf` tells it from a crash.
   */
  readonly run: (input: Buffer) => unknown;
};

/** Throws with a message that names a promise which does not hold. */
export function promise(holds: boolean, text: string): asserts holds {
  if (!holds) throw new Error(`broken promise: ${text}`);
}

/**
 * What `work` returned, or the known problem by which it refused the input. Throws whatever else it threw,
 * because that is a crash.
 */
export function attempt<Result>(work: () => Result): { readonly value: Result } | { readonly code: string } {
  try {
    return { value: work() };
  } catch (error) {
    return { code: problemOf(error) };
  }
}

/** The code of a known problem. Throws every other error. */
export function problemOf(error: unknown): string {
  // Each bundle has an AppError of its own, so the class cannot be compared.
  if (error instanceof Error && error.name === 'AppError' && 'code' in error) return String(error.code);
  throw error;
}
