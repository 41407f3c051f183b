import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds } from './usage.ts';

export type Target = {
  readonly pid: number;
  readonly port: number;
  readonly path: string;
  readonly token?: string;
};

export type Blast = { readonly perSecond: number; readonly cpuMicroseconds: number };

const connections = 10;

/**
 * Sends as many GETs as the target can answer, on ten kept connections. Returns their rate and the CPU time
 * that each cost the target's process. Throws if an answer is not 200.
 *
 * It uses plain sockets, because Node's HTTP client needs more CPU than
 * some targets and would be the bottleneck.
 */
export async function blast({ pid, port, path, token }: Target, seconds: number): Promise<Blast> {
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${authorization}\r\n`;
  const count = { answered: 0 };
  const failures: Error[] = [];
  const before = cpuSeconds(pid);
  const began = performance.now();
  const sockets = Array.from({ length: connections }, () =>
    askAgainAndAgain(connect(port, '127.0.0.1'), request, count, failures),
  );
  await delay(seconds * 1000);
  const { answered } = count;
  const spent = (performance.now() - began) / 1000;
  const used = cpuSeconds(pid) - before;
  for (const socket of sockets) socket.destroy();
  if (failures[0]) throw failures[0];
  return { perSecond: answered / spent, cpuMicroseconds: (used / answered) * 1e6 };
}

function askAgainAndAgain(
  socket: Socket,
  request: string,
  count: { answered: number },
  failures: Error[],
): Socket {
  let received = '';
  socket.setNoDelay().setEncoding('latin1');
  socket.on('connect', () => socket.write(request));
  socket.on('error', (error) => failures.push(error));
  socket.on('data', (chunk: string) => {
    received += chunk;
    const end = endOfAnswer(received);
    if (end === undefined || received.length < end) return;
    if (!received.startsWith('HTTP/1.1 200 ')) return void socket.destroy(new Error(received));
    count.answered += 1;
    received = '';
    socket.write(request);
  });
  return socket;
}

/** The length of the first answer; undefined until its head has arrived. */
function endOfAnswer(received: string): number | undefined {
  const head = received.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(received)?.[1];
  return head + 4 + Number(length);
}
