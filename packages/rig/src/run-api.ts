import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Environment, type NodeProcess, runProgram } from './run-node.ts';

const main = fileURLToPath(new URL('../../../apps/api/dist/main.js', import.meta.url));

/** The API gives itself nine seconds to finish requests in progress. */
const stopSeconds = 15;

/**
 * The built API as a process of its own, on a free port unless `env` says otherwise. It may refuse to start.
 */
export function runApi(env: Environment, node = process.execPath) {
  const api = runProgram(node, [main], { PORT: '0', ...env });
  return {
    ...api,
    /** The port, as soon as the API listens. Throws if the process ends before that. */
    port: async (): Promise<number> => {
      const message = await api.firstMessage;
      if (isReady(message)) return message.ready.port;
      throw new Error(`The API ended before it listened. ${api.errors()}`);
    },
  };
}

/**
 * The built API, ready for requests, on the Node whose path is `node`. Its data folder is a temporary one, which
 * `stop` removes.
 */
export async function startApi({ env = {}, node }: { env?: Environment; node?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'signet-api-'));
  const api = runApi({ DATA_DIR: folder, ...env }, node);
  const stop = async () => {
    await endGently(api);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ...api, port: await api.port(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function endGently(api: NodeProcess): Promise<void> {
  const kill = setTimeout(() => api.kill('SIGKILL'), stopSeconds * 1000);
  await api.end('SIGTERM');
  clearTimeout(kill);
}

/** The message that apps/api/src/main.ts sends to a parent process when it listens. */
function isReady(message: unknown): message is { ready: { port: number } } {
  return typeof message === 'object' && message !== null && 'ready' in message;
}
