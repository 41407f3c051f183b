/** A larger batch becomes several queries, because a statement has a limited number of parameters. */
const maxKeys = 500;

/**
 * A look-up by key that batches: the calls of one turn of the event loop become one query. Each resolves to
 * its row, or undefined if no row has the key.
 *
 * The query begins after the last of its calls, so that each answer is at least as fresh as that of a query
 * of its own. Under load, passing a query to a connection and back costs more than the database's own work.
 */
export function batchedLookup<Key, Row>(
  load: (keys: readonly Key[]) => PromiseLike<readonly Row[]>,
  keyOf: (row: Row) => Key,
) {
  let waiting = new Map<Key, Question<Row>[]>();

  return (key: Key): Promise<Row | undefined> =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) setImmediate(ask);
      const questions = waiting.get(key) ?? [];
      questions.push({ resolve, reject });
      waiting.set(key, questions);
      if (waiting.size === maxKeys) ask();
    });

  async function ask(): Promise<void> {
    const asked = waiting;
    if (asked.size === 0) return;
    waiting = new Map();
    try {
      const rows = new Map((await load([...asked.keys()])).map((row) => [keyOf(row), row]));
      for (const [key, questions] of asked) for (const { resolve } of questions) resolve(rows.get(key));
    } catch (error) {
      for (const questions of asked.values()) for (const { reject } of questions) reject(error);
    }
  }
}

type Question<Row> = {
  readonly resolve: (row: Row | undefined) => void;
  readonly reject: (error: unknown) => void;
};
