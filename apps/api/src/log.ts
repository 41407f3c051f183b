import { type DestinationStream, type Logger, pino } from 'pino';
import { createClock } from './clock.ts';
import { codeOf } from './errors.ts';
import { createLogOutput } from './log-output.ts';

/**
 * A line has at most so many bytes: callers choose parts of it, and longer lines push the older ones out of
 * the log.
 */
const maxLineBytes = 2048;

/** The longest text of one member. */
const maxMemberLength = 500;

/** The process's log: JSON lines of 2 kB at most, on standard output. */
export function createLog(
  { level }: { level: string },
  destination: DestinationStream = createLogOutput(1),
): Logger {
  const { timestamp } = createClock();
  return pino(
    {
      level,
      serializers: { err: (error: unknown) => describe(error) },
      base: null,
      timestamp: () => `,"time":"${timestamp()}"`,
      hooks: { streamWrite: cut },
    },
    destination,
  );
}

/** The line as it is, or the beginning of its members where it is longer than a line may be. */
function cut(line: string): string {
  if (line.length <= maxLineBytes / 3 || Buffer.byteLength(line) <= maxLineBytes) return line;
  const { level, time, request_id, msg } = JSON.parse(line);
  const rest = {
    level,
    time,
    request_id: begin(request_id, 64),
    cut: begin(line, 300),
    msg: begin(msg, 100),
  };
  return `${JSON.stringify(rest)}\n`;
}

function begin(text: unknown, length: number): string | undefined {
  if (typeof text !== 'string') return undefined;
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/**
 * The members of an error that are logged. Other members are left out, because those of a database error hold
 * the values of the statement, password hashes among them. The causes get what room is left of the line.
 */
function describe(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const length = Math.floor(maxMemberLength / 2 ** depth);
  return {
    type: begin(name, 100),
    message: begin(message, length),
    code: begin(codeOf(error), 100),
    stack: begin(stack, length),
    ...(cause !== undefined && depth < 2 && { cause: describe(cause, depth + 1) }),
  };
}
