import { ApiError, type Carrier, endpoints, NetworkError, UnexpectedAnswerError } from '@signet/contracts';
import { describe, expect, test } from 'vitest';
import { queryKeys } from '../src/pages/queries.ts';
import type { AuthClient } from '../src/session/auth-client.ts';
import { LostPasswordAnswer } from '../src/session/password-change.ts';
import { createQueryClient } from '../src/session/query-client.ts';
import { apiUrl, createFakeApi, problem } from './fake-api.ts';
import { createFakeBrowser } from './fake-browser.ts';

const toby = { uid: 'toby', password: '123toby' };
const niko = { uid: 'niko', password: '123niko' };

function setUp() {
  const api = createFakeApi();
  const browser = createFakeBrowser({ apiUrl, fetch: api.fetch });
  const expireToken = () => api.expireTokens(browser.entries.get('jwt-token'));
  return { api, browser, expireToken };
}

function noticeOf(auth: AuthClient) {
  const state = auth.state();
  return state.status === 'signed-out' ? state.notice : 'still signed in';
}

function codeOf(error: unknown) {
  return error instanceof ApiError ? error.problem.code : error;
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe.each<Carrier>(['bearer', 'cookie'])('signed in by %s', (carrier) => {
  async function signedIn() {
    const parts = setUp();
    const tab = parts.browser.openTab();
    await tab.signIn(carrier, toby);
    return { ...parts, tab };
  }

  test('a call is made as the user who signed in', async () => {
    const { tab } = await signedIn();
    expect(await tab.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
    expect(tab.state()).toMatchObject({ status: 'signed-in', stored: { carrier } });
  });

  test('wrong credentials are refused and store nothing', async () => {
    const { browser } = setUp();
    const tab = browser.openTab();
    expect(codeOf(await failureOf(tab.signIn(carrier, { uid: 'toby', password: 'wrong' })))).toBe(
      'credentials_invalid',
    );
    expect(tab.state().status).toBe('signed-out');
    expect([...browser.entries]).toEqual([]);
  });

  test('a reload stays signed in, in the same flow', async () => {
    const { browser } = await signedIn();
    const reloaded = browser.openTab();
    expect(reloaded.state()).toMatchObject({ status: 'signed-in', stored: { carrier } });
    expect(await reloaded.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
  });

  test('a call with an expired token refreshes it and is retried', async () => {
    const { api, tab, expireToken } = await signedIn();
    expireToken();
    expect(await tab.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
    expect(api.callsOf('refreshSession')).toHaveLength(1);
    expect(api.callsOf('readProtected')).toHaveLength(2);
  });

  test('a retried call sends its body again', async () => {
    const { api, tab, expireToken } = await signedIn();
    expireToken();
    await tab.call(endpoints.updateUser, { params: { id: 1 }, body: { name: 'Thomas Alva Edison' } });
    expect(api.people[0]?.name).toBe('Thomas Alva Edison');
  });

  test('a call is retried once only', async () => {
    const { api, tab } = await signedIn();
    api.respond('readProtected', () => problem('token_expired'));
    expect(codeOf(await failureOf(tab.call(endpoints.readProtected)))).toBe('token_expired');
    expect(api.callsOf('readProtected')).toHaveLength(2);
    expect(api.callsOf('refreshSession')).toHaveLength(1);
    expect(tab.state().status).toBe('signed-in');
  });

  test('concurrent calls with an expired token share one refresh', async () => {
    const { api, tab, expireToken } = await signedIn();
    expireToken();
    const answers = await Promise.all(Array.from({ length: 8 }, () => tab.call(endpoints.readProtected)));
    expect(answers).toHaveLength(8);
    expect(api.callsOf('refreshSession')).toHaveLength(1);
  });

  test('two tabs share one refresh', async () => {
    const { api, browser, tab, expireToken } = await signedIn();
    const other = browser.openTab();
    expireToken();
    await Promise.all([tab.call(endpoints.readProtected), other.call(endpoints.readProtected)]);
    expect(api.callsOf('refreshSession')).toHaveLength(1);
    expect([tab.state().status, other.state().status]).toEqual(['signed-in', 'signed-in']);
  });

  test('tabs that see the new storage late do not refresh again', async () => {
    const { api, browser, tab, expireToken } = await signedIn();
    const others = Array.from({ length: 4 }, () => browser.openTab());
    browser.storageDelay.milliseconds = 50;
    expireToken();
    const answers = await Promise.all([tab, ...others].map((each) => each.call(endpoints.readProtected)));
    expect(answers).toEqual(Array.from({ length: 5 }, () => ({ id: 1, username: 'toby' })));
    expect(api.callsOf('refreshSession')).toHaveLength(1);
  });

  test('a second tab refreshes after the first one failed to', async () => {
    const { api, browser, tab, expireToken } = await signedIn();
    const other = browser.openTab();
    expireToken();
    api.respond('refreshSession', () => {
      api.restore('refreshSession');
      return Promise.reject(new TypeError('Failed to fetch'));
    });
    const [first, second] = await Promise.allSettled([
      tab.call(endpoints.readProtected),
      other.call(endpoints.readProtected),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: expect.any(NetworkError) });
    expect(second).toMatchObject({ status: 'fulfilled', value: { id: 1, username: 'toby' } });
  });

  test('a refresh without an answer fails its call and does not sign out', async () => {
    const { api, tab, expireToken } = await signedIn();
    expireToken();
    api.respond('refreshSession', () => Promise.reject(new TypeError('Failed to fetch')));
    expect(await failureOf(tab.call(endpoints.readProtected))).toBeInstanceOf(NetworkError);
    expect(tab.state().status).toBe('signed-in');
    api.restore('refreshSession');
    expect(await tab.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
  });

  test('a refresh answered with not_ready does not sign out', async () => {
    const { api, tab, expireToken } = await signedIn();
    expireToken();
    api.respond('refreshSession', () => problem('not_ready'));
    expect(codeOf(await failureOf(tab.call(endpoints.readProtected)))).toBe('not_ready');
    expect(tab.state().status).toBe('signed-in');
  });

  test.each(['refresh_invalid', 'refresh_reused', 'session_ended'] as const)(
    'a refresh refused with %s signs out and says why',
    async (code) => {
      const { api, browser, tab, expireToken } = await signedIn();
      expireToken();
      api.respond('refreshSession', () => problem(code));
      expect(codeOf(await failureOf(tab.call(endpoints.readProtected)))).toBe(code);
      expect(noticeOf(tab)).toBe(code);
      expect([...browser.entries]).toEqual([]);
    },
  );

  test('a session that was ended elsewhere signs out all tabs at the next call of one', async () => {
    const { api, browser, tab } = await signedIn();
    const other = browser.openTab();
    api.endSessions(() => true);
    await failureOf(tab.call(endpoints.readProtected));
    expect([noticeOf(tab), noticeOf(other)]).toEqual(['session_ended', 'session_ended']);
  });

  test('a 401 for a wrong password does not sign out', async () => {
    const { tab } = await signedIn();
    const change = tab.changePassword({ current_password: 'wrong', new_password: 'long enough' });
    expect(codeOf(await failureOf(change))).toBe('credentials_invalid');
    expect(tab.state().status).toBe('signed-in');
  });

  describe('a change of password', () => {
    const passwords = { current_password: toby.password, new_password: 'a longer password' };

    test('gives every tab the new session, and keeps what they have loaded', async () => {
      const { api, browser, tab } = await signedIn();
      const other = browser.openTab();
      const cache = createQueryClient(other);
      cache.setQueryData(queryKeys.users, 'loaded');
      await tab.changePassword(passwords);
      expect(api.sessions).toHaveLength(1);
      for (const each of [tab, other, browser.openTab()])
        expect(await each.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
      expect(cache.getQueryData(queryKeys.users)).toBe('loaded');
    });

    test('does not sign out a tab that is refused while the answer is under way', async () => {
      const { api, browser, tab } = await signedIn();
      const others = Array.from({ length: 4 }, () => browser.openTab());
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let tellChanged = () => {};
      const changed = new Promise<void>((resolve) => {
        tellChanged = resolve;
      });
      api.respond('changePassword', async ({ request }) => {
        api.restore('changePassword');
        const answer = await api.fetch(request.clone());
        tellChanged();
        await released;
        return answer;
      });
      const change = tab.changePassword(passwords);
      await changed;
      api.respond('readProtected', () => problem('session_ended'));
      const calls = [tab, ...others].map((each) => each.call(endpoints.readProtected));
      await expect.poll(() => api.callsOf('readProtected')).toHaveLength(5);
      api.restore('readProtected');
      release();
      await change;
      for (const answer of await Promise.all(calls)) expect(answer).toEqual({ id: 1, username: 'toby' });
      for (const each of [tab, ...others]) expect(each.state().status).toBe('signed-in');
    });

    test('is made after a refresh if the token has expired', async () => {
      const { api, tab, expireToken } = await signedIn();
      expireToken();
      await tab.changePassword(passwords);
      expect(api.people[0]?.password).toBe('a longer password');
      expect(await tab.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
    });

    test('whose answer is lost says that the password was changed, where the API ended the session', async () => {
      const { api, tab } = await signedIn();
      api.respond('changePassword', () => {
        api.endSessions(() => true);
        throw new TypeError('Failed to fetch');
      });
      expect(await failureOf(tab.changePassword(passwords))).toBeInstanceOf(LostPasswordAnswer);
      expect(noticeOf(tab)).toBe('password_changed');
    });

    test('that has no answer stays signed in while the session lives', async () => {
      const { api, tab } = await signedIn();
      api.respond('changePassword', () => {
        throw new TypeError('Failed to fetch');
      });
      expect(await failureOf(tab.changePassword(passwords))).toBeInstanceOf(LostPasswordAnswer);
      expect(tab.state().status).toBe('signed-in');
    });
  });

  test.each(['refresh_elsewhere', 'cookies_ambiguous'] as const)(
    'a refresh refused with %s clears nothing and signs nobody out',
    async (code) => {
      const { api, browser, tab, expireToken } = await signedIn();
      expireToken();
      api.respond('refreshSession', () => problem(code));
      const before = [...browser.entries];
      await failureOf(tab.call(endpoints.readProtected));
      expect([tab.state().status, [...browser.entries]]).toEqual(['signed-in', before]);
    },
  );

  test('a call refused after another user signed in does not clear their session', async () => {
    const { api, browser, tab } = await signedIn();
    const other = browser.openTab();
    api.respond('readProtected', async () => {
      // While this call is in progress, another tab signs out and signs in again.
      api.restore('readProtected');
      await other.signOut();
      await other.signIn(carrier, niko);
      return problem('session_ended');
    });
    await failureOf(tab.call(endpoints.readProtected));
    expect(other.state().status).toBe('signed-in');
    expect(await other.call(endpoints.readProtected)).toEqual({ id: 2, username: 'niko' });
    expect(await browser.openTab().call(endpoints.readProtected)).toEqual({ id: 2, username: 'niko' });
  });

  test('a refused call is made again with the successor that another tab has stored meanwhile', async () => {
    const { api, browser, tab } = await signedIn();
    const other = browser.openTab();
    api.respond('readProtected', async () => {
      api.restore('readProtected');
      await other.refresh();
      return problem('token_invalid');
    });
    expect(await tab.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
    expect([tab.state().status, other.state().status]).toEqual(['signed-in', 'signed-in']);
    expect(await browser.openTab().call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
  });

  test('a refused call clears nothing if another tab has refreshed during both of its attempts', async () => {
    const { api, browser, tab } = await signedIn();
    const other = browser.openTab();
    api.respond('readProtected', async () => {
      await other.refresh();
      return problem('token_invalid');
    });
    expect(codeOf(await failureOf(tab.call(endpoints.readProtected)))).toBe('token_invalid');
    api.restore('readProtected');
    expect([tab.state().status, other.state().status]).toEqual(['signed-in', 'signed-in']);
    expect(await tab.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
    expect(await browser.openTab().call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
  });

  test('a refused refresh is ignored if another tab refreshed successfully meanwhile', async () => {
    const { api, browser, tab, expireToken } = await signedIn();
    expireToken();
    api.respond('refreshSession', () => {
      // As in a browser without Web Locks: another tab refreshes at the same time, and is answered first.
      const state = tab.state();
      const [session] = api.sessions;
      if (state.status !== 'signed-in' || !session) throw new Error('not signed in');
      session.generation += 1;
      const token = api.issueToken(session);
      if (carrier === 'bearer') {
        browser.entries.set('jwt-token', token);
        browser.entries.set('jwt-refresh-token', `${session.id}.${session.generation}`);
      } else {
        api.cookies.jwt = token;
        browser.entries.set(
          'signet-cookie-session',
          JSON.stringify({ sign_in_id: state.stored.signInId, version: 'the-other-tab' }),
        );
      }
      return problem('refresh_reused');
    });
    expect(await tab.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
    expect(tab.state().status).toBe('signed-in');
  });

  test('a call made as one user is not retried as another', async () => {
    const { api, browser, tab } = await signedIn();
    const other = browser.openTab();
    api.respond('updateUser', async () => {
      api.restore('updateUser');
      await other.signOut();
      await other.signIn(carrier, niko);
      return problem('token_expired');
    });
    const failure = await failureOf(
      tab.call(endpoints.updateUser, { params: { id: 2 }, body: { name: 'Written by toby' } }),
    );
    expect(codeOf(failure)).toBe('token_expired');
    expect(api.people[1]?.name).toBe('Nicholas Tesla');
  });

  test('a sign-out ends the session at the API, clears the storage and signs out the other tabs', async () => {
    const { api, browser, tab } = await signedIn();
    const other = browser.openTab();
    await tab.signOut();
    expect(api.sessions).toEqual([]);
    expect([...browser.entries]).toEqual([]);
    expect(api.cookies.jwt).toBeUndefined();
    expect(noticeOf(tab)).toBe('signed_out');
    expect(noticeOf(other)).toBe('signed_out_elsewhere');
  });

  test('the notice names the action of the user, even if another call was refused because of it first', async () => {
    const { api, browser, tab } = await signedIn();
    const other = browser.openTab();
    const refuseOthersFirst = async () => {
      api.endSessions(() => true);
      await failureOf(other.call(endpoints.readProtected));
      expect([noticeOf(tab), noticeOf(other)]).toEqual(['session_ended', 'session_ended']);
      return new Response(null, { status: 204 });
    };
    api.respond('deleteUser', refuseOthersFirst);
    await tab.signOutAfter(() => tab.call(endpoints.deleteUser, { params: { id: 1 } }), 'account_deleted');
    expect([noticeOf(tab), noticeOf(other)]).toEqual(['account_deleted', 'account_deleted']);

    await tab.signIn(carrier, toby);
    await other.call(endpoints.readProtected);
    api.respond('endCurrentSession', refuseOthersFirst);
    await tab.signOut();
    expect([noticeOf(tab), noticeOf(other)]).toEqual(['signed_out', 'signed_out_elsewhere']);
  });

  test('ending all sessions does not sign out a user who signed in before the answer', async () => {
    const { api, browser, tab } = await signedIn();
    const other = browser.openTab();
    api.respond('endSessions', async () => {
      await other.signOut();
      await other.signIn(carrier, niko);
      return new Response(null, { status: 204 });
    });
    await tab.signOutAfter(() => tab.call(endpoints.endSessions), 'sessions_ended');
    expect([tab.state().status, other.state().status]).toEqual(['signed-in', 'signed-in']);
    expect(await tab.call(endpoints.readProtected)).toEqual({ id: 2, username: 'niko' });
  });

  test('a sign-out without the network clears the storage and says that the API was not told', async () => {
    const { api, browser, tab } = await signedIn();
    api.state.isReachable = false;
    await tab.signOut();
    expect(noticeOf(tab)).toBe('server_not_told');
    expect([...browser.entries]).toEqual([]);
  });

  test('a refresh that ends after the sign-out does not sign in again', async () => {
    const { api, browser, tab, expireToken } = await signedIn();
    expireToken();
    api.respond('refreshSession', async ({ request }) => {
      api.restore('refreshSession');
      const answer = await api.fetch(request.clone());
      await tab.signOut();
      return answer;
    });
    await failureOf(tab.call(endpoints.readProtected));
    expect(tab.state().status).toBe('signed-out');
    expect([...browser.entries]).toEqual([]);
  });

  test('a call that waits for another tab to refresh fails at the sign-out instead of waiting on', async () => {
    const { api, browser, tab, expireToken } = await signedIn();
    const other = browser.openTab();
    expireToken();
    const asked = new Promise<void>((resolve) => {
      api.respond('refreshSession', () => {
        resolve();
        return new Promise(() => undefined);
      });
    });
    void other.call(endpoints.readProtected);
    await asked;
    const waiting = failureOf(tab.call(endpoints.readProtected));
    await expect.poll(() => api.callsOf('readProtected')).toHaveLength(2);
    await tab.signOut();
    expect(codeOf(await waiting)).toBe(carrier === 'bearer' ? 'token_expired' : 'token_missing');
  });

  test('a sign-in in one tab signs in all', async () => {
    const { browser } = setUp();
    const [tab, other] = [browser.openTab(), browser.openTab()];
    await tab.signIn(carrier, toby);
    expect(await other.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
    expect(other.state().status).toBe('signed-in');
  });

  test('a sign-in by the other flow removes what this one stored', async () => {
    const { browser, tab } = await signedIn();
    await tab.signOut();
    const next = carrier === 'bearer' ? 'cookie' : 'bearer';
    await tab.signIn(next, niko);
    expect(browser.openTab().state()).toMatchObject({ status: 'signed-in', stored: { carrier: next } });
  });

  test('the query cache is cleared by a sign-out and by a change of user', async () => {
    const { browser, tab } = await signedIn();
    const queryClient = createQueryClient(tab);
    queryClient.setQueryData(queryKeys.me, 'toby');
    const other = browser.openTab();
    await other.signOut();
    expect(queryClient.getQueryData(queryKeys.me)).toBeUndefined();
    await other.signIn(carrier, toby);
    queryClient.setQueryData(queryKeys.me, 'toby');
    await other.signIn(carrier, niko);
    expect(queryClient.getQueryData(queryKeys.me)).toBeUndefined();
  });

  test('the query cache survives a refresh', async () => {
    const { tab, expireToken } = await signedIn();
    const queryClient = createQueryClient(tab);
    queryClient.setQueryData(queryKeys.me, 'toby');
    expireToken();
    await tab.call(endpoints.readProtected);
    expect(queryClient.getQueryData(queryKeys.me)).toBe('toby');
  });

  test.each([
    ['nothing', ''],
    ['half an object', '{'],
    ['null', 'null'],
    ['a string', '"text"'],
    ['an array', '[]'],
    ['an object with a wrong member', '{"sign_in_id":1}'],
    ['two parts of a token', 'a.b'],
    ['a control character', '\u0000'],
    ['a header', 'Bearer a.b.c'],
    ['parts outside base64url', 'ä.ö.ü'],
    ['far too much', 'x'.repeat(10_000)],
  ])('%s in the storage means signed out, and does not prevent a sign-in', async (_, text) => {
    const { browser } = setUp();
    for (const key of ['jwt-token', 'jwt-refresh-token', 'signet-cookie-session', 'signet-clock-offset'])
      browser.entries.set(key, text);
    const tab = browser.openTab();
    expect(tab.state()).toEqual({ status: 'signed-out', notice: null });
    await tab.signIn(carrier, toby);
    expect(await tab.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
  });
});

describe('the bearer flow', () => {
  async function signedIn() {
    const parts = setUp();
    const tab = parts.browser.openTab();
    await tab.signIn('bearer', toby);
    return { ...parts, tab };
  }

  test('the bearer flow stores its tokens in localStorage and sends a header and no cookie', async () => {
    const { api, browser, tab } = await signedIn();
    await tab.call(endpoints.readProtected);
    const { request } = api.callsOf('readProtected')[0] ?? {};
    expect(request?.headers.get('authorization')).toBe(`Bearer ${browser.entries.get('jwt-token')}`);
    expect(request?.credentials).toBe('omit');
    expect([...browser.entries.keys()].sort()).toEqual(['jwt-refresh-token', 'jwt-token']);
  });

  test('a refresh from elsewhere is followed by the tokens that another tab has stored', async () => {
    const { api, browser, tab, expireToken } = await signedIn();
    const other = browser.openTab();
    expireToken();
    api.respond('refreshSession', async () => {
      api.restore('refreshSession');
      await other.signIn('bearer', toby);
      return problem('refresh_elsewhere');
    });
    expect(await tab.call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
  });

  test('an altered token is refused and signs out', async () => {
    const { browser, tab } = await signedIn();
    browser.entries.set('jwt-token', 'e30.bm8.c2ln');
    expect(codeOf(await failureOf(tab.call(endpoints.readProtected)))).toBe('token_invalid');
    expect(noticeOf(tab)).toBe('token_invalid');
  });

  test('a token that is about to expire is refreshed before the call', async () => {
    const { api, browser, tab } = await signedIn();
    const [session] = api.sessions;
    if (!session) throw new Error('no session');
    browser.entries.set('jwt-token', api.issueToken(session, 5));
    await tab.call(endpoints.readProtected);
    expect(api.calls.map(({ key }) => key)).toEqual(['createToken', 'refreshSession', 'readProtected']);
  });

  test.each([-7_200_000, 7_200_000])(
    'a clock that is wrong by %i ms is corrected by the API, also after a reload',
    async (wrong) => {
      const { api, browser } = setUp();
      browser.clock.offsetMilliseconds = wrong;
      const tab = browser.openTab();
      await tab.signIn('bearer', toby);
      const reloaded = browser.openTab();
      expect(Math.abs(reloaded.serverNow() - Date.now())).toBeLessThan(3000);
      await reloaded.call(endpoints.readProtected);
      expect(api.callsOf('refreshSession')).toHaveLength(0);
    },
  );

  test('the Date header corrects the clock if script can read it', async () => {
    const { api, browser, tab } = await signedIn();
    browser.clock.offsetMilliseconds = 7_200_000;
    api.respond('readProtected', () =>
      Response.json({ id: 1, username: 'toby' }, { headers: { date: new Date().toUTCString() } }),
    );
    await tab.call(endpoints.readProtected);
    expect(Math.abs(tab.serverNow() - Date.now())).toBeLessThan(3000);
  });
});

describe('the cookie flow', () => {
  test('the cookie flow stores no secret and adds no header', async () => {
    const { api, browser } = setUp();
    const tab = browser.openTab();
    await tab.signIn('cookie', toby);
    await tab.call(endpoints.readProtected);
    const { request } = api.callsOf('readProtected')[0] ?? {};
    expect([...(request?.headers.keys() ?? [])]).toEqual([]);
    expect(request?.credentials).toBe('include');
    const stored = [...browser.entries.values()].join();
    expect(stored).not.toContain(api.cookies.jwt);
    expect(stored).not.toContain(api.cookies.refresh);
  });

  test('a refresh by cookie has no body and no header, so that it needs no preflight', async () => {
    const { api, browser, expireToken } = setUp();
    const tab = browser.openTab();
    await tab.signIn('cookie', toby);
    expireToken();
    await tab.call(endpoints.readProtected);
    const { request, body } = api.callsOf('refreshSession')[0] ?? {};
    expect([...(request?.headers.keys() ?? [])]).toEqual([]);
    expect(body).toEqual({});
  });
});

test('a signed-out call sends no credentials', async () => {
  const { api, browser } = setUp();
  await failureOf(browser.openTab().call(endpoints.readProtected));
  const { request } = api.callsOf('readProtected')[0] ?? {};
  expect(request?.credentials).toBe('omit');
  expect(request?.headers.has('authorization')).toBe(false);
});

test('a refresh cookie of another user, which a sibling site set, ends the session instead of switching users', async () => {
  const { api, browser } = setUp();
  const tab = browser.openTab();
  await tab.signIn('cookie', niko);
  const planted = api.cookies.refresh;
  await tab.signIn('cookie', toby);
  Object.assign(api.cookies, { jwt: undefined, refresh: planted });
  expect(await failureOf(tab.call(endpoints.readProtected))).toBeInstanceOf(UnexpectedAnswerError);
  expect(tab.state().status).toBe('signed-out');
  expect(api.cookies).toEqual({ jwt: undefined, refresh: undefined });
  expect(api.sessions.map(({ userId }) => userId)).toEqual([1]);
});

test('a cookie sign-in that an earlier version of the page stored without its user can still be refreshed', async () => {
  const { api, browser } = setUp();
  await browser.openTab().signIn('cookie', toby);
  browser.entries.set('signet-cookie-session', JSON.stringify({ sign_in_id: 'a', version: 'b' }));
  api.cookies.jwt = undefined;
  expect(await browser.openTab().call(endpoints.readProtected)).toEqual({ id: 1, username: 'toby' });
});
