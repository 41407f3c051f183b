import { createAuditStore } from '../../audit/store.ts';
import { operator } from '../../auth/operator.ts';
import type { Passwords } from '../../auth/passwords.ts';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../db/connect.ts';
import { transact } from '../../db/transact.ts';
import { createImageStore } from '../../images/store.ts';
import { createPostStore } from '../../posts/store.ts';
import { createUsageStore } from '../../posts/usage-store.ts';
import { here } from '../operator.ts';
import { createAccountImport } from './accounts.ts';
import { createBatches } from './batches.ts';
import { reportLeftOut } from './left-out.ts';
import type { PasswordImport } from './passwords.ts';
import { importPosts } from './posts.ts';
import { preparePasswords } from './prepare-passwords.ts';
import type { Finding, ImportReport, Tally } from './report.ts';
import type { FlaskSource } from './source.ts';
import { createImportStore } from './store.ts';

type ImportOptions = {
  readonly db: Database;
  readonly source: FlaskSource;
  readonly passwords: Pick<Passwords, 'wrap' | 'method'>;
  /** The folder that the images' names refer to. */
  readonly uploads: string | undefined;
  /** Everything is done and then rolled back. */
  readonly dryRun: boolean;
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress: (task: string, done: number, of: number) => void;
  readonly clock: Clock;
};

/**
 * Imports users, players and posts in one transaction: all of it happens, or nothing.
 *
 * Passwords go on to work and ids stay where they are free. What one member lacks does not take the row, and
 * what is not imported as it stands there is a finding. Rows of an earlier run are left alone, so that a
 * second run adds nothing.
 */
export async function importFlask(options: ImportOptions): Promise<ImportReport> {
  const { db, source, dryRun, onFinding } = options;
  await reportLeftOut(source, onFinding);
  // Before the transaction, because hashing takes minutes for which no other write could wait.
  const passwords = await preparePasswords(options);
  try {
    return await transact(db, async (trx) => {
      const report = await run(trx, passwords, options);
      if (dryRun) throw new RolledBack(report);
      return report;
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.report;
    throw error;
  }
}

class RolledBack extends Error {
  override name = 'RolledBack' as const;
  readonly report: ImportReport;

  constructor(report: ImportReport) {
    super('A dry run is rolled back');
    this.report = report;
  }
}

/** The operator imports what there is. Users who then have more than the quota are refused only more. */
const unlimited = createUsageStore({
  maxPosts: Number.POSITIVE_INFINITY,
  maxBytes: Number.POSITIVE_INFINITY,
  requireRoom: async () => {},
});

async function run(
  trx: Database,
  passwords: PasswordImport,
  { source, uploads, onFinding, onProgress, clock }: ImportOptions,
): Promise<ImportReport> {
  const store = createImportStore(trx);
  const images = createImageStore({ reader: trx });
  const at = clock.timestamp();
  const tables = { users: emptyTally(), players: emptyTally(), posts: emptyTally() };
  await images.lock(trx);
  await store.lock();

  const { removeAllOf } = createPostStore({ reader: trx, images, usage: unlimited, clock });
  const removePosts = (user_id: number) => removeAllOf(trx, user_id);
  const eachBatch = createBatches({ source, store, tables, onFinding, onProgress });
  const users = createAccountImport({ table: 'users', store, passwords, removePosts, at });
  await eachBatch('users', users.importBatch);
  const players = createAccountImport({ table: 'players', store, passwords, removePosts, at });
  await eachBatch('players', players.importBatch);
  let orphans = 0;
  await eachBatch('posts', async (rows, batch) => {
    orphans += await importPosts({ rows, batch, store, authors: users.importedUids, uploads, at, keepImage });
  });
  await recordImport();
  return {
    tables,
    withoutPassword: users.withoutPassword(),
    orphans,
    hasAdmin: await store.hasAdmin(),
  };

  /** One event for all rows: a run that imports nothing changes nothing. */
  async function recordImport(): Promise<void> {
    const counts = {
      users: tables.users.imported,
      players: tables.players.imported,
      posts: tables.posts.imported,
    };
    if (counts.users + counts.players + counts.posts === 0) return;
    const { record } = createAuditStore({ db: trx, reader: trx, clock });
    await record(trx, 'users_imported', here, { detail: { ...counts, by: operator.user_id } });
  }

  function keepImage(image: Parameters<typeof images.keep>[1]): Promise<void> {
    return images.keep(trx, image);
  }
}

function emptyTally(): Tally {
  return { imported: 0, present: 0, existing: 0, refused: 0 };
}
