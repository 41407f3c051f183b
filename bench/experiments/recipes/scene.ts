import { randomBytes } from 'node:crypto';
import { freePorts, startPostgres } from '@signet/rig';
import pg from 'pg';
import { startNginx } from '../../../apps/e2e/test/start-nginx.ts';
import { startApi, temporaryFolder } from '../../rig/api.ts';
import { createCaller, json, signIn } from '../../rig/calls.ts';
import type { Engine } from '../../rig/databases.ts';
import type { Stage } from '../../rig/stage.ts';
import { type Place, password, type Scene } from './recipe.ts';

/** Makes empty databases: SQLite files, or databases of one PostgreSQL server, which starts at the first. */
export function createPlaces(stage: Stage): (engine: Engine) => Promise<Place> {
  let server: Promise<string> | undefined;
  async function start(): Promise<string> {
    const { url, stop } = await startPostgres();
    stage.onEnd(stop);
    return url;
  }
  return async (engine) => {
    const folder = temporaryFolder(stage);
    if (engine === 'SQLite') return { env: {}, folder };
    server ??= start();
    const url = new URL(await server);
    const name = `recipes_${randomBytes(6).toString('hex')}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    url.pathname = `/${name}`;
    return { env: { DATABASE_URL: url.href, SECRET_KEY: randomBytes(48).toString('base64url') }, folder };
  };
}

type SceneOptions = {
  readonly engine: Engine;
  readonly env: Readonly<Record<string, string>>;
  readonly hasNginx: boolean;
  readonly freshPlace: (engine: Engine) => Promise<Place>;
};

/** Starts the built API, and the deployment's nginx before it if it is to have one. */
export async function openScene(
  stage: Stage,
  { engine, env, hasNginx, freshPlace }: SceneOptions,
): Promise<Scene> {
  const place = await freshPlace(engine);
  const all = { ...place.env, ...env, ...(hasNginx && { TRUST_PROXY: '1' }) };
  const api = await startApi(stage, { env: all, folder: place.folder });
  const [webPort = 0, apiPort = 0] = await freePorts(2);
  const nginx = hasNginx
    ? await startNginx({ webPort, apiPort, apiServers: `127.0.0.1:${api.port}`, env: { ...env } })
    : undefined;
  if (nginx) stage.onEnd(nginx.stop);
  const port = nginx ? apiPort : api.port;
  let users = 0;

  const call: Scene['call'] = async (method, path, { from, ...options } = {}) => {
    const caller = createCaller({ port, from });
    const answer = await caller.call(method, path, options);
    caller.close();
    return answer;
  };
  return {
    stage,
    engine,
    port,
    api,
    place,
    nginxPid: nginx?.pid,
    call,
    freshPlace: () => freshPlace(engine),
    admin: async () => (await signIn(port)).token,
    async newUser() {
      users += 1;
      const uid = `somebody-${users}`;
      const made = await call('POST', '/api/users/signup', { body: { name: 'Some Body', uid, password } });
      if (made.status !== 201) throw new Error(`sign-up: ${made.status} ${made.text}`);
      const { token, refresh_token: refreshToken } = await signIn(port, uid, password);
      return { id: json<{ id: number }>(made).id, uid, token, refreshToken };
    },
  };
}
