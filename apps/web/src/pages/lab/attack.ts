import type { RefusalRule } from '@signet/contracts';

/** What can stop an attack, as the reader may guess it. */
export const refusers = {
  header: 'The header of the token',
  signature: 'The signature',
  claims: 'A claim of the token',
  session: 'The session',
  carrier: 'The place where the token came from',
  origin: 'The origin of the page',
  browser: 'The browser itself',
} as const;
export type Refuser = keyof typeof refusers;

/** Which sign-in an attack needs, besides throw-away tokens. */
export type Need =
  | 'nothing'
  /** A cookie in the browser: the reader's own, or that of a throw-away sign-in. */
  | 'cookie'
  /** No cookie session, because one would hide what is tried. */
  | 'no cookie';

export type AttackId =
  | 'changed-claim'
  | 'wrong-key'
  | 'alg-none'
  | 'own-key'
  | 'kid-path'
  | 'expired'
  | 'other-audience'
  | 'signed-out'
  | 'refresh-replay'
  | 'carrier-swap'
  | 'cookie-tossing'
  | 'csrf-same-site'
  | 'csrf-cross-site'
  | 'csrf-json'
  | 'sign-in-csrf';

export type Attack = {
  readonly id: AttackId;
  readonly title: string;
  /** What is tried, in one or two sentences. */
  readonly tries: string;
  readonly refuser: Refuser;
  /** The rule that has to refuse, as the API's trace names it. */
  readonly rule: RefusalRule;
  /** The file that refuses, from the root of the repository, and the code in it. */
  readonly source: { readonly file: string; readonly code: string };
  readonly need: Need;
  /** Why the rule is there, where the rule's own sentence does not say it. */
  readonly lesson?: string;
};
