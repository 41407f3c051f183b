import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diagnose } from '@signet/doctor';
import { probe, readTarget } from '@signet/doctor/probe';
import { freePorts, runNode } from '@signet/rig';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startApi, tenMinutesAhead } from './start-api.ts';
import { makeCertificate, startNginx } from './start-nginx.ts';
import { startPlainNginx } from './start-plain-nginx.ts';

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

/** An API for all servers of plain nginx. */
let plainApi: Awaited<ReturnType<typeof startApi>>;

beforeAll(async () => {
  plainApi = await startApi();
});

afterAll(async () => {
  await plainApi?.stop();
});

const byName = 'proxy_set_header Host $http_host;';
const grant = `add_header Access-Control-Allow-Origin http://localhost:4100 always;
  add_header Access-Control-Allow-Credentials true always;
  add_header Vary Origin always;`;
const withoutGrant = `proxy_hide_header Access-Control-Allow-Origin;
  proxy_hide_header Access-Control-Allow-Credentials;`;

/** Configurations as they are found: each with the one cause, or none. */
const plainServers: {
  of: string;
  verdict: string[];
  notices?: string[];
  locations: (api: string) => string;
}[] = [
  {
    of: 'a location that passes everything on',
    verdict: ['errors-without-grant'],
    locations: (api) => `location / { ${byName} proxy_pass ${api}; }`,
  },
  {
    of: 'a location that passes everything on and takes images',
    verdict: [],
    locations: (api) => `client_max_body_size 6m; location / { ${byName} proxy_pass ${api}; }`,
  },
  {
    of: 'a location without proxy_set_header Host',
    verdict: [],
    locations: (api) => `client_max_body_size 6m; location / { proxy_pass ${api}; }`,
  },
  {
    of: 'a buffer for headers of 1 kB',
    verdict: [],
    notices: ['header-too-long'],
    locations: (api) =>
      `client_max_body_size 6m; large_client_header_buffers 4 1k; location / { ${byName} proxy_pass ${api}; }`,
  },
  {
    of: 'a slash at the end of proxy_pass, which takes /api out of the path,',
    verdict: ['other-program'],
    locations: (api) =>
      `client_max_body_size 6m; location / { ${byName} proxy_pass ${api}; } location /api/ { ${byName} proxy_pass ${api}/; }`,
  },
  {
    of: 'add_header inside if',
    verdict: ['nginx-if'],
    locations: (api) => `client_max_body_size 6m; location / { ${withoutGrant} ${grant}
      if ($request_method = OPTIONS) {
        add_header Access-Control-Allow-Methods "GET, POST, PUT, PATCH, DELETE";
        return 204;
      }
      ${byName} proxy_pass ${api}; }`,
  },
  {
    of: 'a permission of nginx beside that of the API',
    verdict: ['grant-doubled'],
    locations: (api) => `client_max_body_size 6m; location / { ${grant} ${byName} proxy_pass ${api}; }`,
  },
  {
    of: 'add_header without always',
    verdict: ['errors-without-grant'],
    locations: (api) => `client_max_body_size 6m; location / { ${withoutGrant}
      ${grant.replaceAll(' always', '')} ${byName} proxy_pass ${api}; }`,
  },
  {
    of: 'auth_basic before everything',
    verdict: ['preflight-needs-auth'],
    locations: (api) =>
      `location / { auth_basic "staging"; auth_basic_user_file /dev/null; proxy_pass ${api}; }`,
  },
  {
    of: 'proxy_hide_header Set-Cookie',
    verdict: ['set-cookie-lost'],
    locations: (api) =>
      `client_max_body_size 6m; location / { proxy_hide_header Set-Cookie; ${byName} proxy_pass ${api}; }`,
  },
  {
    of: 'proxy_cookie_path',
    verdict: ['path-attribute'],
    locations: (api) =>
      `client_max_body_size 6m; location / { proxy_cookie_path / /app/; ${byName} proxy_pass ${api}; }`,
  },
  {
    of: 'proxy_cookie_domain with another host',
    verdict: ['domain-attribute'],
    locations: (api) =>
      `client_max_body_size 6m; location / { proxy_cookie_flags ~ secure; proxy_cookie_path ~^(.*)$ "$1; Domain=example.com"; ${byName} proxy_pass ${api}; }`,
  },
  {
    of: 'an API that does not run',
    verdict: ['api-not-running'],
    locations: () => 'location / { proxy_pass http://127.0.0.1:9; }',
  },
  {
    of: 'a redirect to https',
    verdict: ['preflight-redirect-https'],
    locations: () => 'location / { return 301 https://$http_host$request_uri; }',
  },
];

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
  test.each(plainServers)(
    'Before Signet in an nginx of somebody’s own, $of has the one cause of its row, or none.',
    async ({ verdict, notices = [], locations }) => {
      const [port = 0] = await freePorts(1);
      const server = `server { listen 127.0.0.1:${port}; ${locations(`http://127.0.0.1:${plainApi.port}`)} }`;
      onTestFinished(await startPlainNginx(port, server));
      const facts = await probe(readTarget(`http://localhost:${port}`, 'http://localhost:4100'), {
        answerMs: 30_000,
      });
      const found = diagnose(facts);
      expect(found.findings.map(({ id }) => id)).toEqual(verdict);
      for (const each of notices) expect(found.notices.map(({ id }) => id)).toContain(each);
    },
  );

  test('The command doctor names server-clocks for an API whose process is ten minutes ahead.', async () => {
    const api = await startApi({
      env: { NODE_OPTIONS: tenMinutesAhead },
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
