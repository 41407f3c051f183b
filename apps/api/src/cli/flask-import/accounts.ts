import { createHash } from 'node:crypto';
import { fold } from '../../db/fold.ts';
import { toPlayerColumns } from '../../players/store.ts';
import { toNewUserRow } from '../../users/row.ts';
import type { PasswordImport } from './passwords.ts';
import type { Batch } from './report.ts';
import type { FlaskRow } from './source.ts';
import type { ImportStore } from './store.ts';
import {
  type Reading,
  RefusedRow,
  readDateOfBirth,
  readName,
  readTokens,
  readUid,
  spareUid,
} from './values.ts';

type AccountTable = 'users' | 'players';

type AccountImport = {
  readonly table: AccountTable;
  readonly store: ImportStore;
  readonly passwords: PasswordImport;
  /** Removes the posts of a user, with the images that only they have. */
  readonly removePosts: (user_id: number) => Promise<unknown>;
  /** The time of the import, in ISO 8601. */
  readonly at: string;
};

/** Identifies a row over several runs, whatever became of it here. */
export function digestOfAccount(table: AccountTable, { id, _uid }: FlaskRow): string {
  return createHash('sha256')
    .update(JSON.stringify([table, String(id), String(_uid)]))
    .digest('base64url');
}

/** Imports users or players, some rows at a time. */
export function createAccountImport({ table, store, passwords, removePosts, at }: AccountImport) {
  /** The folded user ids of the rows so far. */
  const seen = new Set<string>();
  /** By the row's id: the user id that the row has here, or undefined where it was not imported. */
  const importedUids = new Map<unknown, string | undefined>();
  let withoutPassword = 0;

  return {
    importedUids,

    withoutPassword: () => withoutPassword,

    async importBatch(rows: readonly FlaskRow[], batch: Batch): Promise<void> {
      const known = await store.findDigests(
        'imported_accounts',
        rows.map((row) => digestOfAccount(table, row)),
      );
      const named = rows.flatMap((row) => nameRow(row, batch));
      const holders = await store.findUids(
        table,
        named.map(({ uid }) => fold(uid.value)),
      );
      const added: object[] = [];
      const digests: string[] = [];
      for (const { row, uid } of named) {
        const digest = digestOfAccount(table, row);
        const holder = holders.get(fold(uid.value));
        if (!importedUids.has(row.id)) importedUids.set(row.id, uid.value);
        if (known.has(digest)) batch.tally.present += 1;
        else if (holder && !holder.isDemo) reportExisting(row, uid.value, holder.uid, batch);
        else {
          if (holder) await replaceDemoUser(row, holder, batch);
          added.push({ id: batch.idFor(row), ...columnsOf(row, uid, batch) });
          digests.push(digest);
          batch.tally.imported += 1;
        }
      }
      await store.add(table, added);
      await store.addDigests('imported_accounts', digests);
    },
  };

  /** The row with the user id that it has here; nothing where it is refused. */
  function nameRow(row: FlaskRow, batch: Batch): { row: FlaskRow; uid: Reading<string> }[] {
    try {
      const own = readUid(row._uid, row.id);
      const uid = seen.has(fold(own.value)) ? spareUid(own.value, row.id) : own;
      if (seen.has(fold(uid.value))) throw new RefusedRow(`another row has the user id ${uid.value}`);
      seen.add(fold(uid.value));
      return [{ row, uid }];
    } catch (error) {
      if (!(error instanceof RefusedRow)) throw error;
      importedUids.set(row.id, undefined);
      batch.tally.refused += 1;
      batch.find(row, 'refused', error.message);
      return [];
    }
  }

  /** A demo user is nobody's account. If it stayed, the imported account would get its published password. */
  async function replaceDemoUser(row: FlaskRow, holder: { id: number; uid: string }, batch: Batch) {
    await removePosts(holder.id);
    await store.removeUser(holder.id);
    batch.find(
      row,
      'replaced',
      `the demo user ${holder.uid} was here: it is removed with its posts, and the account keeps its own password`,
    );
  }

  /** The account could be another person's, so neither its password nor anything else of it changes. */
  function reportExisting(row: FlaskRow, uid: string, holder: string, batch: Batch): void {
    batch.tally.existing += 1;
    if (holder !== uid) importedUids.set(row.id, undefined);
    const posts = holder === uid && table === 'users' ? '; its posts are imported as that user’s' : '';
    batch.find(
      row,
      'exists',
      `an account with the user id ${holder} exists already: not imported, and keeps its own password${posts}`,
    );
  }

  function columnsOf(row: FlaskRow, uid: Reading<string>, batch: Batch): object {
    const use = <Value>({ value, change }: Reading<Value>): Value => {
      if (change !== undefined) batch.find(row, 'changed', change);
      return value;
    };
    const details = { uid: use(uid), name: use(readName(row._name, uid.value)) };
    const { text, lost } = passwords.find(table, row.position) ?? passwords.missing;
    if (lost !== undefined) reportLostPassword(row, uid.value, lost, batch);
    if (table === 'players')
      return toPlayerColumns({ ...details, password: text, tokens: use(readTokens(row._tokens)) });
    reportRole(row, uid.value, batch);
    const user = { ...details, dob: use(readDateOfBirth(row._dob)), role: 'user' as const };
    return toNewUserRow(user, text, at);
  }

  function reportLostPassword(row: FlaskRow, uid: string, reason: string, batch: Batch): void {
    const isUser = table === 'users';
    if (isUser) withoutPassword += 1;
    batch.find(
      row,
      'no password',
      isUser ? `${uid} cannot sign in until you set a password: ${reason}` : reason,
    );
  }
}

/** An import never makes an admin, because the author of the file would then decide who is one. */
function reportRole({ _role, role, ...row }: FlaskRow, uid: string, batch: Batch): void {
  const given = String(_role ?? role ?? '');
  if (!/admin/i.test(given)) return;
  const command = `npm run signet -- user set-role ${uid} admin`;
  batch.find(
    row,
    'left out',
    `its role ${given.slice(0, 40)}: imported as a user. To make it an admin: ${command}`,
  );
}
