import { describe, expect, test } from 'vitest';
import { sessionOf } from './session-of.ts';
import { type Api, startApi } from './start-api.ts';

type SignedIn = Awaited<ReturnType<Api['signIn']>>;
type Step = { readonly api: Api; readonly own: SignedIn; readonly other: SignedIn; readonly admin: SignedIn };

/** Each way in which niko's own session ends, while niko and an admin have another. */
const ways: readonly {
  readonly way: string;
  readonly end: (step: Step) => Promise<unknown>;
  readonly reason: string;
  readonly event: string;
  readonly detail: object;
  /** The session that the event names: the one that ends, that of who ended it, or the one that begins. */
  readonly names: 'own' | 'other' | 'admin' | 'new';
}[] = [
  {
    way: 'its user signs out',
    end: ({ api, own }) => api.send('DELETE', '/api/sessions/current', { token: own.token }),
    reason: 'sign_out',
    event: 'sign_out',
    detail: {},
    names: 'own',
  },
  {
    way: 'its user ends it from another session',
    end: ({ api, own, other }) =>
      api.send('DELETE', `/api/sessions/${sessionOf(own.token)}`, { token: other.token }),
    reason: 'ended_by_user',
    event: 'session_ended',
    detail: { by: 2 },
    names: 'own',
  },
  {
    way: 'its user ends all but another',
    end: ({ api, other }) => api.send('DELETE', '/api/sessions/others', { token: other.token }),
    reason: 'ended_by_user',
    event: 'session_ended',
    detail: { by: 2, count: 1 },
    names: 'other',
  },
  {
    way: 'its user ends all',
    end: ({ api, other }) => api.send('DELETE', '/api/sessions', { token: other.token }),
    reason: 'ended_by_user',
    event: 'session_ended',
    detail: { by: 2, count: 2 },
    names: 'other',
  },
  {
    way: 'an admin ends all of its user',
    end: ({ api, admin }) => api.send('DELETE', '/api/users/2/sessions', { token: admin.token }),
    reason: 'ended_by_admin',
    event: 'session_ended',
    detail: { by: 1, count: 2 },
    names: 'admin',
  },
  {
    way: 'its user changes the password',
    end: ({ api, other }) =>
      api.send('PUT', '/api/users/me/password', {
        token: other.token,
        body: { current_password: '123niko', new_password: 'a phrase of my own' },
      }),
    reason: 'password_changed',
    event: 'password_changed',
    detail: { by: 2 },
    names: 'new',
  },
  {
    way: 'an admin sets the password',
    end: ({ api, admin }) =>
      api.send('PUT', '/api/users/2/password', {
        token: admin.token,
        body: { new_password: 'chosen by an admin' },
      }),
    reason: 'password_changed',
    event: 'password_changed',
    detail: { by: 1 },
    names: 'admin',
  },
  {
    way: 'its user has signed in too often since',
    end: ({ api }) => api.signIn(),
    reason: 'too_many_sessions',
    event: 'session_ended',
    detail: { by: 2, reason: 'too_many_sessions' },
    names: 'own',
  },
  {
    way: 'an old refresh token of it is used',
    end: async ({ api, own }) => {
      const body = { refresh_token: own.refreshToken };
      await api.send('POST', '/api/sessions/refresh', { body });
      api.advance(11);
      await api.send('POST', '/api/sessions/refresh', { body, headers: { 'user-agent': 'thief/1.0' } });
    },
    reason: 'refresh_reused',
    event: 'refresh_reused',
    detail: { user_agent: 'thief/1.0' },
    names: 'own',
  },
];

describe('the end of a session', () => {
  test.each(ways)(
    'the end of a session is kept with its reason, and recorded once, when $way',
    async ({ end, reason, event, detail, names }) => {
      const api = await startApi({ env: { USER_MAX_SESSIONS: '2' } });
      const [own, other, admin] = [await api.signIn(), await api.signIn(), await api.signIn('toby')];
      await end({ api, own, other, admin });

      const id = sessionOf(own.token);
      expect(await api.db('sessions').where({ id }).first('end_reason')).toEqual({ end_reason: reason });
      expect((await api.send('GET', '/protected', { token: own.token })).body.code).toBe('session_ended');
      const live = await api.db('sessions').where({ user_id: 2 }).whereNull('ended_at').first('id');
      const named = { own: id, other: sessionOf(other.token), admin: sessionOf(admin.token), new: live?.id };
      const recorded = await api.db('audit_events').where({ user_id: 2 }).whereNot({ event: 'sign_in' });
      expect(recorded).toMatchObject([{ event, session_id: named[names] }]);
      expect(JSON.parse(recorded[0].detail)).toEqual(detail);
    },
  );
});
