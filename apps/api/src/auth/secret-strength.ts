/** Values that stand in tutorials, and therefore in every attacker's list; also when repeated to make up the length. */
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

/** What is wrong with a secret: HS256 needs a key of at least 32 bytes (RFC 7518, section 3.2), and one that cannot be guessed. */
export function problemOfSecret(secret: string): string | undefined {
  if (secret === '') return 'is empty.';
  const plain = secret.toLowerCase();
  if (wellKnownSecrets.some((known) => plain.replaceAll(known, '').replace(/[\s\d_.!-]/g, '') === ''))
    return 'is a well-known value.';
  const bytes = Buffer.byteLength(secret);
  if (bytes < 32) return `has ${bytes} bytes and needs at least 32.`;
  if (new Set(secret).size < 8) return 'repeats the same few characters.';
  return undefined;
}
