import { connect, createServer, type Socket } from 'node:net';
import type { Stage } from './stage.ts';

/**
 * A relay to a PostgreSQL server that notes the statements which pass it. `url` is the database through the relay.
 *
 * It reads the frontend's messages: a byte for the type, four for the length, then the body. `Q` holds a statement,
 * and so does `P` after the name of a prepared one (PostgreSQL, "Message Formats"). The first message has no type.
 */
export async function startRelay(stage: Stage, url: string) {
  const target = new URL(url);
  const statements: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket.setNoDelay());
      socket.on('error', () => {});
    }
    const read = createReader((text) => void statements.push(text));
    client.on('data', read);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.onEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(typeof address === 'object' ? address?.port : '');
  return { url: through.href, statements };
}

function createReader(onStatement: (text: string) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let hasStarted = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const typeLength = hasStarted ? 1 : 0;
      if (rest.length < typeLength + 4) return;
      const length = typeLength + rest.readUInt32BE(typeLength);
      if (rest.length < length) return;
      const body = rest.toString('utf8', typeLength + 4, length);
      const type = hasStarted ? String.fromCharCode(rest[0] ?? 0) : 'start';
      if (type === 'Q') onStatement(body.slice(0, -1));
      if (type === 'P') onStatement(body.split('\0')[1] ?? '');
      hasStarted = true;
      rest = rest.subarray(length);
    }
  };
}
