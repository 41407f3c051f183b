import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { problem } from './fake-api.ts';
import { renderApp } from './render-app.tsx';

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
  test('by bearer token keeps the token in localStorage', async () => {
    const { api, fillIn } = await renderSignIn();
    await fillIn('toby', '123toby');
    expect(await screen.findByRole('heading', { level: 1, name: 'Signed in as Thomas Edison' })).toBeTruthy();
    expect(localStorage.getItem('jwt-token')).toMatch(/^eyJ/);
    expect(api.callsOf('createToken')).toHaveLength(1);
  });

  test('by cookie keeps no token where script could read it', async () => {
    const { api, user, fillIn } = await renderSignIn();
    await user.click(screen.getByRole('radio', { name: 'HttpOnly cookie' }));
    await fillIn('toby', '123toby');
    expect(await screen.findByRole('heading', { level: 1, name: 'Signed in as Thomas Edison' })).toBeTruthy();
    expect(localStorage.getItem('jwt-token')).toBeNull();
    expect(api.cookies.jwt).toMatch(/^eyJ/);
  });

  test('leads on to the page that was asked for', async () => {
    const { user } = await renderApp({ path: '/users?q=ni' });
    await user.type(await screen.findByLabelText('User ID'), 'toby');
    await user.type(screen.getByLabelText('Password'), '123toby{Enter}');
    expect(await screen.findByRole('heading', { level: 1, name: 'Users' })).toBeTruthy();
    expect(window.location.search).toBe('?q=ni');
  });

  test('with a demo account takes two clicks', async () => {
    const { user } = await renderSignIn();
    await user.click(screen.getByRole('button', { name: /toby \/ 123toby/ }));
    await user.click(screen.getByRole('button', { name: 'Sign in with a bearer token' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Signed in as Thomas Edison' })).toBeTruthy();
  });
});

describe('the choice of flow', () => {
  test('is made with the keyboard alone, and shows what will happen', async () => {
    const { user } = await renderSignIn();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Bearer token' }).checked).toBe(true);
    screen.getByRole('radio', { name: 'Bearer token' }).focus();
    await user.keyboard('{ArrowRight}');
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'HttpOnly cookie' }).checked).toBe(true);
    const steps = screen.getByRole('list', { name: 'What happens: HttpOnly cookie' });
    expect(within(steps).getByText(/Set-Cookie/)).toBeTruthy();
  });

  test('goes along to the sign-up page', async () => {
    const { user } = await renderSignIn();
    await user.click(screen.getByRole('radio', { name: 'HttpOnly cookie' }));
    await user.click(screen.getByRole('link', { name: 'Sign up' }));
    await screen.findByRole('heading', { level: 1, name: 'Create an account' });
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'HttpOnly cookie' }).checked).toBe(true);
  });
});

describe('the form', () => {
  test('tells a password manager what its fields are', async () => {
    await renderSignIn();
    expect(screen.getByLabelText('User ID').getAttribute('autocomplete')).toBe('username');
    expect(screen.getByLabelText('Password').getAttribute('autocomplete')).toBe('current-password');
  });

  test('shows and hides the password', async () => {
    const { user } = await renderSignIn();
    const password = screen.getByLabelText('Password');
    await user.click(screen.getByRole('button', { name: 'Show password' }));
    expect(password.getAttribute('type')).toBe('text');
    await user.click(screen.getByRole('button', { name: 'Show password' }));
    expect(password.getAttribute('type')).toBe('password');
  });

  test('asks nobody while a field is empty, and says which one is', async () => {
    const { api, user } = await renderSignIn();
    await user.click(screen.getByRole('button', { name: /^Sign in with/ }));
    expect(await screen.findByText('User ID is missing')).toBeTruthy();
    expect(screen.getByText('Password is missing')).toBeTruthy();
    expect(screen.getByLabelText('User ID').getAttribute('aria-invalid')).toBe('true');
    expect(api.calls).toEqual([]);
  });
});

describe('a refusal', () => {
  test('of the credentials is shown with its hint, and keeps what was typed', async () => {
    const { fillIn } = await renderSignIn();
    await fillIn('toby', 'wrong');
    const alert = await screen.findByRole('alert');
    expect(within(alert).getByText('Bad username or password')).toBeTruthy();
    expect(within(alert).getByText(/The answer is the same whether the user exists or not/)).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('User ID').value).toBe('toby');
  });

  test('of one field stands beside that field', async () => {
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

  test('for too many attempts says how long to wait', async () => {
    const { fillIn } = await renderSignIn((api) =>
      api.respond('createToken', () => {
        const { status, body } = problem('too_many_requests', 'Too many sign-ins');
        return new Response(body, { status, headers: { 'retry-after': '120' } });
      }),
    );
    await fillIn('toby', '123toby');
    expect(await screen.findByText('Try again in 2 minutes.')).toBeTruthy();
  });
});

describe('no answer', () => {
  test('is explained with the API that was asked and the origin that asked', async () => {
    const { fillIn } = await renderSignIn((api) => {
      api.state.isReachable = false;
    });
    await fillIn('toby', '123toby');
    const alert = await screen.findByRole('alert');
    expect(
      within(alert).getByText(
        /http:\/\/localhost:8086 did not answer, or the browser withheld its answer \(CORS\)/,
      ),
    ).toBeTruthy();
    expect(within(alert).getByText(/http:\/\/localhost:4100, listed in its WEB_ORIGINS/)).toBeTruthy();
  });

  test('that the API gives is told from one that something else gives', async () => {
    const { fillIn } = await renderSignIn((api) =>
      api.respond('createToken', () => new Response('<h1>Bad gateway</h1>', { status: 502 })),
    );
    await fillIn('toby', '123toby');
    expect(await screen.findByText('Something else answered')).toBeTruthy();
  });
});
