import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseConfig } from '../db/connect.ts';
import { openForeign } from '../db/foreign-sqlite.ts';

/**
 * Copies a SQLite database that may be in use to `target`: everything that was acknowledged before the copy
 * began, and no part of a transaction. The file appears whole or not at all, and never replaces another.
 *
 * Throws where there is nothing to copy, where `target` exists, and for PostgreSQL, which has tools of
 * its own.
 */
export async function backup(config: DatabaseConfig, target: string): Promise<void> {
  if (config.engine === 'postgres') {
    throw new Error(
      'The database is PostgreSQL; its own tool copies it: pg_dump --format=custom --file=FILE "$DATABASE_URL"',
    );
  }
  if (!existsSync(config.file)) throw new Error(`There is no database at ${config.file}`);
  const file = resolve(target);
  if (existsSync(file))
    throw new Error(`${file} exists already. A backup never overwrites a file: choose another name.`);

  const draft = `${file}.${process.pid}.part`;
  try {
    await copyDatabase(config.file, draft);
    syncToDisk(draft);
    // A link, unlike a rename, fails if another file has taken the name meanwhile.
    linkSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
    rmSync(`${draft}-journal`, { force: true });
  }
  syncToDisk(dirname(file));
}

/** Copies `source` into the new file `draft` as of one moment, and checks the copy. */
export async function copyDatabase(source: string, draft: string): Promise<void> {
  // Only its owner can read it from the first moment, because it holds password hashes. SQLite would not see
  // to that.
  closeSync(openSync(draft, 'wx', 0o600));
  const { db } = openForeign(source);
  try {
    await db.raw('PRAGMA busy_timeout = 5000');
    // Reads as of one moment while others write. SQLite accepts an empty file as a new one.
    await db.raw('VACUUM INTO ?', [draft]);
  } finally {
    await db.destroy();
  }
  const { db: copy } = openForeign(draft);
  try {
    const [{ integrity_check }] = await copy.raw('PRAGMA integrity_check');
    if (integrity_check !== 'ok') throw new Error(`The copy is damaged: ${integrity_check}`);
  } finally {
    await copy.destroy();
  }
}

/** Has the system write a file, or the names in a folder, to the disk. */
export function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
