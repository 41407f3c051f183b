import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Algorithm } from '@signet/contracts';
import type { DatabaseConfig } from '../db/connect.ts';
import type { FileReader, ReadFile } from './read-files.ts';
import type { Report, VariableReader } from './read-variables.ts';
import { readPreviousSecrets, readSecret } from './secrets.ts';

export type KeyConfig = {
  /** The secret itself, or the file that keeps it and in which it is made at the first start. */
  readonly secret: Buffer | { readonly file: string };
  readonly previousSecrets: readonly Buffer[];
  readonly algorithm: Algorithm;
  readonly privateKey: KeyObject | undefined;
  readonly previousPublicKeys: readonly KeyObject[];
};

export type KeySources = {
  readonly read: VariableReader;
  readonly files: FileReader;
  readonly readFile: ReadFile;
  readonly dataDir: string;
  readonly engine: DatabaseConfig['engine'];
  readonly report: Report;
};

/** The keys that sign and verify tokens. */
export function readKeys(sources: KeySources): KeyConfig {
  const { read, report } = sources;
  const algorithm = read.choice('JWT_ALGORITHM', Algorithm.options, 'HS256');
  const privateKeyFile = read.text('JWT_PRIVATE_KEY_FILE', '');
  if (algorithm !== 'HS256' && privateKeyFile === '')
    report(`JWT_ALGORITHM=${algorithm} needs JWT_PRIVATE_KEY_FILE, the path of a private key in PEM.`);
  if (algorithm === 'HS256' && privateKeyFile !== '')
    report(
      'JWT_PRIVATE_KEY_FILE is given, and JWT_ALGORITHM=HS256 has no use for it. Set JWT_ALGORITHM to ' +
        'RS256, PS256 or ES256, or remove it.',
    );
  return {
    secret: readSecret(sources),
    previousSecrets: readPreviousSecrets(sources),
    algorithm,
    privateKey:
      algorithm === 'HS256' || privateKeyFile === ''
        ? undefined
        : readPem('JWT_PRIVATE_KEY_FILE', privateKeyFile, createPrivateKey, [algorithm], sources),
    previousPublicKeys: read
      .list('JWT_PREVIOUS_PUBLIC_KEY_FILES', [])
      .map((file) =>
        readPem('JWT_PREVIOUS_PUBLIC_KEY_FILES', file, createPublicKey, ['RS256', 'ES256'], sources),
      )
      .filter((key) => key !== undefined),
  };
}

function readPem(
  name: string,
  file: string,
  parse: (pem: string) => KeyObject,
  algorithms: Algorithm[],
  { files, report }: KeySources,
): KeyObject | undefined {
  const pem = files.text(name, file);
  if (pem === undefined) return undefined;
  const key = parsed();
  if (!key) report(`${name}: ${file} is not a key in PEM.`);
  if (!key || algorithms.some((each) => fits(key, each))) return key;
  report(
    `${name}: ${file} holds a key that ${algorithms.join(' or ')} cannot use. RS256 and PS256 take ` +
      'RSA of at least 2048 bits, ES256 the curve P-256.',
  );
  return undefined;

  function parsed(): KeyObject | undefined {
    try {
      return parse(pem ?? '');
    } catch {
      return undefined;
    }
  }
}

function fits(key: KeyObject, algorithm: Algorithm): boolean {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (algorithm === 'ES256') return key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1';
  return key.asymmetricKeyType === 'rsa' && modulusLength >= 2048;
}
