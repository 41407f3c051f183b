import { endpoints, type Player, pathOf } from '@signet/contracts';
import type { Handlers } from '../http/call.ts';
import { numbersInCursor, pageOf } from '../http/page.ts';
import type { PlayerService } from './service.ts';
import type { PlayerStore } from './store.ts';

type PlayerHandlers = Pick<
  Handlers,
  'listPlayers' | 'createPlayer' | 'readPlayer' | 'updatePlayer' | 'deletePlayer'
>;

/**
 * Handlers of players. Pages are sorted by tokens, highest first, then by id; both are the cursor, and a
 * malformed one throws `invalid_request`. The other problems are those of the service.
 */
export function createPlayerHandlers({
  service,
  players,
}: {
  service: PlayerService;
  players: PlayerStore;
}): PlayerHandlers {
  return {
    async listPlayers({ query: { limit, after } }) {
      const [tokens, id] = numbersInCursor(after, 2);
      const last = tokens === undefined || id === undefined ? undefined : { tokens, id };
      return pageOf(await players.list({ limit: limit + 1, after: last }), limit, keyOf);
    },

    async createPlayer({ body, principal, from }, reply) {
      const player = await service.create(body, principal, from);
      reply.location(pathOf(endpoints.readPlayer, { id: player.id }));
      return player;
    },

    readPlayer: ({ params }) => service.read(params.id),

    updatePlayer: ({ params, body, principal, from }) => service.update(params.id, body, principal, from),

    async deletePlayer({ params, principal, from }) {
      await service.remove(params.id, principal, from);
      return undefined;
    },
  };
}

function keyOf({ tokens, id }: Player): string {
  return `${tokens}.${id}`;
}
