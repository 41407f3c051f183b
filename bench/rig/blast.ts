import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from './figures.ts';
import { cpuSeconds, familyOf, memoryMegabytes } from './usage.ts';

export type Target = {
  readonly pid: number;
  readonly port: number;
  readonly path: string;
  readonly token?: string;
  /** The page that asks. */
  readonly origin?: string;
  /** JSON bodies, which make the requests POSTs. They are sent in turn. */
  readonly bodies?: readonly string[];
};

/** Of one run: the rate, what each request cost the target's processes, and the times until the answer. */
export type Blast = {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly p50: number;
  readonly p99: number;
  /** The most that the target's processes have had in memory so far. */
  readonly megabytes: number;
};

/**
 * Sends as many requests as the target can answer on ten connections, which are kept unless the target closes them.
 * Throws if an answer is not 200.
 *
 * It uses plain sockets, because Node's HTTP client needs more CPU than some targets and would be the bottleneck.
 */
export async function blast(target: Target, seconds: number, connections = 10): Promise<Blast> {
  const processes = familyOf(target.pid);
  const sum = (read: (pid: number) => number) => processes.reduce((total, pid) => total + read(pid), 0);
  const requests = (target.bodies ?? [undefined]).map((body) => requestTo(target, body));
  let sent = 0;
  const nextRequest = () => requests[sent++ % requests.length] ?? '';
  const times: number[] = [];
  const failures: Error[] = [];
  const end = { isOver: false };
  const before = sum(cpuSeconds);
  const began = performance.now();
  const clients = Array.from({ length: connections }, () =>
    askAgainAndAgain(target.port, nextRequest, times, failures, end),
  );
  await delay(seconds * 1000);
  const answered = times.length;
  const spent = (performance.now() - began) / 1000;
  const used = sum(cpuSeconds) - before;
  end.isOver = true;
  for (const { stop } of clients) stop();
  if (failures[0]) throw failures[0];
  return {
    perSecond: answered / spent,
    cpuMicroseconds: (used / answered) * 1e6,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    megabytes: sum((pid) => memoryMegabytes(pid).peak),
  };
}

function requestTo({ port, path, token, origin }: Target, body: string | undefined): string {
  const lines = [
    `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...(origin === undefined ? [] : [`Origin: ${origin}`]),
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

function askAgainAndAgain(
  port: number,
  nextRequest: () => string,
  times: number[],
  failures: Error[],
  end: { readonly isOver: boolean },
): { stop: () => void } {
  let socket = open();
  return { stop: () => void socket.destroy() };

  function open() {
    let received = '';
    let began = 0;
    const opened = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
    const ask = () => {
      began = performance.now();
      opened.write(nextRequest());
    };
    opened.on('connect', ask);
    opened.on('error', (error) => {
      if (!end.isOver) failures.push(error);
    });
    opened.on('data', (chunk: string) => {
      received += chunk;
      const answer = firstAnswer(received);
      if (!answer || received.length < answer.length) return;
      if (!received.startsWith('HTTP/1.1 200 ')) return void opened.destroy(new Error(received));
      times.push(performance.now() - began);
      received = '';
      if (!answer.isLast) return ask();
      opened.destroy();
      if (!end.isOver) socket = open();
    });
    return opened;
  }
}

/** The length of the first answer, and whether the connection ends with it; undefined until its head has arrived. */
function firstAnswer(received: string): { length: number; isLast: boolean } | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.slice(0, end + 2);
  const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1]);
  return { length: end + 4 + length, isLast: /\r\nconnection: close\r\n/i.test(head) };
}
