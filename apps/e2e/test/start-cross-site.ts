import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@signet/rig';
import { expect, onTestFinished } from 'vitest';
import { startApi } from './start-api.ts';
import { ask, makeCertificate, startNginx } from './start-nginx.ts';

/**
 * The deployment of the article: the page on github.io, the API on another
 * site. Both names lead to this machine.
 */
export const webHost = 'nighthawkcoders.github.io';
export const apiHost = 'signet-api.example.com';
export const webOrigin = `https://${webHost}`;
export const apiUrl = `https://${apiHost}`;
export const credentials = { uid: 'ada', password: 'analytical engine' };

/** Starts it with one user who has a post with an image, until the test is finished. */
export async function startCrossSite({ partitioned }: { partitioned: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), 'signet-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { certificate, key } = makeCertificate(folder, [webHost, apiHost]);
  const [webPort = 0, apiPort = 0, tlsPort = 0] = await freePorts(3);
  const env = { WEB_ORIGINS: webOrigin };
  const api = await startApi({
    env: {
      ...env,
      COOKIE_PROFILE: 'cross-site',
      COOKIE_PARTITIONED: String(partitioned),
      JWT_ISSUER: apiUrl,
      TRUST_PROXY: '1',
    },
  });
  onTestFinished(api.stop);
  const tls = { TLS_PORT: String(tlsPort), TLS_CERTIFICATE_FILE: certificate, TLS_CERTIFICATE_KEY_FILE: key };
  const nginx = await startNginx({
    webPort,
    apiPort,
    apiServers: `127.0.0.1:${api.port}`,
    env: { ...env, ...tls, API_URL: apiUrl },
  });
  onTestFinished(nginx.stop);
  const made = await ask(`https://${apiHost}:${apiPort}`, 'POST', '/api/users/signup', {
    body: JSON.stringify({ name: 'Ada Lovelace', ...credentials }),
  });
  expect(made.status).toBe(201);
  await postLogo(`https://${apiHost}:${apiPort}`);
  return { folder, api, webPort, apiPort, tlsPort };
}

/** Creates a post with the demo's logo as the user of this test. */
async function postLogo(url: string): Promise<void> {
  const signedIn = await ask(url, 'POST', '/token', {
    body: JSON.stringify({ username: credentials.uid, password: credentials.password }),
  });
  const head = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"`;
  const body = Buffer.concat([
    Buffer.from(`${head('note')}\r\n\r\nLogo\r\n${head('image')}; filename="logo.png"\r\n\r\n`),
    readFileSync(new URL('../../api/assets/ncs_logo.png', import.meta.url)),
    Buffer.from('\r\n--x--\r\n'),
  ]);
  const headers = {
    authorization: `Bearer ${JSON.parse(signedIn.text).token}`,
    'content-type': 'multipart/form-data; boundary=x',
  };
  expect((await ask(url, 'POST', '/api/posts', { headers, body })).status).toBe(201);
}
