import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createOutputFile, freePorts } from '@signet/rig';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

type Ports = { readonly api: number; readonly web: number };

/** `npm run dev` or `npm start`, as a developer types it, on ports and with data of its own unless `env` says more. */
function runNpm(args: readonly string[], { api, web }: Ports, env: Record<string, string> = {}) {
  const output = createOutputFile();
  const dataFolder = temporaryFolder();
  const npm = spawn('npm', args, {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: String(api), WEB_PORT: String(web), DATA_DIR: dataFolder, ...env },
    stdio: ['ignore', output.descriptor, output.descriptor],
  });
  const exit = once(npm, 'exit').then(([code, signal]: unknown[]) => ({ code, signal }));
  onTestFinished(async () => {
    if (!hasEnded(npm)) npm.kill('SIGTERM');
    await exit;
    await expect.poll(() => processesWith(dataFolder)).toEqual([]);
  });
  return { npm, exit, output: output.read, processes: () => processesWith(dataFolder) };
}

/**
 * The ids of all processes that have this data folder in their environment: npm's and all that come from it.
 */
function processesWith(dataFolder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readEnvironment(pid).includes(`DATA_DIR=${dataFolder}\0`))
    .map(Number);
}

function readEnvironment(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

async function takePorts(): Promise<Ports> {
  const [api = 0, web = 0] = await freePorts(2);
  return { api, web };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

async function waitUntilBothAnswer({ npm, output }: ReturnType<typeof runNpm>, { api, web }: Ports) {
  const statusOf = (url: string) =>
    fetch(url).then(
      ({ status }) => status,
      () => {
        if (hasEnded(npm)) throw new Error(output());
        return 'no answer';
      },
    );
  const options = { timeout: 120_000 };
  await expect.poll(() => statusOf(`http://127.0.0.1:${api}/readyz`), options).toBe(200);
  await expect.poll(() => statusOf(`http://127.0.0.1:${web}/`), options).toBe(200);
}

test.each([
  ['npm run dev', 'SIGTERM', ['run', 'dev']],
  ['npm run dev', 'SIGINT', ['run', 'dev']],
  ['npm start', 'SIGTERM', ['start']],
] as const)('%s ends with code 0 on %s and leaves no process behind', async (_command, signal, args) => {
  const ports = await takePorts();
  const run = runNpm(args, ports);
  await waitUntilBothAnswer(run, ports);
  run.npm.kill(signal);
  expect(await run.exit).toEqual({ code: 0, signal: null });
  expect(run.processes()).toEqual([]);
});

test.each(['SIGHUP', 'SIGKILL'] as const)(
  'npm run dev leaves no process behind when npm is ended by %s, which it cannot pass on',
  async (signal) => {
    const ports = await takePorts();
    const run = runNpm(['run', 'dev'], ports);
    await waitUntilBothAnswer(run, ports);
    run.npm.kill(signal);
    await run.exit;
    await expect.poll(run.processes).toEqual([]);
  },
);

test('npm run dev tells the app which port the API has', async () => {
  const ports = await takePorts();
  await waitUntilBothAnswer(runNpm(['run', 'dev'], ports), ports);
  const configuration = await fetch(`http://127.0.0.1:${ports.web}/config.json`);
  expect(await configuration.json()).toEqual({ api_url: `http://{hostname}:${ports.api}` });
});

test('A second npm run dev ends at once, and names the process that has the port', async () => {
  const ports = await takePorts();
  const first = runNpm(['run', 'dev'], ports);
  await waitUntilBothAnswer(first, ports);

  const second = runNpm(['run', 'dev'], ports);
  expect(await second.exit).toEqual({ code: 1, signal: null });
  const [, pid, variable] =
    /^Port \d+ is in use by process (\d+) \(.*\)\. Stop that process, or set (\w+)\.$/m.exec(
      second.output(),
    ) ?? [];
  expect(first.processes()).toContain(Number(pid));
  expect(variable).toBe('PORT');

  const [api = 0] = await freePorts(1);
  const third = runNpm(['run', 'dev'], { api, web: ports.web });
  expect(await third.exit).toEqual({ code: 1, signal: null });
  expect(third.output()).toContain('or set WEB_PORT.');
});

test.each([
  [{ PORT: 'abc' }, 'PORT=abc must be a whole number from 1 to 65535.'],
  [{ PORT: '0' }, 'PORT=0 must be a whole number from 1 to 65535.'],
  [{ WEB_PORT: '65536' }, 'WEB_PORT=65536 must be a whole number from 1 to 65535.'],
  [{ PORT: '4100', WEB_PORT: '4100' }, 'PORT and WEB_PORT are both 4100.'],
  // An address for documentation, which no machine has (RFC 5737).
  [{ HOST: '203.0.113.9' }, 'Set HOST to an address of this machine, or leave it out.'],
  [{ HOST: 'no-such-host.invalid' }, 'Set HOST to an address of this machine, or leave it out.'],
])(
  'npm run dev with %o ends at once with one line that names the variable and the fix',
  async (env, line) => {
    const run = runNpm(['run', 'dev'], await takePorts(), env);
    expect(await run.exit).toEqual({ code: 1, signal: null });
    expect(run.output()).toContain(line);
    expect(run.output()).not.toMatch(/^ +at |VITE/m);
  },
);

test('npm run dev takes an empty variable for an absent one, as the API does', async () => {
  const ports = await takePorts();
  const run = runNpm(['run', 'dev'], ports, { HOST: '', WEB_ORIGINS: '' });
  await waitUntilBothAnswer(run, ports);
  const answer = await fetch(`http://127.0.0.1:${ports.api}/protected`, {
    headers: { origin: `http://localhost:${ports.web}` },
  });
  expect(answer.headers.get('access-control-allow-origin')).toBe(`http://localhost:${ports.web}`);
});
