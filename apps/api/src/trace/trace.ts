import { createHmac, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Exchange } from '@signet/contracts';
import { AppError } from '../errors.ts';
import { remember } from '../http/remember.ts';

/** So many exchanges are kept, the newest. Each has at most 4 kB, so they take at most 2 MB. */
const kept = 500;

/** So many streams are open at once: a browser opens one for all its tabs. */
const mostStreams = 4;

/** A stream ends after ten minutes; a page that is still watching opens the next. */
const longestStreamMs = 10 * 60 * 1000;

export type Trace = ReturnType<typeof createTrace>;

/** Keeps the last exchanges in memory, and hands them to those who watch. Nothing of it is on disk. */
export function createTrace() {
  /**
   * Names this start of the process, because numbers begin again with the next and replicas count
   * by themselves.
   */
  const process = randomBytes(4).toString('hex');
  const key = randomBytes(32);
  const emitter = new EventEmitter();
  emitter.setMaxListeners(mostStreams);
  const exchanges: Exchange[] = [];
  /** How many there have been; the newest has this number. */
  let count = 0;
  let streams = 0;

  /** Which number this id has; 0 for `start` and for the id of another process. */
  function numberOf(id: string | undefined): number {
    const [name, number] = id?.split('.') ?? [];
    return name === process ? Number(number) : 0;
  }

  /** What is kept of the exchanges after this one. */
  function since(id: string | undefined): readonly Exchange[] {
    const newer = count - numberOf(id);
    return newer > 0 ? exchanges.slice(-newer) : [];
  }

  /** Reads what is kept each time, so a slow reader misses the oldest instead of holding all in memory. */
  async function* follow(id: string | undefined, signal: AbortSignal): AsyncGenerator<Exchange> {
    let last = id;
    while (!signal.aborted) {
      for (const exchange of since(last)) {
        yield exchange;
        last = exchange.id;
      }
      if (numberOf(last) === count || count === 0)
        await once(emitter, 'exchange', { signal }).catch(() => undefined);
    }
  }

  return {
    /** A name for a user agent: equal for equal ones, and without a meaning outside of this process. */
    nameClient: remember((agent) => createHmac('sha256', key).update(agent).digest('hex').slice(0, 8)),

    isWatched: (): boolean => streams > 0,

    /** Keeps the exchange that `make` makes of its id. */
    add(make: (id: string) => Exchange): void {
      count += 1;
      exchanges.push(make(`${process}.${count}`));
      if (exchanges.length > kept) exchanges.shift();
      emitter.emit('exchange');
    },

    since,

    /**
     * What is kept of the exchanges after this one, and then each new one, until `ended` aborts or ten
     * minutes have passed. Throws `overloaded` if too many watch already.
     */
    watch(id: string | undefined, ended: AbortSignal): AsyncIterable<Exchange> {
      if (streams >= mostStreams)
        throw new AppError('overloaded', 'Too many pages watch the exchanges already', {
          retryAfterSeconds: 10,
        });
      const signal = AbortSignal.any([ended, AbortSignal.timeout(longestStreamMs)]);
      const end = () => {
        streams -= 1;
      };
      streams += 1;
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      return follow(id, signal);
    },
  };
}
