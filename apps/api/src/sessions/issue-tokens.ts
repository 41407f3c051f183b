import type { RefreshTokens } from '../auth/refresh-tokens.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { UserRow } from '../users/row.ts';
import type { SessionRow } from './row.ts';

/** A session's user, with the two tokens that carry the session. */
export type Issued = { readonly user: UserRow; readonly token: string; readonly refreshToken: string };

export type IssueTokens = ReturnType<typeof createIssueTokens>;

/** Signs the access token and the refresh token of a session. Nothing of either is stored. */
export function createIssueTokens({
  tokens,
  refreshTokens,
}: {
  tokens: Pick<Tokens, 'sign'>;
  refreshTokens: Pick<RefreshTokens, 'make'>;
}) {
  return (user: UserRow, session: SessionRow): Issued => ({
    user,
    token: tokens.sign({ user_id: user.id, uid: user.uid, session_id: session.id }),
    refreshToken: refreshTokens.make(session.id, session.generation),
  });
}
