import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { readReport } from './nginx-report.ts';
import type { Trace } from './trace.ts';

/** nginx's report of a long request is about 2 kB. */
const maxBytes = 8 * 1024;

/** More than nginx refuses on one's own machine; a flood must not push out all other exchanges at once. */
const mostPerSecond = 100;

type ListenerDeps = {
  readonly host: string;
  /** UDP; 0: nothing listens. */
  readonly syslogPort: number;
  readonly trace: Pick<Trace, 'add' | 'nameClient'>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly count: (outcome: 'taken' | 'malformed' | 'too_many') => void;
};

/**
 * Takes what nginx reports by syslog (UDP) of the requests that it answers itself, and puts it into the
 * trace. Malformed datagrams, and those above the limit of a second, are counted and dropped, because any
 * program that reaches the port can send them.
 *
 * Resolves to undefined where no port is configured. A port that cannot be opened is logged and does not stop
 * the API, which needs no reports to work.
 */
export async function listenForReports({ host, syslogPort, trace, clock, log, count }: ListenerDeps) {
  if (syslogPort === 0) return undefined;
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  let second = 0;
  let inSecond = 0;

  socket.on('message', (datagram) => {
    const now = Math.floor(performance.now() / 1000);
    inSecond = now === second ? inSecond + 1 : 1;
    second = now;
    // Before it is parsed, so that a flood costs no more than the reading of it.
    if (inSecond > mostPerSecond) return count('too_many');
    const { nameClient } = trace;
    const exchange =
      datagram.length > maxBytes
        ? undefined
        : readReport(datagram.toString(), { now: clock.now(), nameClient });
    if (!exchange) return count('malformed');
    count('taken');
    trace.add((id) => ({ id, ...exchange }));
  });

  try {
    const listening = once(socket, 'listening');
    socket.bind(syslogPort, host);
    await listening;
  } catch (err) {
    log.warn({ err }, `nginx's reports are not read: UDP port ${syslogPort} of ${host} cannot be opened`);
    return undefined;
  }
  socket.on('error', (err) => log.warn({ err }, "Reading nginx's reports failed"));
  // The process may end while the socket is open.
  socket.unref();
  return {
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}
