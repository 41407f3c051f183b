/** More than these go in several queries: a statement has room for so many values only. */
const maxKeys = 500;

/**
 * A look-up by key whose questions are asked together: those of one turn of the event loop are one query. Each is
 * answered with its row, or undefined where there is none.
 *
 * The query begins after the last of its questions has arrived, so that each answer is at least as fresh as if it had
 * been asked for alone. Under load a query costs more in handing it to a connection and back than in the database.
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
