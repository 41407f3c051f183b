import { resolve } from 'node:path';
import { type CookieProfile, cookieProfiles, isLoopback, problemOfOrigin } from '@signet/contracts';
import { currentMethods, type PasswordHash } from '../auth/password-methods.ts';
import type { DatabaseConfig } from '../db/connect.ts';
import type { MetricsAccess } from '../system/metrics-access.ts';
import { ConfigError } from './config-error.ts';
import { readDatabase } from './database.ts';
import { readExposure, refuseOutsideOwnMachine } from './exposure.ts';
import { readHosts } from './hosts.ts';
import { type KeyConfig, readKeys } from './keys.ts';
import { readMetricsAccess } from './metrics.ts';
import { createFileReader, type ReadFile } from './read-files.ts';
import { createVariableReader, type Environment, type Report } from './read-variables.ts';
import { readTrace, type TraceConfig } from './trace.ts';

/** The configuration, grouped by the part that uses it. */
export type Config = {
  readonly server: { readonly host: string; readonly port: number; readonly trustProxy: number };
  readonly log: { readonly level: LogLevel };
  readonly database: DatabaseConfig;
  /** Whether the demo rows may be in use; see `Exposure`. */
  readonly demoData: boolean;
  readonly origins: readonly string[];
  /** The host names under which the API answers, beside IP addresses and `localhost`. */
  readonly hosts: readonly string[];
  readonly metrics: MetricsAccess;
  /** Whether only this machine reaches the API. */
  readonly isOwnMachine: boolean;
  /** Undefined where others reach the API: then there is no trace. */
  readonly trace: TraceConfig | undefined;
  readonly cookies: { readonly profile: CookieProfile; readonly partitioned: boolean };
  readonly passwords: { readonly passwordHash: PasswordHash };
  readonly signup: 'open' | 'closed';
  readonly tokens: { readonly issuer: string; readonly audience: string; readonly lifetimeSeconds: number };
  readonly sessions: {
    readonly idleSeconds: number;
    readonly maxSeconds: number;
    readonly graceSeconds: number;
    /** How old the database's word may be by which a principal in memory is granted. */
    readonly stalenessMs: number;
  };
  /** What one user may have. */
  readonly quota: { readonly maxPosts: number; readonly maxBytes: number; readonly maxSessions: number };
  readonly keys: KeyConfig;
  /** How long audit events are kept. */
  readonly audit: { readonly days: number };
};

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
type LogLevel = (typeof logLevels)[number];

/** What the configuration reads apart from the environment. */
export type Surroundings = {
  readonly readFile: ReadFile;
  /** `DATA_DIR` if none is given. */
  readonly defaultDataDir: string;
};

const day = 24 * 60 * 60;
const mebibyte = 1024 * 1024;

/**
 * Reads the whole configuration. It depends on nothing but the environment and the files that it names.
 * Throws {@link ConfigError} with all problems at once.
 */
export function readConfig(env: Environment, { readFile, defaultDataDir }: Surroundings): Config {
  const problems: string[] = [];
  const report = (problem: string) => void problems.push(problem);
  const read = createVariableReader(env, report);
  const files = createFileReader(readFile, report);

  const dataDir = resolve(read.text('DATA_DIR', defaultDataDir));
  const database = readDatabase({ read, files, dataDir, report });
  const origins = readOrigins(
    read.list('WEB_ORIGINS', ['http://localhost:4100', 'http://127.0.0.1:4100']),
    report,
  );
  const server = {
    host: read.host('HOST', '127.0.0.1'),
    port: read.whole('PORT', 8086, 0, 65_535),
    trustProxy: read.whole('TRUST_PROXY', 0, 0, 10),
  };
  const exposure = readExposure({ read, host: server.host, trustProxy: server.trustProxy, origins });
  const profile = read.choice('COOKIE_PROFILE', cookieProfiles, 'local');
  const partitioned = read.flag('COOKIE_PARTITIONED', false);
  const demoData = read.flag('DEMO_DATA', exposure.isOwnMachine);
  const idleSeconds = read.whole('SESSION_IDLE_SECONDS', 7 * day, 60, 365 * day);
  const maxSeconds = read.whole('SESSION_MAX_SECONDS', 30 * day, 60, 3650 * day);

  refuseOutsideOwnMachine(exposure, { demoData, localCookies: profile === 'local' }, report);
  const insecure = origins.filter((origin) => !isLoopback(origin) && !origin.startsWith('https://'));
  if ((profile === 'same-origin' || profile === 'same-site') && insecure.length > 0) {
    report(
      `COOKIE_PROFILE=${profile} needs https origins, and WEB_ORIGINS has ${insecure.join(', ')}. Its ` +
        'cookies are Secure, and browsers never store those over plain http (RFC 6265bis, section ' +
        '5.7). Serve page and API over https, and list the https origin.',
    );
  }
  if (partitioned && profile !== 'cross-site') {
    report(
      'COOKIE_PARTITIONED=true has a meaning under COOKIE_PROFILE=cross-site only. Remove it, or set ' +
        'that profile.',
    );
  }
  if (idleSeconds > maxSeconds) {
    report('SESSION_IDLE_SECONDS is longer than SESSION_MAX_SECONDS. Make it the same or shorter.');
  }

  const issuer = read.claim('JWT_ISSUER', 'http://localhost:8086');

  const config: Config = {
    server,
    log: { level: read.choice('LOG_LEVEL', logLevels, 'info') },
    database,
    demoData,
    origins,
    hosts: readHosts({ read, origins, issuer, profile, report }),
    metrics: readMetricsAccess({ read, exposure, report }),
    isOwnMachine: exposure.isOwnMachine,
    trace: readTrace({ read, exposure, host: server.host }),
    cookies: { profile, partitioned },
    passwords: {
      passwordHash: read.choice('PASSWORD_HASH', Object.keys(currentMethods) as PasswordHash[], 'argon2id'),
    },
    signup: read.choice('SIGNUP', ['open', 'closed'] as const, 'open'),
    tokens: {
      issuer,
      audience: read.claim('JWT_AUDIENCE', 'signet'),
      lifetimeSeconds: read.whole('ACCESS_TOKEN_SECONDS', 3600, 60, 3600),
    },
    sessions: {
      idleSeconds,
      maxSeconds,
      graceSeconds: read.whole('REFRESH_GRACE_SECONDS', 10, 0, 300),
      stalenessMs: read.whole('SESSION_STALENESS_MS', 50, 0, 10_000),
    },
    audit: { days: read.whole('AUDIT_DAYS', 365, 1, 36_500) },
    quota: {
      maxPosts: read.whole('USER_MAX_POSTS', 10_000, 1, 1_000_000_000),
      maxBytes: read.whole('USER_MAX_BYTES', 100 * mebibyte, 1, Number.MAX_SAFE_INTEGER),
      maxSessions: read.whole('USER_MAX_SESSIONS', 50, 1, 10_000),
    },
    keys: readKeys({ read, files, readFile, dataDir, engine: database.engine, report }),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readOrigins(given: readonly string[], report: Report): string[] {
  return [...new Set(given)].filter((origin) => {
    const problem = problemOfOrigin(origin);
    if (problem) report(`WEB_ORIGINS has "${origin}": ${problem}`);
    return problem === undefined;
  });
}
