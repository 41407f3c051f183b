import { describe, expect, test } from 'vitest';
import { startApi } from './start-api.ts';

/** The value of a line of the text format, or undefined. */
function readValue(text: string, line: string): number | undefined {
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

test('/metrics counts requests by route, audit events by name and problems by code', async () => {
  const api = await startApi();
  const { token } = await api.signIn();
  await api.send('POST', '/token', { body: { username: 'niko', password: 'not the password' } });
  await api.send('GET', '/api/users/1', { token });
  await api.send('GET', '/api/users/2', { token });
  await api.send('GET', '/protected');
  await api.send('GET', '/api/made-up-by-the-caller');

  const { status, headers, text } = await api.send('GET', '/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const count = (method: string, route: string, answer: number) =>
    readValue(
      text,
      `signet_http_request_duration_seconds_count{method="${method}",route="${route}",status="${answer}"}`,
    );
  expect(count('GET', '/api/users/:id', 200)).toBe(2);
  expect(count('POST', '/token', 401)).toBe(1);
  expect(count('GET', 'none', 404)).toBe(1);
  expect(readValue(text, 'signet_problems_total{code="token_missing"}')).toBe(1);
  expect(readValue(text, 'signet_problems_total{code="credentials_invalid"}')).toBe(1);
  expect(readValue(text, 'signet_audit_events_total{event="sign_in"}')).toBe(1);
  expect(readValue(text, 'signet_audit_events_total{event="sign_in_failed"}')).toBe(1);
  expect(readValue(text, 'signet_password_hashes{state="waiting"}')).toBe(0);
  expect(text).not.toContain('made-up');
});

describe('/metrics where others than this machine reach the API', () => {
  const elsewhere = { WEB_ORIGINS: 'https://app.example.org', COOKIE_PROFILE: 'same-origin' };

  test('/metrics where others than this machine reach the API is not there without METRICS_TOKEN', async () => {
    const api = await startApi({ env: elsewhere });
    const { status, body } = await api.send('GET', '/metrics', { token: 'undefined' });
    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  test('/metrics where others than this machine reach the API needs METRICS_TOKEN as its bearer token', async () => {
    const METRICS_TOKEN = 'Wn7bT2xQ9kLr4vZs';
    const api = await startApi({ env: { ...elsewhere, METRICS_TOKEN } });
    const codeWith = async (options: object) => (await api.send('GET', '/metrics', options)).body.code;
    expect(await codeWith({})).toBe('token_missing');
    expect(await codeWith({ token: `${METRICS_TOKEN}x` })).toBe('token_invalid');
    expect(await codeWith({ headers: { authorization: METRICS_TOKEN } })).toBe('token_invalid');
    expect(await codeWith({ headers: { authorization: `Basic ${METRICS_TOKEN}` } })).toBe('token_invalid');
    const { status, text } = await api.send('GET', '/metrics', { token: METRICS_TOKEN });
    expect([status, text.includes('signet_password_hashes')]).toEqual([200, true]);
  });
});
