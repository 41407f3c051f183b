import { Claims, TokenHeader } from '@signet/contracts';

export type DecodedToken = {
  /** The three encoded parts: header, payload, signature. */
  readonly parts: readonly [string, string, string];
  readonly header: unknown;
  readonly payload: unknown;
  /** Absent if the payload is not one that this API issues. */
  readonly claims: Claims | undefined;
  readonly algorithm: string | undefined;
};

const compactToken = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)$/;

/** Whether the text has a token's shape (RFC 7515, section 7.1). Does not decode it. */
export function isToken(text: string): boolean {
  return text.length <= 4096 && compactToken.test(text);
}

/** Decodes a token without verifying it, which needs the key; null if it cannot be decoded. */
export function decodeToken(token: string): DecodedToken | null {
  const [, header, payload, signature] = compactToken.exec(token) ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return null;
  try {
    const decoded = { header: decodeJson(header), payload: decodeJson(payload) };
    return {
      parts: [header, payload, signature],
      ...decoded,
      claims: Claims.safeParse(decoded.payload).data,
      algorithm: TokenHeader.safeParse(decoded.header).data?.alg,
    };
  } catch {
    return null;
  }
}

function decodeJson(part: string): unknown {
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // `ignoreBOM` keeps a byte order mark in the text, so that JSON.parse refuses it, as the API does.
  return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
}
