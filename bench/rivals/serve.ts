import { once } from 'node:events';
import type { Express } from 'express';

/** Serves the app on a free port of loopback, and prints the token if the app needs one, then the address. */
export async function serve(app: Express, token?: string | null): Promise<void> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (token != null) process.stdout.write(`token ${token}\n`);
  process.stdout.write(`API at http://localhost:${typeof address === 'object' ? address?.port : ''}\n`);
}
