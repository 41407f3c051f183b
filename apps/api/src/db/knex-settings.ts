/** How long a statement waits for a connection of the pool. */
export const acquireTimeoutMs = 10_000;

/** What knex is told for both engines. */
export const knexSettings = {
  // knex would put a failed statement's values into the error's message, and password hashes are among them.
  compileSqlOnError: false,
  acquireConnectionTimeout: acquireTimeoutMs,
  // knex would print to standard output what it also rejects with. The rejection is logged with its request.
  log: { warn() {}, error() {}, deprecate() {}, debug() {} },
};
