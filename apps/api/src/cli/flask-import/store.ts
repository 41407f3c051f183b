import { maxId } from '@signet/contracts';
import { type Database, isPostgres } from '../../db/connect.ts';
import { bumpSequence } from '../../db/sequences.ts';

type Table = 'users' | 'players' | 'posts';

/** The tables that remember what was imported, so that a second run adds nothing. */
type Seen = 'imported_posts' | 'imported_accounts';

/** The account that has a user id. `isDemo`: it is a demo user with its published password. */
type Holder = { readonly id: number; readonly uid: string; readonly isDemo: boolean };

export type ImportStore = ReturnType<typeof createImportStore>;

/**
 * Many rows at a time with ids of their own, in an import's transaction (or outside it, where it only reads).
 */
export function createImportStore(trx: Database) {
  return {
    /**
     * Blocks other writers until the end, so that no id is used twice. SQLite has one writer at a
     * time anyway.
     */
    lock: async (): Promise<void> => {
      if (isPostgres(trx)) await trx.raw('lock table users, players, posts in share row exclusive mode');
    },

    /** Which of the folded user ids are taken, each with the account that has it. */
    async findUids(table: 'users' | 'players', keys: readonly string[]): Promise<Map<string, Holder>> {
      const mark = table === 'users' ? ['is_demo'] : [];
      const rows = await trx(table)
        .select('id', 'uid', 'uid_key', ...mark)
        .whereIn('uid_key', keys);
      return new Map(
        rows.map(({ id, uid, uid_key, is_demo }) => [uid_key, { id, uid, isDemo: Boolean(is_demo) }]),
      );
    },

    /** Their posts have to be removed before. */
    removeUser: async (id: number): Promise<void> => void (await trx('users').where({ id }).delete()),

    async findTakenIds(table: Table, ids: readonly number[]): Promise<Set<number>> {
      return new Set(await trx(table).whereIn('id', ids).pluck('id'));
    },

    async findPosts(ids: readonly number[]): Promise<Map<number, { user_id: number; note: string }>> {
      const rows = await trx('posts').select('id', 'user_id', 'note').whereIn('id', ids);
      return new Map(rows.map(({ id, ...post }) => [id, post]));
    },

    /** Which of the digests belong to rows that an earlier run imported. */
    async findDigests(seen: Seen, digests: readonly string[]): Promise<Set<string>> {
      return new Set(await trx(seen).whereIn('digest', digests).pluck('digest'));
    },

    addDigests: async (seen: Seen, digests: readonly string[]): Promise<void> => {
      const rows = digests.map((digest) => ({ digest }));
      if (rows.length > 0) await trx(seen).insert(rows).onConflict('digest').ignore();
    },

    add: async (table: Table, rows: readonly object[]): Promise<void> => {
      if (rows.length > 0) await trx(table).insert(rows);
    },

    listPasswordMethods: (): Promise<string[]> =>
      trx('users').distinct('password_method').pluck('password_method'),

    highestId: async (table: Table): Promise<number> => (await trx(table).max({ id: 'id' }).first())?.id ?? 0,

    bumpSequence: (table: Table): Promise<void> => bumpSequence(trx, table),

    hasAdmin: async (): Promise<boolean> =>
      (await trx('users').where({ role: 'admin' }).first('id')) !== undefined,
  };
}

/** Whether the value is an id that a row can keep. */
export function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxId;
}
