import knex from 'knex';
import { AppError, codeOf } from '../errors.ts';

/** Runs a write to a table with unique uids. Throws `uid_taken` if another row has the uid. */
export async function refusingTakenUid<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError('uid_taken', { cause: error });
    throw error;
  }
}

/**
 * Whether the database could not do its work: down, locked for too long,
 * full or read-only. A retry later may help.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof knex.KnexTimeoutError) return true;
  const code = codeOf(error) ?? '';
  return unavailable.has(code) || unavailableSqlState.test(code) || connectionLost.test(messageOf(error));
}

/**
 * PostgreSQL's classes of errors: connection, a transaction rolled back, resources, shutdown; a server that
 * is read-only; and the time-outs that an operator can set for statements, locks and idle transactions.
 */
const unavailableSqlState = /^(08...|40...|53...|57P..|25006|57014|55P03|25P0[34])$/;

const unavailable = new Set([
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENOENT',
]);

/** What pg says, without a code, when a connection breaks during a statement. */
const connectionLost =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Connection ended unexpectedly/i;

/** Whether the database refused a row because another has the same unique value. */
function isUniqueViolation(error: unknown): boolean {
  return (
    codeOf(error) === '23505' ||
    (codeOf(error) === 'SQLITE_CONSTRAINT' && messageOf(error).includes('UNIQUE'))
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
