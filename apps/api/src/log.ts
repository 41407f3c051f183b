import { type DestinationStream, type Logger, pino } from 'pino';
import { codeOf } from './errors.ts';

/** The process's log: JSON lines on standard output. */
export function createLog({ level }: { level: string }, destination?: DestinationStream): Logger {
  return pino(
    { level, serializers: { err: describe }, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
}

/**
 * The members of an error that are logged. Other members are left out, because those of a database error hold
 * the values of the statement, password hashes among them.
 */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    code: codeOf(error),
    stack,
    ...(cause !== undefined && { cause: describe(cause) }),
  };
}
