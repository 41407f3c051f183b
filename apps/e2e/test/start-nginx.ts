import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { request as requestByTls } from 'node:https';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const startScript = fileURLToPath(new URL('../../../nginx/start.sh', import.meta.url));
const webRoot = fileURLToPath(new URL('../../web/dist', import.meta.url));

export type Nginx = Awaited<ReturnType<typeof startNginx>>;

/** The caller chooses the ports, because the API needs the page's origin before nginx starts. */
type Settings = {
  readonly webPort: number;
  readonly apiPort: number;
  readonly apiServers: string;
  readonly env?: Record<string, string>;
};

/** The real nginx with the configuration of the deployment, in front of the servers in `apiServers`. */
export async function startNginx({ webPort, apiPort, apiServers, env = {} }: Settings) {
  const folder = mkdtempSync(join(tmpdir(), 'signet-nginx-'));
  const log = join(folder, 'log');
  // nginx opens /dev/stdout by its path, which works for a file and fails
  // for a pipe of Node, which is a socket.
  const output = openSync(log, 'a');
  const child = spawn(startScript, [], {
    env: environment({
      WEB_PORT: String(webPort),
      API_PORT: String(apiPort),
      API_SERVERS: apiServers,
      RUN_DIR: join(folder, 'run'),
      ...env,
    }),
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const logged = () => readFileSync(log, 'utf8');
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 1; !(await takesConnections(apiPort)); attempt += 1) {
    if (child.exitCode !== null || attempt === 1200) {
      const said = logged();
      await stop();
      throw new Error(`nginx did not start. ${said}`);
    }
    await delay(50);
  }
  return {
    webUrl: `http://localhost:${webPort}`,
    apiUrl: `http://localhost:${apiPort}`,
    logged,
    pid: child.pid,
    stop,
  };
}

/**
 * The start script's verdict on an environment, without starting nginx, and the configuration files that it
 * rendered, by name. There are no files if it refused the environment.
 */
export function testConfiguration(
  env: Record<string, string>,
  script = startScript,
): {
  status: number;
  said: string;
  rendered: Record<string, string>;
} {
  const folder = mkdtempSync(join(tmpdir(), 'signet-nginx-'));
  try {
    execFileSync(script, ['-t'], {
      env: environment({ RUN_DIR: folder, ...env }),
      encoding: 'utf8',
      // nginx opens /dev/stdout by its path, which fails for a pipe of Node, which is a socket.
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const files = readdirSync(folder).filter((name) => name.endsWith('.conf'));
    const rendered = files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    return { status: 0, said: '', rendered: Object.fromEntries(rendered) };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    return { status, said: stderr, rendered: {} };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function environment(env: Record<string, string>): Record<string, string> {
  const asRoot = userInfo().uid === 0 ? { NGINX_USER: 'root' } : undefined;
  return {
    PATH: `${process.env.PATH}:/usr/sbin`,
    LISTEN_ADDRESS: '127.0.0.1',
    API_SERVERS: '127.0.0.1:9',
    WEB_ROOT: webRoot,
    ...asRoot,
    ...env,
  };
}

/** A self-signed certificate for these names, as files in the folder. */
export function makeCertificate(folder: string, names: readonly string[]) {
  const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  const subject = [
    '-subj',
    '/CN=signet',
    '-addext',
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
  ];
  const made = ['-keyout', files.key, '-out', files.certificate, '-days', '2'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      ...made,
      ...subject,
    ],
    {
      stdio: 'ignore',
    },
  );
  return files;
}

async function takesConnections(port: number): Promise<boolean> {
  try {
    await ask(`http://127.0.0.1:${port}`, 'TRACE', '/');
    return true;
  } catch {
    return false;
  }
}

type AskOptions = { readonly headers?: Record<string, string>; readonly body?: string | Buffer };

export type Answer = Awaited<ReturnType<typeof ask>>;

/**
 * One request on a new connection, without added headers. `count` returns how often the answer has a header.
 */
export async function ask(
  url: string,
  method: string,
  path: string,
  { headers = {}, body }: AskOptions = {},
) {
  const base = new URL(url);
  const send = base.protocol === 'https:' ? requestByTls : request;
  const sent = send({
    host: '127.0.0.1',
    port: base.port,
    method,
    path,
    agent: false,
    rejectUnauthorized: false,
    servername: base.hostname,
    headers: {
      host: base.host,
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      }),
      ...headers,
    },
  });
  return new Promise<{
    status: number;
    headers: IncomingHttpHeaders;
    text: string;
    count: (name: string) => number;
  }>((resolve, reject) => {
    // A server that refuses a large body stops reading it: then writing fails, although there is an answer.
    let cause: Error | undefined;
    sent.on('error', (error) => {
      cause = error;
      setTimeout(() => reject(error), 500);
    });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => reject(cause ?? error));
      response.on('end', () => {
        const names = response.rawHeaders
          .filter((_, index) => index % 2 === 0)
          .map((name) => name.toLowerCase());
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
          count: (name) => names.filter((each) => each === name.toLowerCase()).length,
        });
      });
    });
    sent.end(body);
  });
}
