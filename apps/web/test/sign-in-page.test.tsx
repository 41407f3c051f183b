import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { problem } from './fake-api.ts';
import { findOverviewOf, renderApp, signOut, toby } from './render-app.tsx';

async function renderSignIn(prepare?: Parameters<typeof renderApp>[0]['prepare']) {
  const app = await renderApp({ path: '/sign-in', ...(prepare && { prepare }) });
  await screen.findByRole('heading', { level: 1, name: 'Sign in' });
  const fillIn = async (uid: string, password: string) => {
    await app.user.type(screen.getByLabelText('User ID'), uid);
    await app.user.type(screen.getByLabelText('Password'), password);
    await app.user.click(screen.getByRole('button', { name: /^Sign in with/ }));
  };
  return { ...app, fillIn };
}

describe('signing in', () => {
  test('signing in by bearer token stores the token in localStorage', async () => {
    const { api, fillIn } = await renderSignIn();
    await fillIn('toby', '123toby');
    expect(await findOverviewOf('Thomas Edison')).toBeTruthy();
    expect(localStorage.getItem('jwt-token')).toMatch(/^eyJ/);
    expect(api.callsOf('createToken')).toHaveLength(1);
  });

  test('signing in by cookie stores no token that script could read', async () => {
    const { api, user, fillIn } = await renderSignIn();
    await user.click(screen.getByRole('radio', { name: 'HttpOnly cookie' }));
    await fillIn('toby', '123toby');
    expect(await findOverviewOf('Thomas Edison')).toBeTruthy();
    expect(localStorage.getItem('jwt-token')).toBeNull();
    expect(api.cookies.jwt).toMatch(/^eyJ/);
  });

  test('the overview of a visitor says which flow to take, and leads to the comparison', async () => {
    const { user } = await renderApp({ path: '/' });
    await screen.findByText(/^Not sure\? For a browser app on the same site as its API, take the cookie\./);
    await user.click(screen.getByRole('link', { name: 'What is the difference?' }));
    await screen.findByRole('heading', { level: 1, name: 'Bearer and cookie, compared' });
  });

  test('signing in leads to the page that was asked for', async () => {
    const { user } = await renderApp({ path: '/users?q=ni' });
    await user.type(await screen.findByLabelText('User ID'), 'toby');
    await user.type(screen.getByLabelText('Password'), '123toby{Enter}');
    expect(await screen.findByRole('heading', { level: 1, name: 'Users' })).toBeTruthy();
    expect(window.location.search).toBe('?q=ni');
  });

  test('signing in with a demo account takes one press, in the chosen flow', async () => {
    const { api, user } = await renderSignIn();
    await user.click(screen.getByRole('radio', { name: 'HttpOnly cookie' }));
    await user.click(screen.getByRole('button', { name: 'Sign in as admin (toby)' }));
    await findOverviewOf('Thomas Edison');
    expect(api.sessions.map(({ carrier }) => carrier)).toEqual(['cookie']);
  });
});

describe('the choice of flow', () => {
  test('the flow can be chosen with the keyboard, and its steps are shown', async () => {
    const { user } = await renderSignIn();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Bearer token' }).checked).toBe(true);
    screen.getByRole('radio', { name: 'Bearer token' }).focus();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'HttpOnly cookie' }).checked).toBe(true);
    const steps = screen.getByRole('list', { name: 'What happens: HttpOnly cookie' });
    expect(within(steps).getByText(/Set-Cookie/)).toBeTruthy();
  });

  test('the sign-up page takes over the flow chosen on the sign-in page', async () => {
    const { user } = await renderSignIn();
    await user.click(screen.getByRole('radio', { name: 'HttpOnly cookie' }));
    await user.click(within(screen.getByRole('main')).getByRole('link', { name: 'Create account' }));
    await screen.findByRole('heading', { level: 1, name: 'Create an account' });
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'HttpOnly cookie' }).checked).toBe(true);
  });
});

describe('the form', () => {
  test('the sign-in form names its fields for password managers', async () => {
    await renderSignIn();
    expect(screen.getByLabelText('User ID').getAttribute('autocomplete')).toBe('username');
    expect(screen.getByLabelText('Password').getAttribute('autocomplete')).toBe('current-password');
  });

  test('a button shows and hides the password', async () => {
    const { user } = await renderSignIn();
    const password = screen.getByLabelText('Password');
    await user.click(screen.getByRole('button', { name: 'Show password' }));
    expect(password.getAttribute('type')).toBe('text');
    await user.click(screen.getByRole('button', { name: 'Show password' }));
    expect(password.getAttribute('type')).toBe('password');
  });

  test('an empty field is refused beside it, without a request', async () => {
    const { api, user } = await renderSignIn();
    await user.click(screen.getByRole('button', { name: /^Sign in with/ }));
    expect(await screen.findByText('User ID is missing')).toBeTruthy();
    expect(screen.getByText('Password is missing')).toBeTruthy();
    expect(screen.getByLabelText('User ID').getAttribute('aria-invalid')).toBe('true');
    expect(api.calls).toEqual([]);
  });
});

describe('a refusal', () => {
  test('wrong credentials are refused with a hint, and stay in the form', async () => {
    const { fillIn } = await renderSignIn();
    await fillIn('toby', 'wrong');
    const alert = await screen.findByRole('alert');
    expect(within(alert).getByText('Wrong user ID or password')).toBeTruthy();
    expect(within(alert).getByText(/For security we do not say which one is wrong/)).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('User ID').value).toBe('toby');
  });

  test('an issue of the API is shown beside its field', async () => {
    const { fillIn } = await renderSignIn((api) =>
      api.respond('createToken', () =>
        problem('invalid_request', 'Bad request', [{ path: 'username', message: 'User ID is odd' }]),
      ),
    );
    await fillIn('toby', '123toby');
    const uid = screen.getByLabelText('User ID');
    await screen.findByText('User ID is odd', {
      selector: `#${CSS.escape(uid.getAttribute('aria-describedby') ?? 'none')}`,
    });
  });

  test('a refusal for too many attempts counts down, and the button waits with it', async () => {
    const { fillIn } = await renderSignIn((api) =>
      api.respond('createToken', () => {
        const { status, body } = problem('too_many_requests', 'Too many sign-ins');
        return new Response(body, { status, headers: { 'retry-after': '120' } });
      }),
    );
    await fillIn('toby', '123toby');
    expect(await screen.findByText(/^You can try again in 0[12]:\d\d\.$/)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Sign in with/ }).disabled).toBe(true);
    const demo = screen.getByRole<HTMLButtonElement>('button', { name: 'Sign in as admin (toby)' });
    expect(demo.disabled).toBe(true);
    // A spinner would say that something is under way.
    expect(demo.querySelector('.animate-spin')).toBeNull();
  });
});

describe('no answer', () => {
  test('an API that cannot be reached is named, with the origin of the page', async () => {
    const { fillIn } = await renderSignIn((api) => {
      api.state.isReachable = false;
    });
    await fillIn('toby', '123toby');
    const alert = await screen.findByRole('alert');
    expect(
      within(alert).getByText(
        /http:\/\/localhost:8086 did not respond, or the browser blocked the response \(CORS\)/,
      ),
    ).toBeTruthy();
    expect(within(alert).getByText(/WEB_ORIGINS contains http:\/\/localhost:4100/)).toBeTruthy();
  });

  test('an answer outside the contract is not taken for one of the API', async () => {
    const { fillIn } = await renderSignIn((api) =>
      api.respond('createToken', () => new Response('<h1>Bad gateway</h1>', { status: 502 })),
    );
    await fillIn('toby', '123toby');
    expect(await screen.findByText('Unexpected response')).toBeTruthy();
  });
});

describe('the way to a page that needs a sign-in', () => {
  test('the sign-in page says which page it will open', async () => {
    await renderApp({ path: '/users?q=ni' });
    expect(await screen.findByText('Sign in to open Users.')).toBeTruthy();
  });

  test('after the session has ended, the sign-in page says where it will lead back', async () => {
    const { api, auth } = await renderApp({ path: '/users', signedInAs: toby });
    await screen.findByRole('heading', { level: 1, name: 'Users' });
    api.endSessions(() => true);
    await act(() => auth.refresh().catch(() => undefined));
    expect(await screen.findByText('You will come back to Users.')).toBeTruthy();
  });

  test('a sign-in page that was opened directly names no page', async () => {
    await renderSignIn();
    expect(within(screen.getByRole('main')).queryByText(/^Sign in to open/)).toBeNull();
  });
});

describe('the focus', () => {
  test('the first field has it on a sign-in page that was opened directly', async () => {
    await renderSignIn();
    expect(document.activeElement).toBe(screen.getByLabelText('User ID'));
  });

  test('the heading of the next page has it after the sign-in and after the sign-out', async () => {
    const { user, fillIn } = await renderSignIn();
    await fillIn('toby', '123toby');
    const overview = await screen.findByRole('heading', { level: 1, name: 'Your session' });
    await waitFor(() => expect(document.activeElement).toBe(overview));
    await signOut(user);
    const signIn = await screen.findByRole('heading', { level: 1, name: 'Sign in' });
    await waitFor(() => expect(document.activeElement).toBe(signIn));
  });
});

test('the next visit begins with the flow that was chosen last', async () => {
  const { user } = await renderSignIn();
  await user.click(screen.getByRole('radio', { name: 'HttpOnly cookie' }));
  cleanup();
  await renderSignIn();
  expect(screen.getByRole<HTMLInputElement>('radio', { name: 'HttpOnly cookie' }).checked).toBe(true);
});
