import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseConfig } from '../db/connect.ts';
import { openForeign } from '../db/foreign-sqlite.ts';

/**
 * Copies a SQLite database that may be in use into `target`: everything that was acknowledged before it began, and
 * of a transaction all or nothing. The file appears whole or not at all, and never in place of another.
 *
 * Throws where there is nothing to copy, where `target` is there already, and for PostgreSQL, which has tools of its own.
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
    throw new Error(`${file} is there already. Backups never overwrite: choose another name.`);

  const draft = `${file}.${process.pid}.part`;
  // Password hashes are in it: for the owner alone from the first moment, which SQLite itself would not see to.
  closeSync(openSync(draft, 'wx', 0o600));
  try {
    await copyInto(config.file, draft);
    sync(draft);
    // A link, unlike a rename, fails where the name has been taken meanwhile.
    linkSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
    rmSync(`${draft}-journal`, { force: true });
  }
  sync(dirname(file));
}

async function copyInto(source: string, draft: string): Promise<void> {
  const { db } = openForeign(source);
  try {
    await db.raw('PRAGMA busy_timeout = 5000');
    // Reads as of one moment while others go on writing, and SQLite takes an empty file for a new one.
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

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
