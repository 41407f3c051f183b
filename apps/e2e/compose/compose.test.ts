import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLoad } from '../test/load.ts';
import { ask } from '../test/start-nginx.ts';
import { signInAsSeveral, signInAt, walkThrough } from './journeys.ts';
import { becomesHealthy, type Deployment, docker, dockerBeside, startCompose } from './start-compose.ts';

let deployment: Deployment;

async function expectDataToSurvive(): Promise<void> {
  const token = await signInAt(deployment.apiUrl);
  const headers = { authorization: `Bearer ${token}` };
  const written = await ask(deployment.apiUrl, 'POST', '/api/posts', {
    headers,
    body: '{"note":"From before"}',
  });
  expect(written.status).toBe(201);
  deployment.down();
  await deployment.up();
  const read = await ask(deployment.apiUrl, 'GET', `/api/posts/${JSON.parse(written.text).id}`, { headers });
  expect(read.status).toBe(200);
}

describe('The deployment on SQLite', () => {
  beforeAll(async () => {
    deployment = await startCompose({ files: ['docker-compose.yml'], scale: 1 });
  });
  afterAll(() => deployment?.remove());

  test('Both flows and the Postman collection work in the deployment', () => walkThrough(deployment));

  test('Data and sign-ins survive docker compose down and up', expectDataToSurvive);

  test('Containers run as unprivileged users on a read-only root file system', () => {
    for (const service of ['api', 'web']) {
      for (const container of deployment.containers(service)) {
        expect(docker('exec', container, 'id', '-u').trim()).not.toBe('0');
        expect(
          docker('inspect', '-f', '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}', container).trim(),
        ).toBe('true [ALL]');
        expect(() => docker('exec', container, 'touch', '/tried')).toThrow('Read-only');
      }
    }
  });

  test('Images contain what runs, and no build tools or sources', () => {
    const search =
      'for name in gcc g++ cc make python3 node-gyp tsc vite vitest; do command -v $name; done; ls /signet/node_modules 2>/dev/null; true';
    for (const service of ['api', 'web']) {
      const [container = ''] = deployment.containers(service);
      const found = docker('exec', container, 'sh', '-c', search).split('\n');
      expect(
        found.filter((name) =>
          /^\/|^(node-gyp|prebuild-install|tar|undici|ajv-formats|typescript|vite|vitest|tsx|turbo|@signet)$/.test(
            name,
          ),
        ),
      ).toEqual([]);
      if (service === 'api') expect(found).toContain('express');
      const image = docker('inspect', '-f', '{{.Image}}', container).trim();
      expect(docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', image)).not.toMatch(
        /SECRET|PASSWORD|TOKEN/,
      );
      expect(
        docker(
          'inspect',
          '-f',
          '{{json .Config.Cmd}}{{json .Config.Entrypoint}}{{json .Config.Healthcheck.Test}}',
          image,
        ),
      ).not.toMatch(/CMD-SHELL|\/bin\/sh/);
    }
  });

  test('docker compose up on a running deployment restarts no container', async () => {
    const before = [...deployment.containers('api'), ...deployment.containers('web')];
    await deployment.up();
    expect([...deployment.containers('api'), ...deployment.containers('web')]).toEqual(before);
  });

  test('A second API container on SQLite refuses to start, and names the reason', () => {
    const { status, output } = deployment.compose('run', '--rm', '--no-deps', '-T', 'api');
    expect(status).not.toBe(0);
    expect(output).toContain('another API has /data/signet.db');
  });

  test('The API image contains the command line', () => {
    const [container = ''] = deployment.containers('api');
    expect(docker('exec', container, 'signet', 'user', 'list')).toContain('toby');
  });
});

describe('The deployment on PostgreSQL with three replicas', () => {
  beforeAll(async () => {
    deployment = await startCompose({
      files: ['docker-compose.yml', 'docker-compose.postgres.yml'],
      scale: 3,
    });
  });
  afterAll(() => deployment?.remove());

  test('Both flows and the Postman collection work in the deployment', () => walkThrough(deployment));

  test('Data and sign-ins survive docker compose down and up', expectDataToSurvive);

  test('A killed replica loses the requests that it was serving, and no later request fails', async () => {
    const callers = 8;
    const load = startLoad({
      url: deployment.apiUrl,
      tokens: await signInAsSeveral(deployment.apiUrl),
      callers,
    });
    await delay(2000);
    const [replica = ''] = deployment.containers('api');
    const killedAt = Date.now();
    await dockerBeside('kill', replica);
    const killed = Date.now();
    await delay(8000);
    await load.stop();
    expect(load.failures.length).toBeLessThanOrEqual(callers);
    for (const { beganAt, what } of load.failures)
      expect(beganAt, `${what}, killed from ${killedAt}`).toBeLessThan(killed + 100);
    expect(load.counts.answered).toBeGreaterThan(100);
    docker('start', replica);
    await becomesHealthy(replica);
  });

  test('A rolling restart of the containers fails no request', async () => {
    const load = startLoad({
      url: deployment.apiUrl,
      tokens: await signInAsSeveral(deployment.apiUrl),
      callers: 8,
    });
    await delay(1000);
    for (const replica of deployment.containers('api')) {
      await dockerBeside('restart', '-t', '15', replica);
      await becomesHealthy(replica);
    }
    await load.stop();
    expect(load.failures).toEqual([]);
    expect(load.counts.answered).toBeGreaterThan(100);
  });

  test('Replacing every replica by one at another address fails no request', async () => {
    const load = startLoad({
      url: deployment.apiUrl,
      tokens: await signInAsSeveral(deployment.apiUrl),
      callers: 8,
    });
    const before = deployment.containers('api');
    await deployment.replaceReplicas();
    await load.stop();
    expect(deployment.containers('api')).toHaveLength(before.length);
    expect(deployment.containers('api').filter((each) => before.includes(each))).toEqual([]);
    // New addresses cause a reload, and nginx before 1.27.4 then closes
    // connections in use. Its answers are still right.
    const [web = ''] = deployment.containers('web');
    const closesConnections = !docker('exec', web, 'cat', '/tmp/nginx/nginx.conf').includes(
      'keepalive_min_timeout',
    );
    expect(
      load.failures.filter(
        ({ what }) => !closesConnections || !/^(socket hang up|read ECONNRESET)$/.test(what),
      ),
    ).toEqual([]);
    expect(load.counts.answered).toBeGreaterThan(100);
  });
});
