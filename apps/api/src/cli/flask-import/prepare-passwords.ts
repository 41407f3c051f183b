import type { Passwords } from '../../auth/passwords.ts';
import type { Database } from '../../db/connect.ts';
import { digestOfAccount } from './accounts.ts';
import { createPasswordImport, type PasswordImport } from './passwords.ts';
import type { FlaskSource } from './source.ts';
import { createImportStore } from './store.ts';

type Preparation = {
  readonly db: Database;
  readonly source: FlaskSource;
  readonly passwords: Pick<Passwords, 'wrap' | 'method'>;
  readonly dryRun: boolean;
  readonly onProgress: (task: string, done: number, of: number) => void;
};

/** Decides about every password that the run may need, and wraps the older hashes. */
export async function preparePasswords({
  db,
  source,
  passwords,
  dryRun,
  onProgress,
}: Preparation): Promise<PasswordImport> {
  const store = createImportStore(db);
  // A dry run stores nothing, so it need not spend the time.
  const prepared = createPasswordImport(dryRun ? { wrap: async () => '' } : passwords);
  for (const table of ['users', 'players'] as const) {
    if (!source.has(table)) continue;
    for await (const rows of source.batches(table)) {
      const known = await store.findDigests(
        'imported_accounts',
        rows.map((row) => digestOfAccount(table, row)),
      );
      for (const row of rows)
        if (!known.has(digestOfAccount(table, row))) prepared.add(table, row.position, row._password);
    }
  }
  const inUse = [passwords.method, ...(await store.listPasswordMethods())];
  await prepared.settle(inUse, (done, of) => onProgress('older passwords', done, of));
  return prepared;
}
