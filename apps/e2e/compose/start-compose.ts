import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePorts } from '@signet/rig';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** `docker compose`, or `docker-compose` on a machine that has only that. */
function findCompose(): string[] {
  const candidates = [['docker', 'compose'], ['docker-compose']];
  const found = candidates.find(
    ([command = '', ...args]) => spawnSync(command, [...args, 'version'], { stdio: 'ignore' }).status === 0,
  );
  if (!found) throw new Error('These tests need docker compose, or docker-compose, and an engine that runs.');
  return found;
}

export type Deployment = Awaited<ReturnType<typeof startCompose>>;

/**
 * Builds and starts the compose files unchanged, as a project of its own on free
 * ports. `remove` leaves only the images.
 */
export async function startCompose({ files, scale }: { files: readonly string[]; scale: number }) {
  const [webPort = 0, apiPort = 0] = await freePorts(2);
  const folder = mkdtempSync(join(tmpdir(), 'signet-compose-'));
  execFileSync('sh', [join(root, 'tools/make-secrets.sh'), join(folder, 'secrets')], { stdio: 'ignore' });
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    // Only the variables that name the engine and the builder: any other variable of this machine could
    // change the test.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('DOCKER_'))),
    WEB_PORT: String(webPort),
    API_PORT: String(apiPort),
    API_URL: `http://{hostname}:${apiPort}`,
    // The last origin is the one in the Postman collection.
    WEB_ORIGINS: `http://localhost:${webPort},http://127.0.0.1:${webPort},http://localhost:4100`,
    SIGNET_SECRETS: join(folder, 'secrets'),
  };
  const [command = '', ...prefix] = findCompose();
  const name = `signet-test-${process.pid}`;
  const project = ['-p', name, ...files.flatMap((file) => ['-f', join(root, file)])];
  const compose = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(command, [...prefix, ...project, ...args], {
      env,
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    return { status, output: `${stdout}${stderr}`, stdout };
  };
  const run = (...args: string[]) => {
    const { status, output, stdout } = compose(...args);
    if (status !== 0) throw new Error(`compose ${args.join(' ')}: ${output}`);
    return stdout;
  };
  const webUrl = `http://localhost:${webPort}`;
  const apiUrl = `http://localhost:${apiPort}`;
  const remove = () => {
    compose('down', '-v', '--remove-orphans');
    rmSync(folder, { recursive: true, force: true });
  };
  const up = async () => {
    run('up', '-d', '--scale', `api=${scale}`);
    for (let attempt = 1; !(await isReady(apiUrl)); attempt += 1) {
      if (attempt === 120) throw new Error(`The API is not ready. ${compose('logs', '--tail', '50').output}`);
      await delay(500);
    }
    await networkIsQuiet();
  };
  try {
    run('build');
    await up();
  } catch (error) {
    remove();
    throw error;
  }
  return {
    webUrl,
    apiUrl,
    compose,
    up,
    down: () => void run('down'),
    /**
     * Runs the operator's script. The environment names the project and its
     * files, because the script has no arguments.
     */
    async replaceReplicas() {
      const child = spawn('sh', [join(root, 'tools/replace-replicas.sh')], {
        env: { ...env, COMPOSE_PROJECT_NAME: name, COMPOSE_FILE: files.join(':') },
        cwd: root,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (chunk) => {
        said += chunk;
      });
      const [status] = await once(child, 'close');
      if (status !== 0) throw new Error(`replace-replicas.sh: ${said}`);
    },
    remove,
    containers: (service: string) => run('ps', '-q', service).trim().split('\n').filter(Boolean),
  };
}

export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: 'pipe' });
}

/** The same without blocking this process, so that its requests continue. */
export async function dockerBeside(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, { encoding: 'utf8' });
  return stdout.trim();
}

/** Waits until the container's health check reports healthy. */
export async function becomesHealthy(container: string): Promise<void> {
  for (
    let attempt = 1;
    (await dockerBeside('inspect', '-f', '{{.State.Health.Status}}', container)) !== 'healthy';
    attempt += 1
  ) {
    if (attempt === 120)
      throw new Error(`${container} does not become healthy. ${docker('logs', '--tail', '20', container)}`);
    await delay(500);
  }
}

async function isReady(apiUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${apiUrl}/readyz`)).ok;
  } catch {
    return false;
  }
}

/**
 * Waits until the network is stable: Chromium cancels what it loads (ERR_NETWORK_CHANGED) when an address
 * appears, and the addresses of the containers' links appear late.
 */
async function networkIsQuiet(): Promise<void> {
  const addresses = () => JSON.stringify(networkInterfaces());
  for (let before = ''; before !== addresses(); ) {
    before = addresses();
    await delay(3000);
  }
}
