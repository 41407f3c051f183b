import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { freePorts, type PostgresServer } from '@signet/rig';
import { runProgram, temporaryFolder } from './api.ts';
import type { Stage } from './stage.ts';

/**
 * haproxy in front of PostgreSQL servers. It passes connections to the primary only, and ends those to a server that
 * stops being the primary. Returns its port.
 */
export async function runProxy(stage: Stage, servers: readonly PostgresServer[]): Promise<number> {
  const [port = 0] = await freePorts(1);
  const lines = await Promise.all(
    servers.map(
      async (server) =>
        `  server ${server.name} 127.0.0.1:${server.port} check port ${await tellPrimary(stage, server)}`,
    ),
  );
  const settings = join(temporaryFolder(stage), 'haproxy.cfg');
  writeFileSync(
    settings,
    `defaults
  mode tcp
  timeout connect 1s
  timeout check 2s
  timeout client 30m
  timeout server 30m
listen postgres
  bind 127.0.0.1:${port}
  option httpchk GET /
  http-check expect status 200
  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
${lines.join('\n')}
`,
  );
  runProgram(stage, '/usr/sbin/haproxy', ['-db', '-f', settings]);
  return port;
}

/** Answers `GET /` with 200 while the server is the primary, as Patroni's `/primary` does. Returns its port. */
async function tellPrimary(stage: Stage, server: PostgresServer): Promise<number> {
  const teller = createServer(async (_request, response) => {
    response.writeHead((await server.isPrimary()) ? 200 : 503).end();
  }).listen(0, '127.0.0.1');
  await once(teller, 'listening');
  stage.onEnd(() => teller.close());
  const address = teller.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
