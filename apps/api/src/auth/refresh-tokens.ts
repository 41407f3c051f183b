import { createHmac, timingSafeEqual } from 'node:crypto';

const pattern = /^([A-Za-z0-9_-]{22})\.(0|[1-9]\d{0,9})\.([A-Za-z0-9_-]{43})$/;

/** What an authentic refresh token says. */
export type PresentedRefresh = { readonly session_id: string; readonly generation: number };

export type RefreshTokens = ReturnType<typeof createRefreshTokens>;

/**
 * Refresh tokens, `sid.generation.mac`. Nothing of them is stored, and the key of the MAC (HMAC-SHA-256) is
 * not in the database, so a thief of the database cannot forge one.
 */
export function createRefreshTokens([key, ...previousKeys]: readonly Buffer[]) {
  if (!key) throw new Error('A key for refresh tokens is needed');

  return {
    make: (session_id: string, generation: number): string => {
      const message = `${session_id}.${generation}`;
      return `${message}.${mac(key, message)}`;
    },

    /** The session and generation of a token, or undefined if no key of the ring made it. */
    read: (token: string): PresentedRefresh | undefined => {
      const [, session_id, generation, given] = pattern.exec(token) ?? [];
      if (!session_id || !generation || !given) return undefined;
      const message = `${session_id}.${generation}`;
      const candidates = [key, ...previousKeys].map((each) => mac(each, message));
      // Compared in constant time, because the delay would tell how much of a guess is right. Compared as
      // text, because decoders ignore spare bits in the last character, and a token must have only one form.
      const made = candidates.some((expected) => timingSafeEqual(Buffer.from(expected), Buffer.from(given)));
      return made ? { session_id, generation: Number(generation) } : undefined;
    },
  };
}

function mac(key: Buffer, message: string): string {
  return createHmac('sha256', key).update(message).digest('base64url');
}
