import type { CreatePlayer, Player, UpdatePlayer } from '@signet/contracts';
import type { RecordEvent, Trx } from '../audit/store.ts';
import { refuseLookAlikes } from '../auth/name-policy.ts';
import { refuseGuessable } from '../auth/password-policy.ts';
import type { Passwords } from '../auth/passwords.ts';
import { givenOf } from '../db/given.ts';
import { AppError } from '../errors.ts';
import type { Principal, RequestSource } from '../http/call.ts';
import { requireAdmin } from '../http/require-admin.ts';
import type { Authority } from '../sessions/authority-store.ts';
import type { PlayerStore } from './store.ts';

type PlayerServiceDeps = {
  readonly players: PlayerStore;
  readonly authority: Authority;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly record: RecordEvent;
};

export type PlayerService = ReturnType<typeof createPlayerService>;

/**
 * The rules about players: admins change them. Their passwords follow the policy and the hashing of
 * users' passwords.
 */
export function createPlayerService({ players, authority, passwords, record }: PlayerServiceDeps) {
  return {
    /** Throws `not_found`. */
    read: async (id: number): Promise<Player> => (await players.find(id)) ?? notFound(),

    /** Throws `forbidden`, `uid_taken`, `invalid_request`. */
    async create(
      { password, ...details }: CreatePlayer,
      principal: Principal,
      from: RequestSource,
    ): Promise<Player> {
      refuseGuessable(password, details);
      const row = { ...details, password: await passwords.hash(password) };
      return asAdmin(principal, async (trx, { user_id: by, session_id }) => {
        const player = await players.create(trx, row);
        const detail = { player_id: player.id, uid: player.uid, by };
        await record(trx, 'player_created', from, { session_id, detail });
        return player;
      });
    },

    /** Throws `forbidden`, `not_found`, `uid_taken`, `invalid_request`. */
    async update(
      id: number,
      { password, ...changes }: UpdatePlayer,
      principal: Principal,
      from: RequestSource,
    ): Promise<Player> {
      const known = await this.read(id);
      refuseLookAlikes(changes, known);
      const given = givenOf<Pick<Player, 'name' | 'uid' | 'tokens'>>(changes);
      if (password !== undefined) refuseGuessable(password, { ...known, ...given });
      const row = { ...given, ...(password !== undefined && { password: await passwords.hash(password) }) };
      return asAdmin(principal, async (trx, { user_id: by, session_id }) => {
        const before = (await players.find(id, trx)) ?? notFound();
        const player = (await players.update(trx, id, row)) ?? notFound();
        const members = (['name', 'uid', 'tokens'] as const).filter((each) => player[each] !== before[each]);
        const changed = [...members, ...(password === undefined ? [] : ['password'])].join(' ');
        const detail = { player_id: id, uid: player.uid, members: changed, by };
        if (changed !== '') await record(trx, 'player_changed', from, { session_id, detail });
        return player;
      });
    },

    /** Throws `forbidden`, `not_found`. */
    async remove(id: number, principal: Principal, from: RequestSource): Promise<void> {
      await asAdmin(principal, async (trx, { user_id: by, session_id }) => {
        const { uid } = (await players.find(id, trx)) ?? notFound();
        await players.remove(trx, id);
        await record(trx, 'player_deleted', from, { session_id, detail: { player_id: id, uid, by } });
      });
    },
  };

  /** Runs a change whose caller is an admin when it is stored. */
  function asAdmin<Result>(
    principal: Principal,
    work: (trx: Trx, caller: Principal) => Promise<Result>,
  ): Promise<Result> {
    return authority.runAs(principal, {}, async (trx, { caller }) => {
      requireAdmin(caller);
      return work(trx, caller);
    });
  }
}

function notFound(): never {
  throw new AppError('not_found', 'There is no such player');
}
