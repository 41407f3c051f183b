import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * The process that listens on a TCP port, as "process 4711 (node dist/main.js)". Undefined if the system does
 * not tell: it has no /proc, or the process belongs to another user.
 */
export function findPortOwner(port: number): string | undefined {
  try {
    const sockets = new Set(listeningSockets(port).map((inode) => `socket:[${inode}]`));
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsOneOf(sockets, name));
    if (pid === undefined) return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return `process ${pid} (${command})`;
  } catch {
    return undefined;
  }
}

/**
 * The inodes of the sockets that listen on a port, from the kernel's tables
 * (proc_net_tcp in the kernel's documents).
 */
function listeningSockets(port: number): string[] {
  const listening = '0A';
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, address, , state]) => state === listening && address?.endsWith(`:${hexPort}`))
      .map((columns) => columns[9] ?? ''),
  );
}

function holdsOneOf(sockets: ReadonlySet<string>, pid: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((descriptor) => sockets.has(readLink(`${folder}/${descriptor}`)));
  } catch {
    // The process belongs to another user, or has ended meanwhile.
    return false;
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
