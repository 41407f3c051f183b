import { once } from 'node:events';
import { connect } from 'node:net';
import { send } from './start-api.ts';

type Held = { readonly token?: string; readonly type?: string; readonly body: string | Buffer };

/**
 * Sends a request over a socket except for the last byte of its body, and waits until the API has let it in: a later
 * request of the same caller has been answered twice.
 */
export async function holdRequest(url: string, method: string, path: string, { token, type, body }: Held) {
  const { hostname, port } = new URL(url);
  const bytes = Buffer.from(body);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'connect');
  const headers = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    ...(token ? [`Authorization: Bearer ${token}`] : []),
    `Content-Type: ${type ?? 'application/json'}`,
    `Content-Length: ${bytes.length}`,
    'Connection: close',
  ];
  socket.write(`${headers.join('\r\n')}\r\n\r\n`);
  await new Promise((resolve) => socket.write(bytes.subarray(0, -1), resolve));
  for (let times = 0; times < 2; times += 1) await send(url, 'GET', '/protected', token ? { token } : {});

  return {
    /** Sends the last byte, and reads the answer. */
    async finish(): Promise<{ status: number; code: string | undefined; text: string }> {
      const closed = once(socket, 'close');
      socket.write(bytes.subarray(-1));
      await closed;
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
      return { status, code: /"code":"([a-z_]+)"/.exec(text)?.[1], text };
    },
  };
}
