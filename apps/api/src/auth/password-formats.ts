import { type Derivation, derivationOf, uncountedDerivations } from './derivation.ts';
import { costOf, currentMethods, maxCheckMs, type PasswordMethod } from './password-methods.ts';

/**
 * A stored password, in one of three forms:
 * - argon2id as a PHC string;
 * - what Werkzeug makes today: `pbkdf2:sha256:N$salt$hex`, `scrypt:N:r:p$salt$hex`;
 * - an older hash of Werkzeug's wrapped in argon2id, `wrapped:METHOD$salt$` and a PHC string: argon2id over the old
 *   hash's hex digits, so that the table never holds a hash that is fast to guess.
 */
export type StoredPassword =
  | { readonly kind: 'argon2id'; readonly text: string }
  | { readonly kind: 'derived'; readonly derivation: Derivation; readonly hash: Buffer }
  /** Several derivations where the old hash did not name its count: any of them may be the right one. */
  | { readonly kind: 'wrapped'; readonly derivations: readonly Derivation[]; readonly text: string };

type Read = { readonly method: PasswordMethod; readonly stored: StoredPassword };

/** Stored in place of a password that nothing verifies against: it has none of the forms. */
export const unusablePassword = '!';

const argon2id =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
/** Werkzeug's `method$salt$hex`. A salt has no NUL because PostgreSQL stores none. */
const werkzeug = /^([a-z0-9:]{1,40})\$([^$\0]{0,64})\$([0-9a-f]{32,128})$/;
const wrapped = /^wrapped:([a-z0-9:]{1,40})\$([^$\0]{0,64})\$(\$argon2id\$.{1,256})$/;
/**
 * The counts may be missing: `pbkdf2:sha256`, `pbkdf2:sha256:`, and
 * `:0`, which Werkzeug reads as its default.
 */
const uncounted = /^pbkdf2:([a-z0-9]+)(?::0?)?$/;

/** A Werkzeug hash that is checked in less time is wrapped before it is stored. */
const fastBelowMs = 20;

/**
 * Reads a stored password; undefined where it has none of the forms, is one that the libraries
 * would refuse to check, or would cost more than a sign-in may: a row from an imported database
 * must not make one take minutes or gigabytes.
 */
export function readStoredPassword(text: string): Read | undefined {
  const read = readArgon2id(text) ?? readDerived(text) ?? readWrapped(text);
  return read && costOf(read.method) <= maxCheckMs ? read : undefined;
}

/**
 * Reads a hash by any version of Werkzeug that must not be stored as it is: one that is fast to guess, in a
 * form that is no longer made, or without its count. `wrap` gives the text to store from the argon2id hash of
 * `digest`. Undefined for every other text.
 */
export function readLegacyPassword(text: string) {
  const [, form = '', salt = '', digest = ''] = werkzeug.exec(text) ?? [];
  const current = readDerived(text);
  if (current && costOf(current.method) >= fastBelowMs) return undefined;
  const derivations = derivationsOf(form, salt);
  if (derivations[0]?.bytes !== digest.length / 2) return undefined;
  const method = methodOfWrapped(derivations, currentMethods.argon2id);
  if (costOf(method) > maxCheckMs) return undefined;
  return { method, digest, wrap: (phc: string): string => `wrapped:${form}$${salt}$${phc}` };
}

function readArgon2id(text: string): Read | undefined {
  const match = argon2id.exec(text);
  const [memory = 0, time = 0, parallelism = 0] = match?.slice(1, 4).map(Number) ?? [];
  if (!match || memory > 262_144 || time > 10 || parallelism > 8) return undefined;
  // Every lane has 8 blocks at least (RFC 9106, section 3.1).
  if (memory < 8 * parallelism || !match.slice(4).every(isCanonicalBase64)) return undefined;
  return { method: `argon2id:${memory}:${time}:${parallelism}`, stored: { kind: 'argon2id', text } };
}

function readDerived(text: string): Read | undefined {
  const [, method = '', salt = '', hex = ''] = werkzeug.exec(text) ?? [];
  // Werkzeug's other methods are read only where they are wrapped.
  const derivation = /^(pbkdf2:sha256|scrypt):/.test(method) ? derivationOf(method, salt) : undefined;
  if (derivation?.bytes !== hex.length / 2) return undefined;
  return {
    method: derivation.method,
    stored: { kind: 'derived', derivation, hash: Buffer.from(hex, 'hex') },
  };
}

function readWrapped(text: string): Read | undefined {
  const [, form = '', salt = '', phc = ''] = wrapped.exec(text) ?? [];
  const outer = readArgon2id(phc);
  const derivations = derivationsOf(form, salt);
  if (!outer || derivations.length === 0) return undefined;
  return {
    method: methodOfWrapped(derivations, outer.method),
    stored: { kind: 'wrapped', derivations, text: phc },
  };
}

function derivationsOf(form: string, salt: string): readonly Derivation[] {
  const [, hash] = uncounted.exec(form) ?? [];
  if (hash !== undefined) return uncountedDerivations(hash, salt);
  const derivation = derivationOf(form, salt);
  return derivation ? [derivation] : [];
}

function methodOfWrapped(derivations: readonly Derivation[], outer: PasswordMethod): PasswordMethod {
  const [kind, hash] = derivations[0]?.method.split(':') ?? [];
  if (derivations.length > 1) return `uncounted:${hash}`;
  // One hash or HMAC takes microseconds, which nobody can tell from argon2id alone.
  return kind === 'pbkdf2' || kind === 'scrypt' ? `${derivations[0]?.method}+${outer}` : outer;
}

/** Without padding, as PHC strings have it, and without spare bits. */
function isCanonicalBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64').replace(/=+$/, '') === text;
}
