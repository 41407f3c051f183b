import { once } from 'node:events';
import type { Server } from 'node:http';

/** Serves on a free port of loopback, and prints the token if one is needed, then the address. */
export async function serve(server: Listening, token?: string | null): Promise<void> {
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  announce(listening.address(), token);
}

/** A server of node:http, or an app of Express. */
type Listening = { listen(port: number, host: string): Server };

/** Prints the token if one is needed, then the address. */
export function announce(address: ReturnType<Server['address']>, token?: string | null): void {
  if (token != null) process.stdout.write(`token ${token}\n`);
  process.stdout.write(`API at http://localhost:${typeof address === 'object' ? address?.port : ''}\n`);
}
