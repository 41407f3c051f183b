import { uncountedDerivations } from './derivation.ts';

/**
 * The steps that checking a stored password takes, joined by `+`; equal methods take equal time. A step is
 * `argon2id:19456:2:1`, `pbkdf2:sha256:600000`, `scrypt:32768:8:1`, or `uncounted:sha256`: every count that
 * may be meant, each followed by argon2id.
 */
export type PasswordMethod = string;

/** What this installation makes. */
export const currentMethods = {
  argon2id: 'argon2id:19456:2:1',
  'pbkdf2:sha256': 'pbkdf2:sha256:600000',
} as const satisfies Record<string, PasswordMethod>;

export type PasswordHash = keyof typeof currentMethods;

/**
 * What a refused sign-in may cost, in milliseconds of an ordinary core:
 * less than two seconds on a slower one.
 */
export const maxRefusalMs = 1500;

/**
 * What one check may cost: a password with a second spelling in Unicode is checked twice, within two seconds.
 */
export const maxCheckMs = 950;

/** Every step of the methods, each once: what a refusal has to do so that its time tells nothing. */
export function stepsOf(methods: readonly PasswordMethod[]): Set<string> {
  return new Set(methods.flatMap((method) => method.split('+')));
}

/** What one refusal costs while these methods are in use, in milliseconds of an ordinary core, generously. */
export function costOf(...methods: readonly PasswordMethod[]): number {
  return [...stepsOf(methods)].reduce((sum, step) => sum + costOfStep(step), 0);
}

/** Milliseconds for a million iterations, measured with OpenSSL 3 and rounded up. */
const pbkdf2Ms: Readonly<Record<string, number>> = {
  md5: 450,
  sha1: 500,
  sha224: 500,
  sha256: 250,
  sha384: 650,
  sha512: 650,
};
const argon2idMsPerMiB = 1.8;
const scryptMsPerMiB = 4;

function costOfStep(step: string): number {
  const [kind, ...factors] = step.split(':');
  const [first = 0, second = 0, third = 0] = factors.map(Number);
  if (kind === 'argon2id') return ((first * second) / 1024) * argon2idMsPerMiB;
  if (kind === 'scrypt') return ((128 * first * second * third) / 2 ** 20) * scryptMsPerMiB;
  if (kind === 'pbkdf2') return (second / 1_000_000) * (pbkdf2Ms[factors[0] ?? ''] ?? 0);
  if (kind !== 'uncounted') return 0;
  return uncountedDerivations(factors[0] ?? '', 'salt').reduce(
    (sum, { method }) => sum + costOfStep(method) + costOfStep(currentMethods.argon2id),
    0,
  );
}
