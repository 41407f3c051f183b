import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createBrokenProxy } from '@signet/rig/broken-proxy';
import { createControl } from './control.ts';
import { createForeignPage } from './foreign-page.ts';
import { mintRefusedToken } from './mint-refused-token.ts';
import { createSwitch } from './switch.ts';

/**
 * The servers behind the page /lab, for one's own machine: a foreign page, a proxy with a fault before the API, and the
 * control of both, which only the server of the app can use. `run-servers.ts` starts this process and chooses its ports.
 */
const { PORT = '8086', HOST = '127.0.0.1', WEB_ORIGINS = '', LAB_KEY = '' } = process.env;
const { LAB_CONTROL_PORT, LAB_FOREIGN_PORT, LAB_FAULT_PORT } = process.env;

const faultSwitch = createSwitch();
const key = Buffer.from(LAB_KEY);

await Promise.all([
  listen(LAB_FAULT_PORT, createBrokenProxy([`http://${bracketed(HOST)}:${PORT}`], faultSwitch.broken)),
  listen(LAB_FOREIGN_PORT, createServer(createForeignPage({ apiPort: PORT, pages: WEB_ORIGINS.split(',') }))),
  listen(
    LAB_CONTROL_PORT,
    createServer(
      createControl({
        foreignPort: Number(LAB_FOREIGN_PORT),
        faultPort: Number(LAB_FAULT_PORT),
        faultSwitch,
        mint: mintRefusedToken,
        // Every page of this machine's browsers reaches the port, so the server of the app has to show a key.
        isAllowed: (given) => given.length === key.length && key.length > 0 && timingSafeEqual(given, key),
      }),
    ),
  ),
]);
endWithParent();

/** On 127.0.0.1, as the app: `localhost` reaches it too, and other machines do not. */
async function listen(port: string | undefined, server: Server): Promise<void> {
  await once(server.listen(Number(port), '127.0.0.1'), 'listening');
}

/** In a URL the colons of an IPv6 address stand in brackets (RFC 3986, section 3.2.2). */
function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** A parent that was killed cannot pass on a signal. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit();
  }, 250);
}
