import { endpoints } from '@signet/contracts';
import type { AttackId } from './attack.ts';
import { signedWith, withClaims, withHeader } from './forge.ts';
import type { Kit, Tried } from './kit.ts';

/** The first user of the demo data, who is an admin. */
const admin = { sub: '1', _uid: 'toby' };

/** How each attack is made. Apart from the cards, because no page needs it before somebody presses. */
export const attackRuns: Readonly<Record<AttackId, (kit: Kit) => Promise<Tried>>> = {
  'changed-claim': async ({ signIn, send }) => send(withClaims((await signIn()).token, admin)),
  'wrong-key': async ({ signIn, send }) =>
    send(await signedWith(withClaims((await signIn()).token, admin), 'secret')),
  'alg-none': async ({ signIn, send }) =>
    send(withHeader(withClaims((await signIn()).token, admin), { alg: 'none' })),
  'own-key': async ({ signIn, send }) => {
    const jwk = { kty: 'oct', k: 'bXktb3du' };
    return send(await signedWith(withHeader((await signIn()).token, { jwk }), 'my-own'));
  },
  // HMAC fills a short key up with zeros, so this is the empty key (RFC 2104, section 2).
  'kid-path': async ({ signIn, send }) =>
    send(await signedWith(withHeader((await signIn()).token, { kid: '../../../dev/null' }), '\0')),
  expired: async ({ mint, send }) => send(await mint('expired')),
  'other-audience': async ({ mint, send }) => send(await mint('other-audience')),
  'signed-out': async ({ signIn, signOut, send }) => {
    const { token } = await signIn();
    await signOut(token);
    return send(token);
  },
  'refresh-replay': async ({ signIn, refresh }) => {
    const stolen = (await signIn()).refresh_token;
    const second = refreshTokenOf(await refresh(stolen));
    await refresh(second);
    return refresh(stolen);
  },
  // The same act twice: what refuses it depends on whether a cookie session is there already.
  'carrier-swap': plantToken,
  'cookie-tossing': plantToken,
  'csrf-same-site': ({ sendFrom }) => sendFrom('same-site', endpoints.createPost, 'post'),
  'csrf-cross-site': ({ sendFrom }) => sendFrom('cross-site', endpoints.createPost, 'post'),
  'csrf-json': ({ sendFrom }) => sendFrom('same-site', endpoints.createPost, 'post-json'),
  'sign-in-csrf': ({ sendFrom }) => sendFrom('same-site', endpoints.authenticateUser, 'sign-in'),
};

async function plantToken({ signIn, plant, sendCookies }: Kit): Promise<Tried> {
  await plant((await signIn()).token);
  return sendCookies();
}

function refreshTokenOf(tried: Tried): string {
  const body = tried.by === 'this page' ? tried.answer.body : undefined;
  if (typeof body !== 'object' || body === null || !('refresh_token' in body))
    throw new Error('The API did not refresh the session');
  return String(body.refresh_token);
}
