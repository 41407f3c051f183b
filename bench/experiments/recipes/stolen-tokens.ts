import type { Answer } from '../../rig/calls.ts';
import { json } from '../../rig/calls.ts';
import { cookiesOf, type Group, password, type Scene, told, type User } from './recipe.ts';

const owner = { headers: { 'user-agent': 'the owner' } };
const thief = { headers: { 'user-agent': 'the thief' }, from: '127.0.0.66' };

const refresh = (scene: Scene, refresh_token: string, as: typeof owner | typeof thief): Promise<Answer> =>
  scene.call('POST', '/api/sessions/refresh', { ...as, body: { refresh_token } });

/** Exchanges the owner's refresh token; returns the pair of tokens that replaces it. */
async function renew(scene: Scene, refreshToken: string): Promise<{ token: string; refresh_token: string }> {
  const answer = await refresh(scene, refreshToken, owner);
  if (answer.status !== 200) throw new Error(`the owner's refresh: ${told(answer)}`);
  return json(answer);
}

const protectedBy = async (scene: Scene, token: string) =>
  told(await scene.call('GET', '/protected', { token }));

/** What copies of tokens are good for. */
export const stolenTokens: Group = {
  name: 'stolen tokens',
  recipes: [
    {
      tried: "a thief elsewhere presents the owner's last refresh token within the grace window",
      expected: '409 refresh_elsewhere; the owner 200, 200',
      async run(scene) {
        const { refreshToken } = await scene.newUser();
        const next = await renew(scene, refreshToken);
        const stolen = await refresh(scene, refreshToken, thief);
        const again = await refresh(scene, next.refresh_token, owner);
        return `${told(stolen)}; the owner ${await protectedBy(scene, next.token)}, ${told(again)}`;
      },
    },
    {
      tried: 'a thief on the same machine rides along in the grace window',
      expected:
        '200; recorded as refresh_repeated; after a new password of the owner 401 session_ended, 401 session_ended',
      async run(scene) {
        const user = await scene.newUser();
        const { token } = await renew(scene, user.refreshToken);
        const stolen = await refresh(scene, user.refreshToken, owner);
        const boss = await scene.admin();
        const path = `/api/audit?event=refresh_repeated&user=${user.id}`;
        const [event] = json<{ event: string }[]>(await scene.call('GET', path, { token: boss }));
        const changed = { current_password: password, new_password: 'another password altogether' };
        await scene.call('PUT', '/api/users/me/password', { token, body: changed });
        const copy = json<{ token: string; refresh_token: string }>(stolen);
        const [access, next] = [
          await protectedBy(scene, copy.token),
          await refresh(scene, copy.refresh_token, owner),
        ];
        return `${told(stolen)}; recorded as ${event?.event}; after a new password of the owner ${access}, ${told(next)}`;
      },
    },
    {
      tried: 'a thief waits for the moment of a refresh in the list of sessions',
      expected: 'its last use is rounded to 5 minutes, and is the same after a refresh',
      async run(scene) {
        const { refreshToken } = await scene.newUser();
        const first = await renew(scene, refreshToken);
        const before = await lastUse(scene, first.token);
        const second = await renew(scene, first.refresh_token);
        const after = await lastUse(scene, second.token);
        return Date.parse(before) % 300_000 === 0 && (before === after || isAtBoundary(before, after))
          ? 'its last use is rounded to 5 minutes, and is the same after a refresh'
          : `before ${before}, after ${after}`;
      },
    },
    {
      tried: 'an old copy of a refresh token is presented',
      expected: '401 refresh_reused; the owner 401 session_ended, 401 session_ended',
      async run(scene) {
        const { refreshToken } = await scene.newUser();
        const first = await renew(scene, refreshToken);
        const second = await renew(scene, first.refresh_token);
        const stolen = await refresh(scene, refreshToken, thief);
        const next = await refresh(scene, second.refresh_token, owner);
        return `${told(stolen)}; the owner ${await protectedBy(scene, second.token)}, ${told(next)}`;
      },
    },
    {
      tried: "the token of a cookie as a bearer's, a bearer's as a cookie, one of each together, two cookies",
      expected: '401 token_invalid, 401 token_invalid, 401 token_invalid, 401 cookies_ambiguous',
      async run(scene) {
        const user = await scene.newUser();
        const cookie = await cookieOf(scene, user);
        const attempts: Record<string, string>[] = [
          { authorization: `Bearer ${cookie.slice('jwt='.length)}` },
          { cookie: `jwt=${user.token}` },
          { authorization: 'Bearer nonsense', cookie },
          { cookie: `${cookie}; ${cookie}` },
        ];
        const answers = await Promise.all(
          attempts.map((headers) => scene.call('GET', '/protected', { headers })),
        );
        return answers.map(told).join(', ');
      },
    },
    {
      tried: 'one wrong character at each end of a token, alg none, an extra part, base64 with padding',
      expected:
        '401 token_invalid, 401 token_invalid, 401 token_invalid, 401 token_invalid, 400 invalid_request',
      async run(scene) {
        const { token } = await scene.newUser();
        const [, payload] = token.split('.');
        const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
        const other = (character: string | undefined) => (character === 'A' ? 'B' : 'A');
        const forged = [
          `${other(token[0])}${token.slice(1)}`,
          `${token.slice(0, -2)}${other(token.at(-2))}${token.slice(-1)}`,
          `${none}.${payload}.`,
          `${token}.${token.split('.')[2]}`,
          `${token.replace('.', '=.')}`,
        ];
        const answers = await Promise.all(forged.map((each) => protectedBy(scene, each)));
        return answers.join(', ');
      },
    },
  ],
};

async function lastUse(scene: Scene, token: string): Promise<string> {
  const sessions = json<{ current: boolean; last_used_at: string }[]>(
    await scene.call('GET', '/api/sessions', { token }),
  );
  return sessions.find(({ current }) => current)?.last_used_at ?? '';
}

/** The five minutes may be over between the two. */
function isAtBoundary(before: string, after: string): boolean {
  return Date.parse(after) - Date.parse(before) === 300_000;
}

async function cookieOf(scene: Scene, { uid }: User): Promise<string> {
  const answer = await scene.call('POST', '/api/users/authenticate', { body: { uid, password } });
  return cookiesOf(answer).find((pair) => pair.startsWith('jwt=')) ?? '';
}
