import { createServer } from 'node:http';
import { connect } from 'node:net';
import { close, listen } from '../test/listen.ts';

/**
 * A proxy that leads the https hosts of a test to ports of this machine, and refuses every other host, so that no
 * browser reaches the network. Engines differ in how they map names; all of them know proxies.
 */
export async function startProxy(ports: Readonly<Record<string, number>>) {
  const server = createServer((_request, response) => response.writeHead(502).end());
  const tunnels = new Set<{ destroy: () => unknown }>();
  server.on('connect', ({ url = '' }, socket, head) => {
    const port = ports[url.split(':')[0] ?? ''];
    socket.on('error', () => undefined);
    if (port === undefined) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    const tunnel = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.write(head);
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('error', () => socket.destroy());
    for (const each of [socket, tunnel]) {
      tunnels.add(each);
      each.on('close', () => tunnels.delete(each));
    }
  });
  return {
    port: await listen(server),
    async stop() {
      for (const each of tunnels) each.destroy();
      await close(server);
    },
  };
}
