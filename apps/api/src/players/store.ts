import type { Player } from '@signet/contracts';
import type { Database } from '../db/connect.ts';
import { refusingTakenUid } from '../db/failures.ts';
import { fold } from '../db/fold.ts';

export type PlayerDetails = {
  readonly name: string;
  readonly uid: string;
  readonly password: string;
  readonly tokens: number;
};

const columns = ['id', 'name', 'uid', 'tokens'] as const;

export type PlayerStore = ReturnType<typeof createPlayerStore>;

/** Rows of `players`. Password hashes are written and never selected. */
export function createPlayerStore({ reader }: { reader: Database }) {
  return {
    find: (id: number, trx: Database = reader): Promise<Player | undefined> =>
      trx<Player>('players')
        .first(...columns)
        .where({ id }),

    /** At most `limit` players after the cursor: by tokens, highest first, then by id. */
    list({
      limit,
      after,
    }: {
      limit: number;
      after: Pick<Player, 'tokens' | 'id'> | undefined;
    }): Promise<Player[]> {
      const rows = reader('players')
        .select<Player[]>(columns)
        .orderBy([{ column: 'tokens', order: 'desc' }, { column: 'id' }])
        .limit(limit);
      if (!after) return rows;
      // The second condition implies the first, which is there so that the database reads one range of
      // the index.
      return rows
        .where('tokens', '<=', after.tokens)
        .where((either) => either.where('tokens', '<', after.tokens).orWhere('id', '>', after.id));
    },

    /** Throws `uid_taken`. */
    async create(trx: Database, details: PlayerDetails): Promise<Player> {
      const [created] = await refusingTakenUid(() =>
        trx('players').insert(toPlayerColumns(details)).returning(columns),
      );
      return created as Player;
    },

    /** Changes the given columns; undefined if there is no such player. Throws `uid_taken`. */
    async update(trx: Database, id: number, changes: Partial<PlayerDetails>): Promise<Player | undefined> {
      const [updated] = await refusingTakenUid(() =>
        trx('players').where({ id }).update(toPlayerColumns(changes)).returning(columns),
      );
      return updated as Player | undefined;
    },

    /** False if there was no such player. */
    remove: async (trx: Database, id: number): Promise<boolean> =>
      (await trx('players').where({ id }).delete()) > 0,
  };
}

/**
 * The columns for these members. A user id also sets `uid_key`, the folded form by which user ids
 * are compared.
 */
export function toPlayerColumns(details: Partial<PlayerDetails>) {
  return { ...details, ...(details.uid !== undefined && { uid_key: fold(details.uid) }) };
}
