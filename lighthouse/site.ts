import { freePorts, startApi } from '@signet/rig';
import { startNginx } from '../apps/e2e/test/start-nginx.ts';

/** The built app and API behind the deployment's nginx, which compresses and caches as it does for users. */
export async function startSite() {
  const [webPort = 0, apiPort = 0] = await freePorts(2);
  const env = { WEB_ORIGINS: `http://localhost:${webPort}` };
  const api = await startApi({ env: { ...env, TRUST_PROXY: '1' } });
  try {
    const apiServers = `127.0.0.1:${api.port}`;
    const nginx = await startNginx({
      webPort,
      apiPort,
      apiServers,
      env: { ...env, API_URL: `http://{hostname}:${apiPort}` },
    });
    const stop = async () => {
      await nginx.stop();
      await api.stop();
    };
    return { origin: nginx.webUrl, stop };
  } catch (error) {
    await api.stop();
    throw error;
  }
}
