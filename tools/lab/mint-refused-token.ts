import { randomBytes } from 'node:crypto';
import { createKeyRing } from '../../apps/api/src/auth/keys.ts';
import { resolveSecret } from '../../apps/api/src/auth/secret-file.ts';
import { createTokens } from '../../apps/api/src/auth/tokens.ts';
import { readProcessConfig } from '../../apps/api/src/process-config.ts';

export const refusedKinds = ['expired', 'other-audience'] as const;
export type RefusedKind = (typeof refusedKinds)[number];

const dayMs = 24 * 60 * 60 * 1000;

/**
 * A token with the right signature of the API on this machine, which it must refuse for its age or its audience. Nobody
 * without the key can make one. Its session does not exist, so it would open nothing even if that rule were missing.
 *
 * Throws `ConfigError` if the environment is not one with which the API starts.
 */
export async function mintRefusedToken(kind: RefusedKind): Promise<string> {
  const config = readProcessConfig();
  const keys = createKeyRing({ ...config.keys, secret: resolveSecret(config.keys.secret) });
  const tokens = createTokens({
    keys,
    ...config.tokens,
    ...(kind === 'other-audience' && { audience: 'another-api' }),
    now: () => (kind === 'expired' ? Date.now() - dayMs : Date.now()),
  });
  return tokens.sign({ user_id: 1, uid: 'toby', session_id: randomBytes(16).toString('base64url') });
}
