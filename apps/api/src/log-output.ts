import { type DestinationStream, pino } from 'pino';

/** Each write to a descriptor is a call of the system, which costs more than the line. */
const batchLength = 16 * 1024;
const batchMs = 50;

/** The number of the level `error` in pino. */
const errorLevel = 50;

/**
 * A file descriptor as the destination of a log. Lines leave in batches: at most 50 ms after they were
 * logged, at once with a line of an error, and when the process exits, also after an uncaught exception.
 * `kill -9` loses the last 50 ms of them; what must survive that is in the audit log, in the database.
 *
 * Writes are synchronous, so a reader who is slow makes the process wait and does not fill its memory.
 */
export function createLogOutput(descriptor: number): LogOutput {
  const output = pino.destination({ dest: descriptor, sync: true });
  let batch = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (batch !== '') output.write(batch);
    batch = '';
  };
  process.once('exit', flush);
  return {
    // pino then sets `lastLevel` before each line.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line) {
      batch += line;
      if (this.lastLevel >= errorLevel || batch.length >= batchLength) flush();
      else timer ??= setTimeout(flush, batchMs).unref();
    },
    flush,
  };
}

type LogOutput = DestinationStream & { lastLevel: number; flush(): void };
