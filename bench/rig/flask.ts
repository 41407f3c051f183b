import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@signet/rig';
import { runProgram, temporaryFolder } from './api.ts';
import { signIn } from './calls.ts';
import { say } from './report.ts';
import type { Stage } from './stage.ts';

const packages = [
  'python3-flask',
  'python3-flask-sqlalchemy',
  'python3-flask-restful',
  'python3-flask-cors',
  'python3-python-flask-jwt-extended',
  'gunicorn',
];
const program = '/usr/bin/gunicorn';
const app = fileURLToPath(new URL('../rivals/flask', import.meta.url));

/** The Flask app under gunicorn with two workers, signed in. Installs Debian's packages if they are missing. */
export async function startFlask(stage: Stage): Promise<{ pid: number; port: number; token: string }> {
  installPackages();
  const [port = 0] = await freePorts(1);
  const gunicorn = runProgram(
    stage,
    program,
    ['--workers', '2', '--preload', '--bind', `127.0.0.1:${port}`, '--chdir', app, 'app:app'],
    { DATABASE: join(temporaryFolder(stage), 'flask.db'), PYTHONDONTWRITEBYTECODE: '1' },
  );
  // SIGKILL would leave the workers behind. It is sent all the same, if this does not end gunicorn.
  stage.onEnd(() => Promise.race([gunicorn.end('SIGTERM'), delay(5000, undefined, { ref: false })]));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { token } = await signIn(port);
      return { pid: gunicorn.pid, port, token };
    } catch (error) {
      if (gunicorn.hasEnded() || attempt === 100)
        throw new Error(`The Flask app did not start. ${gunicorn.errors()}`, { cause: error });
      await delay(100);
    }
  }
}

function installPackages(): void {
  const installed = packages.every((name) => existsSync(`/var/lib/dpkg/info/${name}.list`));
  if (installed && existsSync(program)) return;
  say(`  apt-get install ${packages.join(' ')}`);
  const run = (...args: string[]) =>
    execFileSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    run('install', '--yes', '--quiet', '--no-install-recommends', ...packages);
  } catch {
    run('update', '--quiet');
    run('install', '--yes', '--quiet', '--no-install-recommends', ...packages);
  }
}
