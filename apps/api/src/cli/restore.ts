import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import { claimDatabase } from '../db/claim.ts';
import { connect, type DatabaseConfig } from '../db/connect.ts';
import { migrate } from '../db/migrate.ts';
import { findHolderOfFile, requireOwnFile } from '../db/ownership.ts';
import { copyDatabase, syncToDisk } from './backup.ts';
import { endAllSessions } from './end-all-sessions.ts';

/** `kept` is where the database that was replaced is now; undefined if no database existed. */
type Restored = { readonly sessions: number; readonly kept: string | undefined };

/**
 * Replaces the SQLite database by a copy of the backup, brought up to date and with every session ended:
 * sessions that ended since the backup, and passwords changed since, would otherwise be valid again.
 *
 * The database is at every moment the old one or the new one, whole. Throws where an API runs on it, where
 * the backup is not Signet's or is damaged, and for PostgreSQL, which has tools of its own.
 */
export async function restore(config: DatabaseConfig, backupFile: string, clock: Clock): Promise<Restored> {
  if (config.engine === 'postgres')
    throw new Error(
      'The database is PostgreSQL, whose own tools restore it. Stop the API, run pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" FILE (psql --single-transaction for a plain dump), and then: npm run signet -- sessions end --all',
    );
  const source = resolve(backupFile);
  if (!existsSync(source)) throw new Error(`There is no file ${source}`);
  if (source === config.file) throw new Error(`${source} is the database itself, not a backup of it.`);
  if ((await findHolderOfFile(source)) !== 'signet')
    throw new Error(`${source} is not a backup of Signet's.`);
  await requireOwnFile(config);
  const release = await claimDatabase(config);
  const draft = `${config.file}.${process.pid}.part`;
  try {
    await copyDatabase(source, draft);
    const sessions = await prepare(draft, clock);
    const kept = await replace(config.file, draft, clock);
    return { sessions, kept };
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${draft}${suffix}`, { force: true });
    await release();
  }
}

/** Answers how many sessions it ended. */
async function prepare(draft: string, clock: Clock): Promise<number> {
  const db = connect({ engine: 'sqlite', file: draft });
  try {
    await migrate(db);
    return await endAllSessions(db, clock);
  } finally {
    // Closing the last connection writes the WAL into the file and removes it.
    await db.destroy();
  }
}

/** Keeps the database under another name, and puts the draft in its place by one rename. */
async function replace(file: string, draft: string, clock: Clock): Promise<string | undefined> {
  syncToDisk(draft);
  let kept: string | undefined;
  if (existsSync(file)) {
    await foldWalIntoFile(file);
    kept = `${file}.${clock.timestamp().replaceAll(/[:.]/g, '-')}.replaced`;
    linkSync(file, kept);
  }
  renameSync(draft, file);
  syncToDisk(dirname(file));
  return kept;
}

/** A WAL left beside the file would be applied to the database that takes its place, and damage it. */
async function foldWalIntoFile(file: string): Promise<void> {
  const db = connect({ engine: 'sqlite', file });
  try {
    await db.raw('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    await db.destroy();
  }
  if (existsSync(`${file}-wal`))
    throw new Error(`Another process has ${file} open. End it, and restore again.`);
}
