import type { Authenticated, TokenAnswer, User } from '@signet/contracts';
import { findBearer } from '../auth/authenticate.ts';
import type { Cookies } from '../auth/cookies.ts';
import type { DeviceTokens } from '../auth/device-tokens.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { Handlers, Reply } from '../http/call.ts';
import type { UserRow } from '../users/row.ts';
import type { PasswordChange } from './change-password.ts';
import type { Issued } from './issue-tokens.ts';
import type { Refresh } from './refresh.ts';
import type { SessionService } from './service.ts';
import type { SignIn } from './sign-in.ts';

type TokenHandlers = Pick<
  Handlers,
  'authenticateUser' | 'createToken' | 'readProtected' | 'refreshSession' | 'changePassword'
>;

type TokenHandlerDeps = {
  readonly signIn: SignIn;
  readonly refresh: Refresh;
  readonly changePassword: PasswordChange;
  readonly sessionsOf: SessionService['sessionsOf'];
  readonly cookies: Cookies;
  readonly deviceTokens: DeviceTokens;
  readonly identifyDevice: Tokens['identifyDevice'];
  readonly tokenSeconds: number;
  /** The user as they see themselves. */
  readonly presentSelf: (user: UserRow) => User;
};

/**
 * Whatever answers with new tokens, in the form of the caller's carrier: in the body, or as cookies. And
 * `readProtected`, the article's page that needs one.
 */
export function createTokenHandlers({
  signIn,
  refresh,
  changePassword,
  sessionsOf,
  cookies,
  deviceTokens,
  identifyDevice,
  tokenSeconds,
  presentSelf,
}: TokenHandlerDeps): TokenHandlers {
  return {
    async authenticateUser({ body, headers, from }, reply) {
      const replaced = sessionsOf(cookies.readAll(headers).tokens);
      const devices = deviceTokens.read(cookies.readDevices(headers));
      const brought = { replaced, devices };
      const issued = await signIn(body, 'cookie', 'Invalid user id or password', from, brought);
      const answer = asCookies(issued, `Authentication for ${issued.user.uid} successful`, reply);
      reply.setCookie(cookies.setDevice(deviceTokens.renew(issued.user.id, devices)));
      return answer;
    },

    async createToken({ body: { username, password }, headers, from }) {
      // The token of an earlier session, expired or not, does for this flow what the device cookie does for
      // the other.
      const token = findBearer(headers.authorization);
      const device = token === undefined ? undefined : identifyDevice(token);
      const devices = device ? [device] : [];
      const credentials = { uid: username, password };
      return asBearer(await signIn(credentials, 'bearer', 'Bad username or password', from, { devices }));
    },

    readProtected: ({ principal }) => ({ id: principal.user_id, username: principal.uid }),

    async refreshSession({ body, headers, from }, reply) {
      const { quota, ...issued } = await refresh(
        body
          ? { carrier: 'bearer', refreshTokens: [body.refresh_token], tokens: [] }
          : { carrier: 'cookie', ...cookies.readAll(headers) },
        from,
      );
      reply.quota(quota);
      if (body) return asBearer(issued);
      return asCookies(issued, `Session of ${issued.user.uid} renewed`, reply);
    },

    async changePassword({ body, principal, from }, reply) {
      const issued = await changePassword(body, principal, from);
      return principal.carrier === 'bearer'
        ? asBearer(issued)
        : asCookies(issued, `Password of ${issued.user.uid} changed`, reply);
    },
  };

  function asCookies({ user, token, refreshToken }: Issued, message: string, reply: Reply): Authenticated {
    for (const header of cookies.set(token, refreshToken)) reply.setCookie(header);
    return { message, data: { user: presentSelf(user) } };
  }

  function asBearer({ user, token, refreshToken }: Issued): TokenAnswer {
    return {
      token,
      user_id: user.id,
      token_type: 'Bearer',
      expires_in: tokenSeconds,
      refresh_token: refreshToken,
    };
  }
}
