import type { Attack } from './attack.ts';

const tokens = 'apps/api/src/auth/tokens.ts';
const authenticate = 'apps/api/src/auth/authenticate.ts';
const guard = 'apps/api/src/http/origin-guard.ts';

/** The attacks by what they attack, in the order of learning. */
export const attackGroups: readonly { readonly title: string; readonly attacks: readonly Attack[] }[] = [
  {
    title: 'The token',
    attacks: [
      {
        id: 'changed-claim',
        title: 'Change a claim',
        tries: 'Sign in as niko, write toby into the claims, and keep the signature.',
        refuser: 'signature',
        rule: 'signature',
        source: { file: tokens, code: "throw refusal('signature')" },
        need: 'nothing',
      },
      {
        id: 'wrong-key',
        title: 'Sign with another key',
        tries: 'Write toby into the claims, and sign them with the key "secret".',
        refuser: 'signature',
        rule: 'signature',
        source: { file: tokens, code: "throw refusal('signature')" },
        need: 'nothing',
        lesson:
          'It would work where the key is guessed: the API does not start with a short or a well-known one.',
      },
      {
        id: 'alg-none',
        title: 'Say that there is no signature',
        tries: 'Write toby into the claims, and "alg": "none" into the header.',
        refuser: 'header',
        rule: 'alg',
        source: { file: tokens, code: "member === 'alg'" },
        need: 'nothing',
        lesson:
          'Libraries that believed the header let such tokens in. Here the key names its only algorithm.',
      },
      {
        id: 'own-key',
        title: 'Bring the key along',
        tries: 'Sign with a key of my own, and put that key into the header as "jwk".',
        refuser: 'header',
        rule: 'header-member',
        source: { file: tokens, code: "'header-member'" },
        need: 'nothing',
      },
      {
        id: 'kid-path',
        title: 'Name a file as the key',
        tries: 'Let "kid" lead to an empty file, and sign with nothing.',
        refuser: 'header',
        rule: 'kid',
        source: { file: tokens, code: "throw refusal('kid')" },
        need: 'nothing',
        lesson: 'A kid is looked up in a list in memory. It is never a path and never a part of a query.',
      },
      {
        id: 'expired',
        title: 'Use a token of yesterday',
        tries: 'Send a token that the API’s own key signed, and that expired a day ago.',
        refuser: 'claims',
        rule: 'exp',
        source: { file: tokens, code: "throw refusal('exp')" },
        need: 'nothing',
      },
      {
        id: 'other-audience',
        title: 'Use a token for another API',
        tries: 'Send a token that the same key signed for another audience.',
        refuser: 'claims',
        rule: 'aud',
        source: { file: tokens, code: "throw refusal('aud')" },
        need: 'nothing',
        lesson: 'Without this rule one weak API that shares a key opens all the others.',
      },
    ],
  },
  {
    title: 'The session',
    attacks: [
      {
        id: 'signed-out',
        title: 'Keep a token after the sign-out',
        tries: 'Copy a token, sign out, and send the copy, whose signature and times are right.',
        refuser: 'session',
        rule: 'session',
        source: { file: authenticate, code: "throw refusal('session')" },
        need: 'nothing',
      },
      {
        id: 'refresh-replay',
        title: 'Use a refresh token twice',
        tries: 'Steal a refresh token, wait until its owner has refreshed twice, and use it.',
        refuser: 'session',
        rule: 'refresh-reused',
        source: { file: 'apps/api/src/sessions/refresh.ts', code: "throw refusal('refresh-reused')" },
        need: 'nothing',
        lesson: 'The session ends at once for thief and owner, because the API cannot tell who is who.',
      },
    ],
  },
  {
    title: 'The cookie',
    attacks: [
      {
        id: 'carrier-swap',
        title: 'Move a token into a cookie',
        tries: 'A program on another port of this host plants a bearer token as your cookie.',
        refuser: 'carrier',
        rule: 'carrier',
        source: { file: authenticate, code: "throw refusal('carrier')" },
        need: 'no cookie',
        lesson: 'Cookies ignore ports. A session knows by which flow it began, and no other carries it.',
      },
      {
        id: 'cookie-tossing',
        title: 'Put a second cookie before yours',
        tries:
          'The neighbour plants a cookie of the same name and a longer path, which the browser sends first.',
        refuser: 'carrier',
        rule: 'two-cookies',
        source: { file: 'apps/api/src/auth/cookies.ts', code: "throw refusal('two-cookies')" },
        need: 'cookie',
        lesson: 'Over https the name begins with __Host-, and then no neighbour can set such a cookie.',
      },
    ],
  },
  {
    title: 'A foreign page',
    attacks: [
      {
        id: 'csrf-same-site',
        title: 'Write a post from a page on the same site',
        tries:
          'A page on another port sends a form to POST /api/posts. Ports do not count: your cookie travels.',
        refuser: 'origin',
        rule: 'origin-unlisted',
        source: { file: guard, code: "throw refusal('origin-unlisted')" },
        need: 'cookie',
        lesson: 'SameSite did not help: the cookie arrived. Only the list of origins stopped it.',
      },
      {
        id: 'csrf-cross-site',
        title: 'Write a post from a page on another site',
        tries: 'The same form, from the same page under this machine’s other name: that is another site.',
        refuser: 'browser',
        rule: 'no-token',
        source: { file: 'packages/contracts/src/policy/cookies.ts', code: "sameSite: 'lax'" },
        need: 'cookie',
        lesson: 'SameSite=Lax: the browser kept the cookie, so the request came without a token.',
      },
      {
        id: 'csrf-json',
        title: 'Send JSON from a foreign page',
        tries: 'The page on another port calls fetch with JSON, for which the browser asks the API first.',
        refuser: 'origin',
        rule: 'preflight-origin',
        source: { file: 'apps/api/src/http/cors.ts', code: "throw refusal('preflight-origin')" },
        need: 'cookie',
        lesson: 'The request itself was never sent.',
      },
      {
        id: 'sign-in-csrf',
        title: 'Sign you in as somebody else',
        tries:
          'The foreign page sends the credentials of hop, so that what you write lands in their account.',
        refuser: 'origin',
        rule: 'origin-unlisted',
        source: { file: guard, code: "throw refusal('origin-unlisted')" },
        need: 'nothing',
      },
    ],
  },
];
