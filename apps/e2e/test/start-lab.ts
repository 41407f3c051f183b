import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePorts, runNode, waitForOutput } from '@signet/rig';
import { startApi } from './start-api.ts';

const web = fileURLToPath(new URL('../../web', import.meta.url));
const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));
const labMain = fileURLToPath(new URL('../../../tools/lab/main.ts', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export type LabStack = Awaited<ReturnType<typeof startLab>>;

/**
 * What `npm start` runs on one's own machine: the built API, the built app, and the servers of the lab. `pagePort` is a
 * further port at which a test serves the app.
 */
export async function startLab({ pagePort }: { pagePort?: number } = {}) {
  const [apiPort = 0, webPort = 0, control = 0, foreign = 0, fault = 0] = await freePorts(5);
  const secrets = {
    LAB_KEY: randomBytes(32).toString('base64url'),
    SECRET_KEY: randomBytes(48).toString('hex'),
  };
  const env = {
    ...secrets,
    PORT: `${apiPort}`,
    WEB_PORT: `${webPort}`,
    WEB_ORIGINS: [webPort, ...(pagePort === undefined ? [] : [pagePort])]
      .flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`])
      .join(),
    LAB_CONTROL_PORT: `${control}`,
    LAB_FOREIGN_PORT: `${foreign}`,
    LAB_FAULT_PORT: `${fault}`,
  };
  const api = await startApi({ env });
  const lab = runNode(['--import', tsx, labMain], env);
  const preview = servePages(env);
  const stop = async () => {
    await Promise.all([lab.end('SIGTERM'), preview.end('SIGTERM')]);
    await api.stop();
  };
  try {
    await waitForOutput(preview, /Local:/);
    for (const port of [control, foreign, fault]) await untilItAnswers(port, lab);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    api,
    stop,
    url: `http://localhost:${webPort}`,
    controlUrl: `http://localhost:${control}`,
    faultUrl: `http://localhost:${fault}`,
    /** The foreign page under the app's own name, and under the other one, which is another site. */
    twins: [`http://localhost:${foreign}`, `http://127.0.0.1:${foreign}`] as const,
  };
}

/** The built app as `npm start` serves it, with the settings of the environment. */
export function servePages(env: Record<string, string>) {
  return runNode([vite, 'preview', web, '--config', `${web}/vite.config.ts`], env);
}

async function untilItAnswers(port: number, { hasEnded, errors }: ReturnType<typeof runNode>): Promise<void> {
  for (;;) {
    const isThere = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    if (hasEnded()) throw new Error(`The lab ended. ${errors()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
