import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { temporaryFolder } from './run-cli.ts';

/** The password `flask app 1`, hashed by Werkzeug's generate_password_hash. */
export const flaskHash =
  'pbkdf2:sha256:600000$p0OaL3vTtQ$b5a2316c3d89bd252dd9f1804b005a0a178e50a35764d7daafdfb40c1ef2faa8';

/** A database with the lesson's tables, as its migration creates them. */
export async function flaskDatabase(
  fill: (db: Knex) => Promise<unknown>,
  tables = ['users', 'players', 'posts'],
): Promise<string> {
  const file = join(temporaryFolder(), 'sqlite.db');
  const db = knex({ client: 'sqlite3', connection: { filename: file }, useNullAsDefault: true });
  const person = '_name VARCHAR(255) NOT NULL, _uid VARCHAR(255) NOT NULL, _password VARCHAR(255) NOT NULL';
  const definitions: Record<string, string> = {
    users: `(id INTEGER NOT NULL, ${person}, _dob DATE, PRIMARY KEY (id), UNIQUE (_uid))`,
    players: `(id INTEGER NOT NULL, ${person}, _tokens INTEGER, PRIMARY KEY (id), UNIQUE (_uid))`,
    posts:
      '(id INTEGER NOT NULL, note TEXT NOT NULL, image VARCHAR, "userID" INTEGER, PRIMARY KEY (id), FOREIGN KEY("userID") REFERENCES users (id))',
  };
  for (const table of tables) await db.raw(`CREATE TABLE ${table} ${definitions[table]}`);
  await fill(db);
  await db.destroy();
  return file;
}

/** A row of `users` as the lesson stores it. */
export const flaskUser = (id: number, more: object = {}) => ({
  id,
  _name: `User ${id}`,
  _uid: `user${id}`,
  _password: flaskHash,
  _dob: '1990-01-31',
  ...more,
});
