import type { Player } from '@signet/contracts';

export type Placed = {
  readonly player: Player;
  /** From 1. Equal tokens share a rank, and the ranks after it are skipped: 1, 2, 2, 4. */
  readonly rank: number;
  /** Of the leader's tokens, from 0 to 1. */
  readonly share: number;
};

/** Ranks the players. Expects them in the API's order, by tokens, highest first, from the first page on. */
export function placeOf(players: readonly Player[]): Placed[] {
  const most = players[0]?.tokens ?? 0;
  let rank = 0;
  return players.map((player, index) => {
    if (player.tokens !== players[index - 1]?.tokens) rank = index + 1;
    return { player, rank, share: most > 0 ? player.tokens / most : 0 };
  });
}
