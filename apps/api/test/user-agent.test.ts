import { describe, expect, test } from 'vitest';
import { startApi } from './start-api.ts';

describe('the user agent of a session', () => {
  test.each([
    ['text in UTF-8', Buffer.from('Ünïcode 🦊 字'), 'Ünïcode 🦊 字'],
    ['bytes that are not UTF-8', Buffer.from('Caf\xe9/1.0', 'latin1'), 'Café/1.0'],
    ['a control sequence in UTF-8', Buffer.from('Agent\u009b2J'), 'Agent\ufffd2J'],
    ['300 characters of two code units', Buffer.from('🦊'.repeat(300)), '🦊'.repeat(255)],
    ['300 bytes that are not UTF-8', Buffer.alloc(300, 0xe9), 'é'.repeat(255)],
    ['15 kB of ASCII', Buffer.alloc(15_000, 'a'), 'a'.repeat(255)],
  ])(
    'the user agent of a session is shown as it was sent, at most 255 code points of it: %s',
    async (_, sent, shown) => {
      const api = await startApi();
      const headers = { 'user-agent': sent.toString('latin1') };
      const { body } = await api.send('POST', '/token', {
        body: { username: 'niko', password: '123niko' },
        headers,
      });
      const sessions = await api.send('GET', '/api/sessions', { token: body.token });
      expect(sessions.body[0]).toMatchObject({ user_agent: shown });
    },
  );
});
