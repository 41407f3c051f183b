import { expect, test } from 'vitest';
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
