import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { Algorithm } from '@signet/contracts';
import { type CookieProfile, cookieProfiles } from './auth/cookies.ts';
import { currentMethods, type PasswordHash } from './auth/password-methods.ts';
import { problemOfSecret } from './auth/secret-strength.ts';
import type { DatabaseConfig } from './db/connect.ts';
import { isHostName, isLoopback, problemOfOrigin } from './http/origins.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the API is told from outside, grouped by who uses it. */
export type Config = {
  readonly server: { readonly host: string; readonly port: number; readonly trustProxy: number };
  readonly log: { readonly level: LogLevel };
  readonly database: DatabaseConfig;
  readonly demoData: boolean;
  readonly origins: readonly string[];
  readonly cookies: { readonly profile: CookieProfile; readonly partitioned: boolean };
  readonly passwords: { readonly passwordHash: PasswordHash };
  readonly signup: 'open' | 'closed';
  readonly tokens: { readonly issuer: string; readonly audience: string; readonly lifetimeSeconds: number };
  readonly sessions: {
    readonly idleSeconds: number;
    readonly maxSeconds: number;
    readonly graceSeconds: number;
  };
  readonly keys: {
    /** The secret itself, or the file in which one is kept and, at first, made. */
    readonly secret: Buffer | { readonly file: string };
    readonly previousSecrets: readonly Buffer[];
    readonly algorithm: Algorithm;
    readonly privateKey: KeyObject | undefined;
    readonly previousPublicKeys: readonly KeyObject[];
  };
};

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
type LogLevel = (typeof logLevels)[number];

/** The configuration is wrong. `problems` names everything that is, each with its fix. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((each) => `  - ${each}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

/** Where the configuration looks beyond the environment. */
export type Surroundings = {
  /** The text of a file; throws where it cannot be read. */
  readonly readFile: (path: string) => string;
  /** `DATA_DIR` where none is given. */
  readonly defaultDataDir: string;
};

const makeSecretCommand = `node -e "console.log(require('node:crypto').randomBytes(48).toString('base64url'))"`;
const day = 24 * 60 * 60;

/**
 * Reads the whole configuration. The same environment and files give the same answer; nothing else is asked.
 * Throws {@link ConfigError} with all problems at once.
 */
export function readConfig(env: Environment, { readFile, defaultDataDir }: Surroundings): Config {
  const problems: string[] = [];
  const read = createReader(env, problems);

  const dataDir = resolve(read.text('DATA_DIR', defaultDataDir));
  const database = readDatabase(read, { readFile, dataDir }, problems);
  const origins = readOrigins(
    read.list('WEB_ORIGINS', ['http://localhost:4100', 'http://127.0.0.1:4100']),
    problems,
  );
  const foreign = origins.filter((origin) => !isLoopback(origin));
  const profile = read.choice('COOKIE_PROFILE', cookieProfiles, 'local');
  const partitioned = read.flag('COOKIE_PARTITIONED', false);
  const demoData = read.flag('DEMO_DATA', foreign.length === 0);
  const idleSeconds = read.whole('SESSION_IDLE_SECONDS', 7 * day, 60, 365 * day);
  const maxSeconds = read.whole('SESSION_MAX_SECONDS', 30 * day, 60, 3650 * day);

  if (profile === 'local' && foreign.length > 0) {
    problems.push(
      `COOKIE_PROFILE=local is for loopback only, and WEB_ORIGINS has ${foreign.join(', ')}. Set COOKIE_PROFILE to same-origin, same-site or cross-site, whichever the deployment is.`,
    );
  }
  if (demoData && foreign.length > 0) {
    problems.push(
      `DEMO_DATA=true would put users with published passwords behind ${foreign.join(', ')}. Remove it, or set WEB_ORIGINS to loopback origins only.`,
    );
  }
  if (partitioned && profile !== 'cross-site') {
    problems.push(
      'COOKIE_PARTITIONED=true has a meaning under COOKIE_PROFILE=cross-site only. Remove it, or set that profile.',
    );
  }
  if (idleSeconds > maxSeconds) {
    problems.push('SESSION_IDLE_SECONDS is longer than SESSION_MAX_SECONDS. Make it the same or shorter.');
  }

  const config: Config = {
    server: {
      host: read.host('HOST', '127.0.0.1'),
      port: read.whole('PORT', 8086, 0, 65_535),
      trustProxy: read.whole('TRUST_PROXY', 0, 0, 10),
    },
    log: { level: read.choice('LOG_LEVEL', logLevels, 'info') },
    database,
    demoData,
    origins,
    cookies: { profile, partitioned },
    passwords: {
      passwordHash: read.choice('PASSWORD_HASH', Object.keys(currentMethods) as PasswordHash[], 'argon2id'),
    },
    signup: read.choice('SIGNUP', ['open', 'closed'] as const, 'open'),
    tokens: {
      issuer: read.claim('JWT_ISSUER', 'http://localhost:8086'),
      audience: read.claim('JWT_AUDIENCE', 'signet'),
      lifetimeSeconds: read.whole('ACCESS_TOKEN_SECONDS', 3600, 60, 3600),
    },
    sessions: { idleSeconds, maxSeconds, graceSeconds: read.whole('REFRESH_GRACE_SECONDS', 10, 0, 300) },
    keys: readKeys(read, { readFile, dataDir, engine: database.engine }, problems),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

type Reader = ReturnType<typeof createReader>;

/** Readers of one variable each. A problem is noted and the fallback stands in, so that the reading goes on to the end. */
function createReader(env: Environment, problems: string[]) {
  const text = (name: string, fallback: string): string => env[name]?.trim() || fallback;

  const choice = <Choice extends string>(
    name: string,
    choices: readonly Choice[],
    fallback: Choice,
  ): Choice => {
    const given = text(name, fallback);
    const chosen = choices.find((each) => each === given);
    if (chosen === undefined)
      problems.push(`${name}=${given} is not known. Set it to one of: ${choices.join(', ')}.`);
    return chosen ?? fallback;
  };

  return {
    text,
    choice,
    list: (name: string, fallback: readonly string[]): readonly string[] => {
      const given = text(name, '');
      return given === '' ? fallback : given.split(',').map((each) => each.trim());
    },
    host: (name: string, fallback: string): string => {
      const given = text(name, fallback);
      if (isIP(given) === 0 && !isHostName(given))
        problems.push(`${name}=${given} is neither an address nor the name of a host.`);
      return given;
    },
    /** A text that every token carries: a token has 4 kB at most. */
    claim: (name: string, fallback: string): string => {
      const given = text(name, fallback);
      if (given.length > 255) problems.push(`${name} has ${given.length} characters. It may have 255.`);
      return given;
    },
    flag: (name: string, fallback: boolean): boolean =>
      choice(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true',
    whole: (name: string, fallback: number, min: number, max: number): number => {
      const given = text(name, String(fallback));
      const value = /^\d{1,10}$/.test(given) ? Number(given) : Number.NaN;
      if (value >= min && value <= max) return value;
      problems.push(`${name}=${given} must be a whole number from ${min} to ${max}.`);
      return fallback;
    },
  };
}

function readDatabase(
  read: Reader,
  { readFile, dataDir }: { readFile: Surroundings['readFile']; dataDir: string },
  problems: string[],
): DatabaseConfig {
  const url = read.text('DATABASE_URL', '');
  const passwordFile = read.text('DATABASE_PASSWORD_FILE', '');
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url))
    return { engine: 'postgres', url: withPassword(url) };
  if (passwordFile)
    problems.push(
      'DATABASE_PASSWORD_FILE is for a DATABASE_URL that begins with postgres://. Remove it, or set that.',
    );
  if (url === '') return { engine: 'sqlite', file: join(dataDir, 'signet.db') };
  const [, path] = /^sqlite:(.+)$/.exec(url) ?? [];
  if (path) return { engine: 'sqlite', file: path === ':memory:' ? path : resolve(path) };
  // The value is not shown: a mistyped URL may well hold a password.
  problems.push('DATABASE_URL must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME.');
  return { engine: 'sqlite', file: ':memory:' };

  function withPassword(given: string): string {
    if (passwordFile === '') return given;
    const complete = new URL(given);
    if (complete.password)
      problems.push('DATABASE_URL has a password, and DATABASE_PASSWORD_FILE is given too. Keep one.');
    try {
      complete.password = encodeURIComponent(readFile(passwordFile).trim());
    } catch {
      problems.push(
        `DATABASE_PASSWORD_FILE: ${passwordFile} cannot be read. Check the path and its permissions.`,
      );
    }
    return complete.href;
  }
}

function readOrigins(given: readonly string[], problems: string[]): string[] {
  return [...new Set(given)].filter((origin) => {
    const problem = problemOfOrigin(origin);
    if (problem) problems.push(`WEB_ORIGINS has "${origin}": ${problem}`);
    return problem === undefined;
  });
}

type KeySources = {
  readonly readFile: Surroundings['readFile'];
  readonly dataDir: string;
  readonly engine: DatabaseConfig['engine'];
};

function readKeys(
  read: Reader,
  { readFile, dataDir, engine }: KeySources,
  problems: string[],
): Config['keys'] {
  const algorithm = read.choice('JWT_ALGORITHM', Algorithm.options, 'HS256');
  const privateKeyFile = read.text('JWT_PRIVATE_KEY_FILE', '');
  if (algorithm !== 'HS256' && privateKeyFile === '') {
    problems.push(`JWT_ALGORITHM=${algorithm} needs JWT_PRIVATE_KEY_FILE, the path of a private key in PEM.`);
  }
  if (algorithm === 'HS256' && privateKeyFile !== '') {
    problems.push(
      'JWT_PRIVATE_KEY_FILE is given, and JWT_ALGORITHM=HS256 has no use for it. Set JWT_ALGORITHM to RS256, PS256 or ES256, or remove it.',
    );
  }
  return {
    secret: readSecret(),
    previousSecrets: read
      .list('PREVIOUS_SECRET_KEYS', [])
      .map((each) => checkedSecret('PREVIOUS_SECRET_KEYS', each)),
    algorithm,
    privateKey:
      algorithm === 'HS256' || privateKeyFile === ''
        ? undefined
        : readPem('JWT_PRIVATE_KEY_FILE', privateKeyFile, createPrivateKey, [algorithm]),
    previousPublicKeys: read
      .list('JWT_PREVIOUS_PUBLIC_KEY_FILES', [])
      .map((file) => readPem('JWT_PREVIOUS_PUBLIC_KEY_FILES', file, createPublicKey, ['RS256', 'ES256']))
      .filter((key) => key !== undefined),
  };

  function readSecret(): Config['keys']['secret'] {
    const given = read.text('SECRET_KEY', '');
    const file = read.text('SECRET_KEY_FILE', '');
    if (given && file) problems.push('SECRET_KEY and SECRET_KEY_FILE are both given. Keep one.');
    if (given) return checkedSecret('SECRET_KEY', given);
    if (file) return checkedSecret('SECRET_KEY_FILE', readText('SECRET_KEY_FILE', file)?.trim());
    if (engine === 'postgres') {
      problems.push(
        `SECRET_KEY (or SECRET_KEY_FILE) is needed with PostgreSQL, the same for every process. Make one with: ${makeSecretCommand}`,
      );
    }
    return checkedSecretFile(join(dataDir, 'secret.key'));
  }

  /** A file in which a secret is kept, or will be. One that is there already is held to what holds for every other. */
  function checkedSecretFile(file: string): { readonly file: string } {
    let secret: string;
    try {
      secret = readFile(file).trim();
    } catch {
      return { file };
    }
    const problem = problemOfSecret(secret);
    if (problem)
      problems.push(`${file} ${problem} Remove it to have a new one made; that signs everybody out.`);
    return { file };
  }

  function checkedSecret(name: string, secret: string | undefined): Buffer {
    const problem = secret === undefined ? undefined : problemOfSecret(secret);
    // The value itself is not shown: the log of a failed start is no place for a secret.
    if (problem) problems.push(`${name} ${problem} Make a good one with: ${makeSecretCommand}`);
    return Buffer.from(secret ?? '');
  }

  function readPem(
    name: string,
    file: string,
    parse: (pem: string) => KeyObject,
    algorithms: Algorithm[],
  ): KeyObject | undefined {
    const pem = readText(name, file);
    if (pem === undefined) return undefined;
    try {
      const key = parse(pem);
      const misfit = algorithms.some((each) => fits(key, each))
        ? undefined
        : `holds a key that ${algorithms.join(' or ')} cannot use`;
      if (misfit)
        problems.push(
          `${name}: ${file} ${misfit}. RS256 and PS256 take RSA of at least 2048 bits, ES256 the curve P-256.`,
        );
      return misfit ? undefined : key;
    } catch {
      problems.push(`${name}: ${file} is no key in PEM.`);
      return undefined;
    }
  }

  function readText(name: string, file: string): string | undefined {
    try {
      return readFile(file);
    } catch {
      problems.push(`${name}: ${file} cannot be read. Check the path and its permissions.`);
      return undefined;
    }
  }
}

function fits(key: KeyObject, algorithm: Algorithm): boolean {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (algorithm === 'ES256') return key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1';
  return key.asymmetricKeyType === 'rsa' && modulusLength >= 2048;
}
