import { join, resolve } from 'node:path';
import { withoutEndOfLine } from '../auth/secret-form.ts';
import type { DatabaseConfig } from '../db/connect.ts';
import type { FileReader } from './read-files.ts';
import type { Report, VariableReader } from './read-variables.ts';

type DatabaseSources = {
  readonly read: VariableReader;
  readonly files: FileReader;
  readonly dataDir: string;
  readonly report: Report;
};

/** What pg's connection string takes; it would read any other word as verify-full, without telling. */
const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** Which database to use: `DATABASE_URL`, or SQLite in `DATA_DIR`. */
export function readDatabase({ read, files, dataDir, report }: DatabaseSources): DatabaseConfig {
  const url = read.text('DATABASE_URL', '');
  const passwordFile = read.text('DATABASE_PASSWORD_FILE', '');
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) {
    const sslmode = new URL(url).searchParams.get('sslmode');
    if (sslmode !== null && !sslModes.includes(sslmode))
      report(`DATABASE_URL has sslmode=${sslmode}, and only ${sslModes.join(', ')} are known.`);
    return {
      engine: 'postgres',
      url: passwordFile ? withPassword(url) : url,
      poolMax: read.whole('DATABASE_POOL_MAX', 10, 1, 1000),
      ...(read.text('DATABASE_MAX_BYTES', '') && {
        maxBytes: read.whole('DATABASE_MAX_BYTES', 1, 1, Number.MAX_SAFE_INTEGER),
      }),
    };
  }
  if (passwordFile)
    report(
      'DATABASE_PASSWORD_FILE is for a DATABASE_URL that begins with postgres://. Remove it, or set that.',
    );
  if (read.text('DATABASE_POOL_MAX', ''))
    report('DATABASE_POOL_MAX is for PostgreSQL. Remove it, or set DATABASE_URL to one.');
  if (read.text('DATABASE_MAX_BYTES', ''))
    report('DATABASE_MAX_BYTES is for PostgreSQL. Remove it, or set DATABASE_URL to one.');
  if (url === '') return { engine: 'sqlite', file: join(dataDir, 'signet.db') };
  const [, path] = /^sqlite:(.+)$/.exec(url) ?? [];
  if (path) return { engine: 'sqlite', file: path === ':memory:' ? path : resolve(path) };
  // The value is not shown: a mistyped URL may well hold a password.
  report('DATABASE_URL must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME.');
  return { engine: 'sqlite', file: ':memory:' };

  function withPassword(given: string): string {
    const complete = new URL(given);
    if (complete.password)
      report('DATABASE_URL has a password, and DATABASE_PASSWORD_FILE is given too. Keep one.');
    const text = files.text('DATABASE_PASSWORD_FILE', passwordFile);
    if (text === undefined) return given;
    // Nothing else is taken off: spaces and quotes may belong to a password.
    const password = withoutEndOfLine(Buffer.from(text)).toString();
    if (password === '')
      report(`DATABASE_PASSWORD_FILE: ${passwordFile} is empty. Write the password into it.`);
    complete.password = encodeURIComponent(password);
    return complete.href;
  }
}
