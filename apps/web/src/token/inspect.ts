import { Algorithm, Claims } from '@signet/contracts';

export type PartName = 'header' | 'payload' | 'signature';

/** A part of a token, decoded as far as it can be. */
export type InspectedPart = {
  readonly text: string;
  /** The members of the JSON object in it; undefined if it has none. */
  readonly members: Readonly<Record<string, unknown>> | undefined;
  /** Why it cannot be read, in one sentence. */
  readonly fault: string | undefined;
};

export type Inspected = {
  readonly header: InspectedPart;
  readonly payload: InspectedPart;
  readonly signature: InspectedPart;
};

/**
 * Decodes each part of a token by itself, so that one damaged part hides nothing of the others. It verifies nothing.
 */
export function inspect(token: string): Inspected {
  const [header = '', payload = '', ...rest] = token.split('.');
  return {
    header: inspectJson(header),
    payload: inspectJson(payload),
    signature: inspectBytes(rest.join('.')),
  };
}

/** The token with this payload, and the signature that it had: what somebody gets who changes a claim. */
export function withPayload(token: string, members: Readonly<Record<string, unknown>>): string {
  const [header = '', , ...rest] = token.split('.');
  return [header, encode(JSON.stringify(members)), ...rest].join('.');
}

/** Text as base64url of its UTF-8 (RFC 7515, section 2). */
export function encode(text: string): string {
  return encodeBytes(new TextEncoder().encode(text));
}

export function encodeBytes(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The bytes of base64url without padding. Throws for anything else. */
export function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export type Rung = {
  readonly name: string;
  /** `unknown`: nobody has judged it yet. */
  readonly state: 'holds' | 'fails' | 'unknown';
  readonly says: string;
};

/**
 * What can be said of a token without its key, in the order in which the API asks: shape, header, signature (which only
 * a key can settle), issuer and audience, times. `nowSeconds` is the API's clock.
 */
export function judge({ header, payload, signature }: Inspected, nowSeconds: number): readonly Rung[] {
  return [
    judgeShape([header, payload, signature]),
    judgeHeader(header),
    {
      name: 'Signature',
      state: 'unknown',
      says: 'Needs the key. Verify it here with the secret, or ask the API.',
    },
    judgeClaims(payload),
    judgeTimes(payload, nowSeconds),
  ];
}

function judgeShape(parts: readonly InspectedPart[]): Rung {
  const fault = parts.find((part) => part.fault !== undefined)?.fault;
  return {
    name: 'Shape',
    state: fault === undefined ? 'holds' : 'fails',
    says: fault ?? 'Three parts in base64url, the first two of them JSON objects.',
  };
}

function judgeHeader({ members }: InspectedPart): Rung {
  const name = 'Header';
  if (!members) return { name, state: 'unknown', says: 'It cannot be read.' };
  const strange = Object.keys(members).find((member) => !['alg', 'typ', 'kid'].includes(member));
  if (!Algorithm.safeParse(members.alg).success)
    return {
      name,
      state: 'fails',
      says: `alg is ${show(members.alg)}. Signet accepts ${Algorithm.options.join(', ')}.`,
    };
  if (members.typ !== 'at+jwt')
    return {
      name,
      state: 'fails',
      says: `typ is ${show(members.typ)}, and an access token of Signet says at+jwt.`,
    };
  if (typeof members.kid !== 'string')
    return { name, state: 'fails', says: 'kid is missing: it says which key signed.' };
  if (strange !== undefined)
    return {
      name,
      state: 'fails',
      says: `${strange} is a member that Signet never writes, so it refuses it.`,
    };
  return { name, state: 'holds', says: `Signed with ${show(members.alg)}, for the key ${members.kid}.` };
}

function judgeClaims({ members }: InspectedPart): Rung {
  const name = 'Claims';
  if (!members) return { name, state: 'unknown', says: 'They cannot be read.' };
  const parsed = Claims.safeParse(members);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const claim = issue?.path.join('.') ?? '';
    const isMissing = members[claim] === undefined;
    return {
      name,
      state: 'fails',
      says: `${claim} ${isMissing ? 'is missing' : 'has a value of another kind'}.`,
    };
  }
  const { iss, aud } = parsed.data;
  return {
    name,
    state: 'holds',
    says: `All are there. The issuer is ${iss}, the audience is ${aud}; the API compares both.`,
  };
}

function judgeTimes({ members }: InspectedPart, now: number): Rung {
  const name = 'Times';
  const { iat, exp, nbf } = members ?? {};
  if (typeof iat !== 'number' || typeof exp !== 'number')
    return { name, state: 'unknown', says: 'Without iat and exp there is nothing to compare.' };
  if (exp <= iat) return { name, state: 'fails', says: 'exp is not after iat.' };
  const begin = Math.max(iat, typeof nbf === 'number' ? nbf : 0);
  if (begin > now + 5)
    return { name, state: 'fails', says: 'It is not valid yet: iat or nbf lies in the future.' };
  if (exp <= now) return { name, state: 'fails', says: 'It has expired: exp has been reached.' };
  return { name, state: 'holds', says: 'Issued in the past, and not expired.' };
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : typeof value === 'string' ? value : JSON.stringify(value);
}

function inspectJson(text: string): InspectedPart {
  const bytes = inspectBytes(text);
  if (bytes.fault !== undefined) return bytes;
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decodeBytes(text));
    const value: unknown = JSON.parse(decoded);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { text, members: value as Record<string, unknown>, fault: undefined };
    return { text, members: undefined, fault: 'A part is JSON, and not an object.' };
  } catch {
    return {
      text,
      members: undefined,
      fault: 'A part is base64url, and what it encodes is not JSON in UTF-8.',
    };
  }
}

function inspectBytes(text: string): InspectedPart {
  const strange = /[^A-Za-z0-9_-]/.exec(text);
  return { text, members: undefined, fault: faultOf(text, strange) };
}

function faultOf(text: string, strange: RegExpExecArray | null): string | undefined {
  if (text === '') return 'A part is empty.';
  if (strange) {
    const what =
      strange[0] === '=' ? 'padding (=), which base64url in a token does not have' : `“${strange[0]}”`;
    return `Character ${strange.index + 1} of a part is ${what}.`;
  }
  return text.length % 4 === 1
    ? 'A part has a length that base64url cannot have: a character is missing.'
    : undefined;
}
