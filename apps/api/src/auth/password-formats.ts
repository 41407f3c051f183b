/**
 * The forms in which a password is stored, and how costly each is to check:
 * argon2id as a PHC string, and the two that Werkzeug makes (`pbkdf2:sha256:N$salt$hex`, `scrypt:N:r:p$salt$hex`).
 */
export type StoredPassword =
  | { readonly kind: 'argon2id'; readonly text: string }
  | { readonly kind: 'pbkdf2'; readonly iterations: number; readonly salt: string; readonly hash: Buffer }
  | {
      readonly kind: 'scrypt';
      readonly n: number;
      readonly r: number;
      readonly p: number;
      readonly salt: string;
      readonly hash: Buffer;
    };

/** A format with its work factors: `argon2id:19456:2:1`, `pbkdf2:sha256:600000`, `scrypt:32768:8:1`. Equal methods take equal time. */
export type PasswordMethod = string;

/** What this installation makes. */
export const currentMethods = {
  argon2id: 'argon2id:19456:2:1',
  'pbkdf2:sha256': 'pbkdf2:sha256:600000',
} as const satisfies Record<string, PasswordMethod>;

export type PasswordHash = keyof typeof currentMethods;

const argon2id =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
const pbkdf2 = /^pbkdf2:sha256:(\d{1,8})\$([^$]{1,64})\$([0-9a-f]{64})$/;
const scrypt = /^scrypt:(\d{1,7}):(\d{1,3}):(\d{1,2})\$([^$]{1,64})\$([0-9a-f]{128})$/;

/**
 * Reads a stored password; undefined where it is no format of ours, is one that the libraries would refuse to check, or
 * would cost more than a sign-in may.
 */
export function readStoredPassword(
  text: string,
): { method: PasswordMethod; stored: StoredPassword } | undefined {
  return readArgon2id(text) ?? readPbkdf2(text) ?? readScrypt(text);
}

// The caps on reading: a row from an imported database must not be able to make one sign-in take minutes or gigabytes.

function readArgon2id(text: string) {
  const match = argon2id.exec(text);
  const [memory, time, parallelism] = numbers(match, 3);
  if (!match || !memory || !time || !parallelism || memory > 262_144 || time > 10 || parallelism > 8)
    return undefined;
  // Every lane has 8 blocks at least (RFC 9106, section 3.1).
  if (memory < 8 * parallelism || !match.slice(4).every(isCanonicalBase64)) return undefined;
  return { method: `argon2id:${memory}:${time}:${parallelism}`, stored: { kind: 'argon2id', text } as const };
}

function readPbkdf2(text: string) {
  const match = pbkdf2.exec(text);
  const [iterations] = numbers(match, 1);
  if (!match || !iterations || iterations > 5_000_000) return undefined;
  const [, , salt = '', hex = ''] = match;
  return {
    method: `pbkdf2:sha256:${iterations}`,
    stored: { kind: 'pbkdf2', iterations, salt, hash: Buffer.from(hex, 'hex') } as const,
  };
}

function readScrypt(text: string) {
  const match = scrypt.exec(text);
  const [n, r, p] = numbers(match, 3);
  if (
    !match ||
    !n ||
    !r ||
    !p ||
    !isPowerOfTwo(n) ||
    n > 1_048_576 ||
    128 * n * r > 256 * 1024 * 1024 ||
    p > 16
  )
    return undefined;
  // N must be less than 2^(128 r / 8) (RFC 7914, section 2).
  if (n >= 2 ** (16 * r)) return undefined;
  const [, , , , salt = '', hex = ''] = match;
  return {
    method: `scrypt:${n}:${r}:${p}`,
    stored: { kind: 'scrypt', n, r, p, salt, hash: Buffer.from(hex, 'hex') } as const,
  };
}

function numbers(match: RegExpExecArray | null, count: number): number[] {
  return match?.slice(1, count + 1).map(Number) ?? [];
}

/** Without padding, as PHC strings have it, and without spare bits. */
function isCanonicalBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64').replace(/=+$/, '') === text;
}

function isPowerOfTwo(n: number): boolean {
  return n > 1 && (n & (n - 1)) === 0;
}
