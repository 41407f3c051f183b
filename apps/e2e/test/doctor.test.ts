import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findNginx, freePorts, runNode } from '@signet/rig';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startApi } from './start-api.ts';
import { makeCertificate, startNginx } from './start-nginx.ts';

const cli = fileURLToPath(new URL('../../api/dist/cli.js', import.meta.url));

/** What the built command finds, as a program of its own. */
async function runDoctor(api: string, origin: string, env: Record<string, string> = {}) {
  const command = runNode([cli, 'doctor', '--api', api, '--origin', origin, '--json'], env);
  const { code } = await command.exit;
  const { findings, notices } = JSON.parse(command.output());
  const ids = (list: { id: string }[]) => list.map(({ id }) => id);
  return { code, findings: ids(findings), notices: ids(notices) };
}

const silent = { code: 0, findings: [], notices: [] };

/** The deployment's nginx before the built API. */
async function deploy(env: Record<string, string> = {}) {
  const [webPort = 0, apiPort = 0] = await freePorts(2);
  const origins = { WEB_ORIGINS: `http://localhost:${webPort},http://127.0.0.1:${webPort}` };
  const api = await startApi({ env: { ...origins, TRUST_PROXY: '1', ...env } });
  onTestFinished(api.stop);
  const nginx = await startNginx({ webPort, apiPort, apiServers: `127.0.0.1:${api.port}`, env: origins });
  onTestFinished(nginx.stop);
  return { api, nginx };
}

describe('the command doctor finds nothing in a right set-up', () => {
  test('The command doctor is silent before the deployment’s nginx, which answers preflights itself.', async () => {
    const { nginx } = await deploy();
    expect(await runDoctor(nginx.apiUrl, nginx.webUrl)).toEqual(silent);
  });

  test('The command doctor is silent where nginx serves page and API on one origin.', async () => {
    const { nginx } = await deploy();
    expect(await runDoctor(nginx.webUrl, nginx.webUrl)).toEqual(silent);
  });

  test('The command doctor is silent for two sites over TLS.', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signet-tls-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { certificate, key } = makeCertificate(folder, ['localhost', 'app.example.org']);
    const [webPort = 0, apiPort = 0, tlsPort = 0] = await freePorts(3);
    const origins = { WEB_ORIGINS: 'https://app.example.org' };
    const profile = { COOKIE_PROFILE: 'cross-site', JWT_ISSUER: 'https://api.example.com', TRUST_PROXY: '1' };
    const api = await startApi({ env: { ...origins, ...profile } });
    onTestFinished(api.stop);
    const tls = {
      TLS_PORT: String(tlsPort),
      TLS_CERTIFICATE_FILE: certificate,
      TLS_CERTIFICATE_KEY_FILE: key,
    };
    const nginx = await startNginx({
      webPort,
      apiPort,
      apiServers: `127.0.0.1:${api.port}`,
      env: { ...origins, ...tls, API_URL: 'https://api.example.com' },
    });
    onTestFinished(nginx.stop);
    const url = `https://localhost:${apiPort}`;
    const page = 'https://app.example.org';
    // A notice and no fault: here a page of the internet asks an API on this machine, which Chromium asks its user about.
    const notices = ['local-network'];
    expect(await runDoctor(url, page, { NODE_EXTRA_CA_CERTS: certificate })).toEqual({ ...silent, notices });
    expect(await runDoctor(url, page)).toMatchObject({ code: 1, findings: ['certificate'] });
  });
});

describe('the command doctor names one cause', () => {
  test('The command doctor names nginx-if for an nginx that answers preflights inside if.', async () => {
    const [port = 0] = await freePorts(1);
    const origin = 'http://localhost:4100';
    const api = await startApi();
    onTestFinished(api.stop);
    await startPlainNginx(
      port,
      `
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_hide_header Access-Control-Allow-Origin;
          proxy_hide_header Access-Control-Allow-Credentials;
          add_header Access-Control-Allow-Origin ${origin} always;
          add_header Access-Control-Allow-Credentials true always;
          if ($request_method = OPTIONS) {
            add_header Access-Control-Allow-Methods "GET, POST, PUT, PATCH, DELETE";
            return 204;
          }
          proxy_set_header Host $http_host;
          proxy_pass http://127.0.0.1:${api.port};
        }
      }`,
    );
    const found = await runDoctor(`http://localhost:${port}`, origin);
    expect([found.code, found.findings]).toEqual([1, ['nginx-if']]);
  });

  test('The command doctor names server-clocks for an API whose process is ten minutes ahead.', async () => {
    const ahead =
      'const now = Date.now; globalThis.Date = class extends Date { constructor(...a) { a.length ? super(...a) : super(now() + 6e5); } static now() { return now() + 6e5; } };';
    const api = await startApi({
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ahead)}` },
    });
    onTestFinished(api.stop);
    const found = await runDoctor(api.url, 'http://localhost:4100');
    expect([found.code, found.findings]).toEqual([1, ['server-clocks']]);
  });

  test('The command doctor names api-not-running where the deployment’s nginx has no API behind it.', async () => {
    const [webPort = 0, apiPort = 0, closed = 0] = await freePorts(3);
    const nginx = await startNginx({
      webPort,
      apiPort,
      apiServers: `127.0.0.1:${closed}`,
      env: { WEB_ORIGINS: `http://localhost:${webPort}` },
    });
    onTestFinished(nginx.stop);
    const found = await runDoctor(nginx.apiUrl, nginx.webUrl);
    expect([found.code, found.findings]).toEqual([1, ['api-not-running']]);
  });
});

/** nginx with one server block of its own, until the test ends. */
async function startPlainNginx(port: number, server: string): Promise<void> {
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
  onTestFinished(async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });
  for (let attempt = 1; !(await answers(port)); attempt += 1) {
    if (child.exitCode !== null || attempt === 200) throw new Error('nginx did not start');
    await delay(50);
  }
}

const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}`).then(
    () => true,
    () => false,
  );
