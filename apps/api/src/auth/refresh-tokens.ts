import { createHmac, timingSafeEqual } from 'node:crypto';

const pattern = /^([A-Za-z0-9_-]{22})\.(0|[1-9]\d{0,9})\.([A-Za-z0-9_-]{43})$/;

export type RefreshTokens = ReturnType<typeof createRefreshTokens>;

/**
 * Refresh tokens, `sid.generation.mac`. Nothing of them is stored: whoever steals the database can make none, since
 * the key of the MAC (HMAC-SHA-256) is not in it.
 */
export function createRefreshTokens([key, ...previousKeys]: readonly Buffer[]) {
  if (!key) throw new Error('A key for refresh tokens is needed');

  return {
    make: (session_id: string, generation: number): string => {
      const message = `${session_id}.${generation}`;
      return `${message}.${mac(key, message)}`;
    },

    /** What the token stands for, or undefined where we did not make it. Any key of the ring may have. */
    read: (token: string): { session_id: string; generation: number } | undefined => {
      const [, session_id, generation, given] = pattern.exec(token) ?? [];
      if (!session_id || !generation || !given) return undefined;
      const message = `${session_id}.${generation}`;
      const candidates = [key, ...previousKeys].map((each) => mac(each, message));
      // Compared in constant time, or the answer's delay would tell how much of a guess is right; and as text, since a
      // decoder forgives spare bits in the last character, and a token must have one spelling only.
      const made = candidates.some((expected) => timingSafeEqual(Buffer.from(expected), Buffer.from(given)));
      return made ? { session_id, generation: Number(generation) } : undefined;
    },
  };
}

function mac(key: Buffer, message: string): string {
  return createHmac('sha256', key).update(message).digest('base64url');
}
