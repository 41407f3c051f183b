import { runApi, startApi } from '../../rig/api.ts';
import { createCaller, signIn } from '../../rig/calls.ts';
import { type Group, type Scene, told } from './recipe.ts';

const publicEnv = {
  WEB_ORIGINS: 'https://app.example.org',
  COOKIE_PROFILE: 'same-origin',
  LOG_LEVEL: 'error',
};
const forwarded = { host: 'app.example.org', 'x-forwarded-proto': 'https' };
const toby = { username: 'toby', password: '123toby' };

/** What is safe on one's own machine alone, taken along to where strangers are. */
export const deployments: Group = {
  name: 'defaults of a first try in a deployment',
  recipes: [
    {
      tried: 'the demo admin signs in after the deployment has got a public origin, on the same data',
      expected:
        '200 at first, then 401 credentials_invalid; the old token 401 session_ended; others of the demo 401 credentials_invalid',
      isDirectOnly: true,
      async run(scene) {
        const place = await scene.freshPlace();
        const demo = await startApi(scene.stage, { env: place.env, folder: place.folder });
        const { token } = await signIn(demo.port);
        await demo.end('SIGTERM');
        const live = await startApi(scene.stage, {
          env: { ...place.env, ...publicEnv },
          folder: place.folder,
        });
        const { call, close } = createCaller({ port: live.port });
        const ask = (body: object) => call('POST', '/token', { headers: forwarded, body });
        const again = await ask(toby);
        const old = await call('GET', '/protected', { token, headers: forwarded });
        const other = await ask({ username: 'niko', password: '123niko' });
        close();
        await live.end('SIGTERM');
        return `200 at first, then ${told(again)}; the old token ${told(old)}; others of the demo ${told(other)}`;
      },
    },
    ...[
      { HOST: '0.0.0.0' },
      { HOST: '0.0.0.0', PUBLISH_ADDRESS: '0.0.0.0' },
      { HOST: '::' },
      { ...publicEnv, DEMO_DATA: 'true' },
      { HOST: '0.0.0.0', COOKIE_PROFILE: 'same-origin', DEMO_DATA: 'true' },
      { WEB_ORIGINS: 'http://app.example.org', COOKIE_PROFILE: 'same-site' },
    ].map((env: Record<string, string>) => ({
      tried: `the API starts with ${Object.entries(env)
        .filter(([name]) => name !== 'LOG_LEVEL')
        .map((pair) => pair.join('='))
        .join(' ')}`,
      expected: 'exit 1, nothing listens',
      isDirectOnly: true as const,
      run: (scene: Scene) => refusesToStart(scene, env),
    })),
    {
      tried: 'a stranger reads the metrics and the trace of a deployment',
      expected: '404 not_found, 404 not_found',
      isDirectOnly: true,
      async run(scene) {
        const { env, folder } = await scene.freshPlace();
        const api = await startApi(scene.stage, { env: { ...env, ...publicEnv, HOST: '0.0.0.0' }, folder });
        const { call, close } = createCaller({ port: api.port });
        const metrics = await call('GET', '/metrics', { headers: forwarded });
        const trace = await call('GET', '/api/exchanges?after=start', { headers: { host: 'localhost' } });
        close();
        await api.end('SIGTERM');
        return `${told(metrics)}, ${told(trace)}`;
      },
    },
  ],
};

async function refusesToStart({ stage, freshPlace }: Scene, env: Record<string, string>): Promise<string> {
  const place = await freshPlace();
  const api = runApi(stage, { ...place.env, DATA_DIR: place.folder, ...env });
  const port = await api.port().catch(() => undefined);
  if (port !== undefined) {
    await api.end('SIGKILL');
    return `it listens on ${port}`;
  }
  const { code } = await api.exit;
  return `exit ${String(code)}, nothing listens`;
}
