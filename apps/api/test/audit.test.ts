import { expect, test } from 'vitest';
import { startApi } from './start-api.ts';

test('the audit log lists sign-ins, refusals and changes of users, newest first and without secrets', async () => {
  const api = await startApi();
  const admin = await api.signIn('toby');
  const niko = await api.signIn('niko');
  await api.send('POST', '/token', { body: { username: 'niko', password: 'not-the-password' } });
  await api.send('PATCH', '/api/users/2', { token: admin.token, body: { role: 'admin' } });
  await api.send('PATCH', '/api/users/2', { token: admin.token, body: { role: 'user' } });
  await api.send('GET', '/api/audit', { token: niko.token });
  await api.send('POST', '/token', {
    origin: 'https://evil.example',
    body: { username: 'niko', password: '123niko' },
  });
  await api.send('PUT', '/api/users/me/password', {
    token: niko.token,
    body: { current_password: '123niko', new_password: 'alternating current' },
  });
  await api.send('DELETE', '/api/sessions', { token: niko.token });
  await api.send('POST', '/api/users', {
    token: admin.token,
    body: { name: 'Ada', uid: 'ada', password: 'analytical engine' },
  });
  await api.send('DELETE', '/api/users/5', { token: admin.token });
  await api.send('DELETE', '/api/sessions/current', { token: admin.token });

  const again = await api.signIn('toby');
  const { status, body, text } = await api.send('GET', '/api/audit', { token: again.token });
  expect(status).toBe(200);
  expect(body.map(({ event }: { event: string }) => event)).toEqual([
    'sign_in',
    'sign_out',
    'user_deleted',
    'user_created',
    'session_ended',
    'password_changed',
    'origin_refused',
    'role_refused',
    'role_changed',
    'role_changed',
    'sign_in_failed',
    'sign_in',
    'sign_in',
  ]);
  expect(body[8]).toMatchObject({
    user_id: 2,
    detail: { role: 'user', by: 1 },
    ip: '127.0.0.1',
    request_id: expect.any(String),
  });
  for (const secret of [
    'not-the-password',
    '123niko',
    'alternating current',
    'analytical engine',
    admin.token,
    niko.refreshToken,
  ]) {
    expect(text).not.toContain(secret);
  }
});

test.each(['a'.repeat(100), 'not an address', '203.0.113.1:5555', `fe80::1%${'z'.repeat(100)}`])(
  'the forwarded address %s is recorded only if it is an address, and without its zone',
  async (forwarded) => {
    const api = await startApi({ env: { TRUST_PROXY: '1' } });
    const body = { username: 'niko', password: '123niko' };
    expect(
      (await api.send('POST', '/token', { body, headers: { 'x-forwarded-for': forwarded } })).status,
    ).toBe(200);
    expect(await api.db('audit_events').first('ip')).toEqual({
      ip: forwarded.startsWith('fe80::1') ? 'fe80::1' : '127.0.0.1',
    });
  },
);

test('the audit log is paged, and only admins may read it', async () => {
  const api = await startApi();
  const { token } = await api.signIn('toby');
  for (let count = 1; count <= 4; count += 1) await api.signIn('niko');
  const first = await api.send('GET', '/api/audit?limit=3', { token });
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await api.send('GET', next, { token });
  const ids = [...first.body, ...second.body].map(({ id }: { id: number }) => id);
  expect(ids).toEqual([5, 4, 3, 2, 1]);
  const niko = await api.signIn('niko');
  expect((await api.send('GET', '/api/audit', { token: niko.token })).status).toBe(403);
  expect((await api.send('GET', '/api/audit')).status).toBe(401);
});
