import { createHash, createHmac, pbkdf2Sync, scryptSync } from 'node:crypto';

/** How Werkzeug turns a password into bytes: its name for the method, with factors, and the salt. */
export type Derivation = {
  /** `sha256`, `pbkdf2:sha1:1000`, `scrypt:32768:8:1`, in one spelling. */
  readonly method: string;
  readonly salt: string;
  /** The length of what it gives. */
  readonly bytes: number;
};

/** The hashes that Werkzeug 0.x to 2.x looked up by name, with their lengths in bytes. */
const hashes: ReadonlyMap<string, number> = new Map([
  ['md5', 16],
  ['sha1', 20],
  ['sha224', 28],
  ['sha256', 32],
  ['sha384', 48],
  ['sha512', 64],
]);

/** The counts that were Werkzeug's default, from 0.9 to 3.1: what it assumes for a hash that names none. */
const defaultCounts = [1000, 50_000, 150_000, 260_000, 600_000, 1_000_000];

/** Reads a method of Werkzeug's; undefined where it is unknown, or OpenSSL refuses its factors. */
export function derivationOf(method: string, salt: string): Derivation | undefined {
  const [kind = '', ...factors] = method.split(':');
  const digestBytes = hashes.get(kind);
  if (digestBytes !== undefined && factors.length === 0) return { method, salt, bytes: digestBytes };
  const [hash = ''] = kind === 'pbkdf2' ? factors.splice(0, 1) : [];
  // Digits alone: `Number` would also read `1e30` and `0x10`, which Werkzeug does not.
  if (salt === '' || !factors.every((factor) => /^\d{1,8}$/.test(factor))) return undefined;
  if (kind === 'pbkdf2' && factors.length === 1) return pbkdf2Of(hash, Number(factors[0]), salt);
  if (kind === 'scrypt' && factors.length === 3) return scryptOf(factors.map(Number), salt);
  return undefined;
}

/** Each derivation that may be meant by `pbkdf2:HASH` without a count. Empty for an unknown hash. */
export function uncountedDerivations(hash: string, salt: string): readonly Derivation[] {
  // SHA-256 has been the default hash since before the last two counts, and with the
  // slower ones they would cost too much.
  const counts = hash === 'sha256' ? defaultCounts : defaultCounts.slice(0, 4);
  return counts.map((count) => pbkdf2Of(hash, count, salt)).filter((each) => each !== undefined);
}

/** What the password becomes. Throws where OpenSSL refuses. */
export function derive(password: string, { method, salt, bytes }: Derivation): Buffer {
  const [kind = '', ...factors] = method.split(':');
  if (kind === 'pbkdf2') return pbkdf2Sync(password, salt, Number(factors[1]), bytes, factors[0] ?? '');
  if (kind === 'scrypt') {
    const [n = 0, r = 0, p = 0] = factors.map(Number);
    // What OpenSSL needs: N + 2 blocks of 128 r bytes, and p more.
    return scryptSync(password, salt, bytes, { N: n, r, p, maxmem: 128 * r * (n + p + 2) + 1 });
  }
  // The salt is the HMAC's key. Without a salt Werkzeug hashes the password alone.
  return salt === ''
    ? createHash(kind).update(password).digest()
    : createHmac(kind, salt).update(password).digest();
}

function pbkdf2Of(hash: string, count: number, salt: string): Derivation | undefined {
  const bytes = hashes.get(hash);
  if (bytes === undefined || !Number.isInteger(count) || count < 1 || salt === '') return undefined;
  return { method: `pbkdf2:${hash}:${count}`, salt, bytes };
}

function scryptOf([n = 0, r = 0, p = 0]: readonly number[], salt: string): Derivation | undefined {
  const isPowerOfTwo = n > 1 && Number.isInteger(Math.log2(n));
  // 2^20 bounds what 128 N r may come to before it is compared; N must be less
  // than 2^(128 r / 8) (RFC 7914, section 2).
  if (!isPowerOfTwo || n > 2 ** 20 || !(r >= 1) || !(p >= 1) || p > 16 || n >= 2 ** (16 * r))
    return undefined;
  if (128 * n * r > 256 * 1024 * 1024) return undefined;
  return { method: `scrypt:${n}:${r}:${p}`, salt, bytes: 64 };
}
