import type { Cause } from './cause.ts';
import { cookie } from './cookie.ts';
import { grant } from './grant.ts';
import { network } from './network.ts';
import { noFault } from './no-fault.ts';
import { origin } from './origin.ts';
import { session } from './session.ts';
import { token } from './token.ts';

export type { Cause } from './cause.ts';

/** The catalogue: every cause that the doctor can name, and its texts. */
const all = { ...network, ...origin, ...grant, ...cookie, ...token, ...session, ...noFault } as const;

export type CauseId = keyof typeof all;

export const causes: Readonly<Record<CauseId, Cause>> = all;

export const causeIds = Object.keys(all) as CauseId[];

export function isCauseId(text: string): text is CauseId {
  return Object.hasOwn(all, text);
}
