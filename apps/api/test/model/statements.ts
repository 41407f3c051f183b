import type { Database } from '../../src/db/connect.ts';
import type { Sender, Turns } from './turns.ts';

/** When a process dies: with its n-th statement from now, which is not sent, has ended, or is under way. */
export type Death = { readonly statement: number; readonly when: 'before' | 'after' | 'during' };

type Done = (error: Error | null, result?: unknown) => void;

/** What of sqlite3's and of pg's connections is used here. */
type RawConnection = {
  all?: (sql: string, bindings: unknown, done: Done) => unknown;
  run?: (sql: string, bindings: unknown, done: Done) => unknown;
  close?: (done: (error: Error | null) => void) => void;
  query?: (config: { text: string }, done: Done) => unknown;
  processID?: number;
  connection?: { stream: { destroy: () => void } };
};

export type Statements = ReturnType<typeof createStatements>;

/**
 * Watches every statement of one process, on all its connections: it counts them, lets `turns` decide when each is
 * sent, and kills the process at one of them.
 *
 * A dead process sends nothing any more, and its connections are cut: the database rolls back what was not committed,
 * as it does when the operating system closes the sockets and files of a process that is gone.
 */
export function createStatements(name: string, turns: Turns) {
  const connections = new Map<RawConnection, Sender>();
  let death: Death | undefined;
  let isDead = false;
  let backends: readonly number[] = [];

  return {
    /** To be called before the pool opens its first connection. */
    watch(db: Database): void {
      const { client } = db;
      const open: () => Promise<RawConnection> = client.acquireRawConnection.bind(client);
      client.acquireRawConnection = async () => {
        if (isDead) throw gone();
        const connection = await open();
        if (!isDead) return intercept(connection);
        // It died while the connection was opened.
        await close(connection);
        throw gone();
      };
      const close: (connection: RawConnection) => Promise<void> = client.destroyRawConnection.bind(client);
      client.destroyRawConnection = async (connection: RawConnection) => {
        connections.delete(connection);
        if (!isDead) await close(connection);
      };
    },

    /** Plans the death, counting from the next statement, or with `undefined` no death. */
    plan(planned: Death | undefined): void {
      death = planned;
    },

    isDead: () => isDead,

    /** PostgreSQL's ids of the connections that the process had when it died. */
    backends: () => backends,
  };

  function intercept(connection: RawConnection): RawConnection {
    const sender: Sender = { name, inTransaction: false };
    connections.set(connection, sender);
    for (const method of ['all', 'run'] as const) {
      const send = connection[method]?.bind(connection);
      if (send)
        connection[method] = (sql, bindings, done) =>
          pass(sender, sql, done, (end) => send(sql, bindings, end));
    }
    const query = connection.query?.bind(connection);
    if (query)
      connection.query = (config, done) => pass(sender, config.text, done, (end) => query(config, end));
    return connection;
  }

  /** `send` sends the statement. Its callback may have a `this` with the number of changed rows (sqlite3). */
  async function pass(sender: Sender, sql: string, done: Done, send: (end: Done) => void): Promise<void> {
    if (isDead) return done(gone());
    const leave = await turns.enter(sender, sql);
    const when = countDown();
    if (when === 'before') die();
    if (isDead) {
      leave();
      // It may have been a BEGIN, which the database never saw.
      turns.leave(sender);
      return done(gone());
    }
    send(function (this: unknown, error, result) {
      if (when === 'after') die();
      leave();
      if (isDead) done(gone());
      else done.call(this, error, result);
    });
    if (when === 'during') die();
  }

  /** When the process is to die relative to this statement, if at all. */
  function countDown(): Death['when'] | undefined {
    if (!death) return undefined;
    const { statement, when } = death;
    death = statement > 1 ? { statement: statement - 1, when } : undefined;
    return statement > 1 ? undefined : when;
  }

  function die(): void {
    isDead = true;
    // The pool forgets a connection that is cut, while the server may still run its last statement.
    backends = [...connections.keys()].flatMap(({ processID }) => processID ?? []);
    for (const [connection, sender] of connections) {
      connection.connection?.stream.destroy();
      // Behind the statement that is under way, if there is one. Closing rolls back.
      connection.close?.(() => undefined);
      turns.leave(sender);
    }
  }
}

function gone(): Error {
  return new Error('The process is gone');
}
