/** A command was called in a way that it does not know, or with a value that it does not take. */
export class UsageError extends Error {
  override name = 'UsageError' as const;
}
