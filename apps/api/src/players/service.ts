import type { CreatePlayer, Player, UpdatePlayer } from '@signet/contracts';
import { refuseLookAlikes } from '../auth/name-policy.ts';
import { refuseGuessable } from '../auth/password-policy.ts';
import type { Passwords } from '../auth/passwords.ts';
import { AppError } from '../errors.ts';
import type { PlayerStore } from './store.ts';

export type PlayerService = ReturnType<typeof createPlayerService>;

/** The rules about players. Their passwords follow the policy and the hashing of users' passwords. */
export function createPlayerService({
  players,
  passwords,
}: {
  players: PlayerStore;
  passwords: Pick<Passwords, 'hash'>;
}) {
  return {
    /** Throws `not_found`. */
    read: async (id: number): Promise<Player> => (await players.find(id)) ?? notFound(),

    /** Throws `uid_taken`, `invalid_request`. */
    async create({ password, ...details }: CreatePlayer): Promise<Player> {
      refuseGuessable(password, details);
      return players.create({ ...details, password: await passwords.hash(password) });
    },

    /** Throws `not_found`, `uid_taken`, `invalid_request`. */
    async update(id: number, { password, ...changes }: UpdatePlayer): Promise<Player> {
      const before = await this.read(id);
      refuseLookAlikes(changes, before);
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      if (password === undefined) return (await players.update(id, given)) ?? notFound();
      refuseGuessable(password, { ...before, ...given });
      return (await players.update(id, { ...given, password: await passwords.hash(password) })) ?? notFound();
    },

    /** Throws `not_found`. */
    async remove(id: number): Promise<void> {
      if (!(await players.remove(id))) notFound();
    },
  };
}

function notFound(): never {
  throw new AppError('not_found', 'There is no such player');
}
