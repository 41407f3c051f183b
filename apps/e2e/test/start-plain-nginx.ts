import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findNginx } from '@signet/rig';

/** An nginx with one server block, as somebody may have written it by themselves. Returns what ends it. */
export async function startPlainNginx(port: number, server: string): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-nginx-'));
  const file = join(folder, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  writeFileSync(
    file,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
     events {} http { access_log off; ${temporary} ${server} }`,
  );
  const child = spawn(findNginx() ?? 'nginx', ['-c', file, '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  });
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 1; !(await answers(port)); attempt += 1) {
    if (child.exitCode !== null || attempt === 200) {
      await stop();
      throw new Error('nginx did not start');
    }
    await delay(50);
  }
  return stop;
}

const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}`, { redirect: 'manual' }).then(
    () => true,
    () => false,
  );
