import { encode, encodeBytes, inspect, withPayload } from '../../token/inspect.ts';
import { signExample } from '../../token/verify.ts';

type Members = Readonly<Record<string, unknown>>;

/** The token with this change of its header, and the signature that it had. */
export function withHeader(token: string, change: Members): string {
  const [, ...rest] = token.split('.');
  return [encode(JSON.stringify({ ...inspect(token).header.members, ...change })), ...rest].join('.');
}

/** The token with this change of its claims, and the signature that it had. */
export function withClaims(token: string, change: Members): string {
  return withPayload(token, { ...inspect(token).payload.members, ...change });
}

/** The token, signed again with a key that the attacker chose. */
export async function signedWith(token: string, secret: string): Promise<string> {
  const signed = token.slice(0, token.lastIndexOf('.'));
  return `${signed}.${encodeBytes(await signExample(signed, secret))}`;
}
