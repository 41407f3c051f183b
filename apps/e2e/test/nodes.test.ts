import { installNode, nodeMajors } from '@signet/rig';
import { expect, onTestFinished, test } from 'vitest';
import { startApi } from './start-api.ts';

// Later ones only: what npm compiled for this Node works on those (Node-API's promise of a stable ABI), and may crash an
// earlier one.
const later = nodeMajors.filter((major) => major > Number.parseInt(process.versions.node, 10));

test('The Nodes that are tested are those that package.json admits', async () => {
  const { default: root } = await import('../../../package.json', { with: { type: 'json' } });
  expect(root.engines.node).toBe('^20.19 || >=22.12');
  expect(nodeMajors).toEqual([20, 22, 24]);
});

test.each(later)(
  'On Node %i the built API signs in, refreshes and signs out in both flows',
  async (major) => {
    const api = await startApi({ node: installNode(major) });
    onTestFinished(() => api.stop());
    const send = async (method: string, path: string, headers: Record<string, string>, body?: unknown) => {
      const answer = await fetch(`${api.url}${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        body: text ? JSON.parse(text) : undefined,
        cookies: answer.headers.getSetCookie().map((line) => line.split(';')[0]),
      };
    };
    const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

    const signedIn = await send('POST', '/token', {}, { username: 'toby', password: '123toby' });
    expect((await send('GET', '/protected', withToken(signedIn.body.token))).body.username).toBe('toby');
    const { refresh_token } = signedIn.body;
    const renewed = await send('POST', '/api/sessions/refresh', {}, { refresh_token });
    expect(renewed.status).toBe(200);
    expect((await send('DELETE', '/api/sessions/current', withToken(renewed.body.token))).status).toBe(204);
    const ended = await send('GET', '/protected', withToken(renewed.body.token));
    expect([ended.status, ended.body.code]).toEqual([401, 'session_ended']);

    const entered = await send('POST', '/api/users/authenticate', {}, { uid: 'niko', password: '123niko' });
    const withCookies = { cookie: entered.cookies.join('; ') };
    expect((await send('GET', '/protected', withCookies)).body.username).toBe('niko');
    const refreshed = await send('POST', '/api/sessions/refresh', withCookies);
    expect(refreshed.status).toBe(200);
    const next = { cookie: refreshed.cookies.join('; ') };
    expect((await send('DELETE', '/api/sessions/current', next)).status).toBe(204);
    expect((await send('GET', '/protected', next)).status).toBe(401);
  },
);
