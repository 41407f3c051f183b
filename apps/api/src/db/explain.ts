import { codeOf } from '../errors.ts';
import type { DatabaseConfig } from './connect.ts';

/** Runs the opening of a database. What it throws names the fix, where the cause is known. */
export async function explaining<Result>(
  { engine }: DatabaseConfig,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const fix = engine === 'postgres' && error instanceof Error ? fixFor(error) : undefined;
    if (fix === undefined || !(error instanceof Error)) throw error;
    throw new Error(`PostgreSQL: ${error.message || codeOf(error)}. ${fix}`, { cause: error });
  }
}

const certificate =
  'No authority that this machine trusts has signed the server’s certificate. Add sslrootcert=/path/to/ca.pem to ' +
  'DATABASE_URL, or sslmode=no-verify to encrypt without checking who answers';

/** These end a start that takes long, such as a migration of many rows. */
function timeout(name: string): string {
  return `Set the timeout higher, or to 0 for none: ALTER ROLE ROLE SET ${name} = 0`;
}

const fixes: Readonly<Record<string, string>> = {
  '28P01': 'Correct the user or the password in DATABASE_URL',
  '28000':
    'Correct the user in DATABASE_URL, or let it in by pg_hba.conf; "no encryption" asks for sslmode=verify-full',
  '3D000': 'Create the database (createdb NAME), or correct its name in DATABASE_URL',
  '25006': 'Point DATABASE_URL at the primary, or promote this server',
  '42501':
    'As a superuser, grant the role what it lacks, for a schema: GRANT USAGE, CREATE ON SCHEMA public TO ROLE',
  '57014': timeout('statement_timeout'),
  '55P03': `Something else holds the lock for longer. ${timeout('lock_timeout')}`,
  '25P03': timeout('idle_in_transaction_session_timeout'),
  '25P04': timeout('transaction_timeout'),
  '57P05': timeout('idle_session_timeout'),
  ENOTFOUND: 'Correct the host in DATABASE_URL',
  ECONNREFUSED: 'Start the server, or correct host and port in DATABASE_URL',
  SELF_SIGNED_CERT_IN_CHAIN: certificate,
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate,
  CERT_HAS_EXPIRED: 'Renew the server’s certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Use a host name in DATABASE_URL that the server’s certificate has',
};

function fixFor(error: Error): string | undefined {
  if (/does not support SSL/.test(error.message))
    return 'Turn TLS on at the server, or remove sslmode from DATABASE_URL';
  return fixes[codeOf(error) ?? ''];
}
