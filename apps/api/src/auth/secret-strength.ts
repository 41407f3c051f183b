/** Values from tutorials, which every attacker tries; also when they are repeated to make up the length. */
const wellKnownSecrets = [
  'secret_key',
  'secret-key',
  'secretkey',
  'secret',
  'changeme',
  'change-me',
  'change_me',
  'password',
  'signet',
  'jwt',
  'key',
  'test',
  'dev',
  'your-256-bit-secret',
  'super-secret',
  'supersecret',
];

/**
 * What makes a secret easy to guess, if anything does. HS256 needs a key of at
 * least 32 bytes (RFC 7518, section 3.2).
 */
export function problemOfSecret(secret: Buffer): string | undefined {
  if (secret.length === 0) return 'is empty.';
  // Byte by byte: a key need not be text.
  const plain = secret.toString('latin1').toLowerCase();
  if (wellKnownSecrets.some((known) => plain.replaceAll(known, '').replace(/[\s\d_.!-]/g, '') === ''))
    return 'is a well-known value.';
  if (secret.length < 32) return `has ${secret.length} bytes and needs at least 32.`;
  if (new Set(secret).size < 8) return 'repeats the same few characters.';
  return undefined;
}
