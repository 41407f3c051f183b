import { once } from 'node:events';
import { createServer } from 'node:net';
import { findPortOwner } from './port-owner.ts';

/** A variable with its value, and where a server is going to listen on that port. */
type Port = { readonly variable: string; readonly port: string; readonly host: string };

/**
 * Why the servers cannot listen on these ports, in one line with the fix; undefined if they can. It asks
 * before anything is started, because one server would otherwise run without the other.
 */
export async function findPortProblem(ports: readonly [Port, Port]): Promise<string | undefined> {
  const [one, other] = ports;
  for (const { variable, port } of ports)
    if (!isPort(port)) return `${variable}=${port} must be a whole number from 1 to 65535.`;
  if (Number(one.port) === Number(other.port))
    return `${one.variable} and ${other.variable} are both ${one.port}. Each server needs a port of its own.`;
  return (await problemOf(one)) ?? (await problemOf(other));
}

/** Not 0, the port that the system chooses: the app could not be told which one that is. */
function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535;
}

async function problemOf({ variable, port, host }: Port): Promise<string | undefined> {
  const server = createServer();
  try {
    await once(server.listen(Number(port), host), 'listening');
    await once(server.close(), 'close');
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      const owner = findPortOwner(Number(port)) ?? 'another process';
      return `Port ${port} is in use by ${owner}. Stop that process, or set ${variable}.`;
    }
    if (code === 'EACCES')
      return `${message}. Set ${variable} to 1024 or above, where every user may listen.`;
    return `${message}. Set HOST to an address of this machine, or leave it out.`;
  }
}
