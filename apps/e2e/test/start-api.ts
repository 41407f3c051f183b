import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../api/dist/main.js', import.meta.url));

export type Api = Awaited<ReturnType<typeof startApi>>;

/**
 * The built API as a process of its own, on a free port and with an empty data folder that `stop` removes.
 *
 * Nothing of this process's environment reaches it but `env`, so that a shell with a `DATABASE_URL` changes no test.
 */
export async function startApi({ env = {} }: { env?: Record<string, string> } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'signet-e2e-'));
  const api = runApi({ PORT: '0', DATA_DIR: folder, ...env });
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const port = await portOf(api);
    return {
      ...api,
      port,
      /** By the name that its cookies are for. */
      url: `http://localhost:${port}`,
      /** How many requests with this method and path it has answered. */
      countRequests: (method: string, path: string) =>
        readRequests(api.output()).filter((each) => each.method === method && each.path === path).length,
      requests: () => readRequests(api.output()),
      async stop() {
        await stopProcess(api.process);
        removeFolder();
      },
    };
  } catch (error) {
    await stopProcess(api.process);
    removeFolder();
    throw error;
  }
}

/** The bare process, which may well refuse to start. Its working folder is none of its own, since it must not matter. */
export function runApi(env: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...env },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  // `close` and not `exit`: only then has everything that it wrote arrived.
  const exit = once(child, 'close').then(([code, signal]: unknown[]) => ({ code, signal }));
  return { process: child, exit, output: () => output, errors: () => errors };
}

/** Waits for the process to say something on standard output. Throws if it ends without saying it. */
export async function waitForOutput(
  { process: child, output, errors }: Omit<ReturnType<typeof runApi>, 'exit'>,
  pattern: RegExp,
): Promise<RegExpExecArray> {
  for (;;) {
    const found = pattern.exec(output());
    if (found) return found;
    if (hasEnded(child)) throw new Error(`The API ended. ${errors()}`);
    await delay(20);
  }
}

async function portOf(api: ReturnType<typeof runApi>): Promise<number> {
  const [, port] = await waitForOutput(api, /"msg":"API at http:\/\/localhost:(\d+)"/);
  return Number(port);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  // It gives itself nine seconds for what is in flight.
  const kill = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(kill);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

export type LoggedRequest = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly origin: string | undefined;
};

/** What the API's log says of the requests that it has answered. */
function readRequests(output: string): LoggedRequest[] {
  return output.split('\n').flatMap((line) => {
    const [, method = '', path = '', status] = /"msg":"([A-Z]+) (\/\S*) (\d{3})"/.exec(line) ?? [];
    return status
      ? [{ method, path, status: Number(status), origin: /"origin":"([^"]*)"/.exec(line)?.[1] }]
      : [];
  });
}
