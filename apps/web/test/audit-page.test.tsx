import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { auditEvent, type FakeApi } from './fake-api.ts';
import { niko, renderApp, toby } from './render-app.tsx';

const withEvents = ({ auditEvents }: FakeApi) => {
  auditEvents.push(
    auditEvent({ id: 3, event: 'sign_in_failed', detail: { uid: 'eve', carrier: 'bearer' } }),
    auditEvent({
      id: 2,
      event: 'user_changed',
      user_id: 2,
      user: { uid: 'niko', name: 'Nicholas Tesla' },
      actor: { id: 1, uid: 'toby', name: 'Thomas Edison' },
      detail: { members: 'name dob', by: 1 },
    }),
    auditEvent({ id: 1, event: 'sign_out', user_id: 1, user: { uid: 'toby', name: 'Thomas Edison' } }),
  );
};
const open = (path: string) => renderApp({ path, signedInAs: toby, prepare: withEvents });
const findRows = async (count: number) => {
  const list = await screen.findByRole('list', { name: 'Audit events' });
  await waitFor(() => expect(within(list).getAllByRole('listitem')).toHaveLength(count));
  return within(list).getAllByRole('listitem');
};

describe('the audit log', () => {
  test('an admin sees each event with its time, its actor, whom it is about, and its detail in words', async () => {
    await open('/audit');
    const [failed, changed] = await findRows(3);
    expect(failed?.textContent).toMatch(/Sign-in failed.*10\.0\.0\.9, user ID eve, by bearer token/);
    expect(changed?.textContent).toMatch(
      /User changed.*Thomas Edison \(toby\) about Nicholas Tesla \(niko\)/,
    );
    expect(changed?.textContent).toContain('name and date of birth');
    expect(screen.getByRole('link', { name: 'Audit log' })).toBeTruthy();
  });

  test('a sign-in names the browser and the system, and its details have the user agent as it was sent', async () => {
    const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    const prepare = ({ auditEvents }: FakeApi) =>
      auditEvents.push(auditEvent({ id: 1, event: 'sign_in', detail: { user_agent: userAgent } }));
    await renderApp({ path: '/audit', signedInAs: toby, prepare });
    const [row] = await findRows(1);
    expect(row?.querySelector('summary')?.textContent).toMatch(/10\.0\.0\.9, Firefox on Linux$/);
    expect(within(row as HTMLElement).getByText(userAgent)).toBeTruthy();
  });

  test('the details of an event lead to its exchange, and of a blocked origin to what that means', async () => {
    const prepare = ({ auditEvents }: FakeApi) =>
      auditEvents.push(
        auditEvent({ id: 2, event: 'origin_refused', request_id: 'req-2' }),
        auditEvent({ id: 1, event: 'sign_in', request_id: 'req-1' }),
      );
    await renderApp({ path: '/audit', signedInAs: toby, prepare });
    const leads = (await findRows(2)).map((row) =>
      [...row.querySelectorAll('a')].map((link) => [link.textContent, link.getAttribute('href')]),
    );
    expect(leads).toEqual([
      [
        ['Show the exchange', '/exchanges/req-2'],
        ['What does this mean?', '/doctor/causes/origin-refused'],
      ],
      [['Show the exchange', '/exchanges/req-1']],
    ]);
  });

  test('the events of one day share a heading', async () => {
    await open('/audit');
    await findRows(3);
    expect(screen.getAllByRole('heading', { level: 2 })).toHaveLength(1);
  });

  test('refused events can be shown alone, and the address keeps that', async () => {
    const { user } = await open('/audit');
    await findRows(3);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Event' }), 'refused');
    const [only] = await findRows(1);
    expect(only?.textContent).toContain('Sign-in failed');
    expect(window.location.search).toBe('?event=refused');
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));
    await findRows(3);
  });

  test('the events of one user are found by typing the user ID', async () => {
    const { user } = await open('/audit');
    await findRows(3);
    await user.type(screen.getByLabelText('User'), 'niko');
    await waitFor(() => expect(document.querySelector('datalist option')).toBeTruthy());
    await user.keyboard('{Enter}');
    await findRows(1);
    expect(window.location.search).toBe('?user=2');
    await user.click(await screen.findByRole('button', { name: 'Show all users, not only niko' }));
    await findRows(3);
  });

  test('a day in the filter begins and ends in the time zone of the reader', async () => {
    const { api } = await open('/audit?from=2026-01-30&to=2026-01-31');
    await findRows(3);
    const query = api.callsOf('listAuditEvents')[0]?.query;
    expect(query?.get('from')).toBe(new Date(2026, 0, 30).toISOString());
    expect(query?.get('to')).toBe(new Date(2026, 1, 1).toISOString());
  });

  test('a button shows and hides the filters on a phone, and says how many are active', async () => {
    const { user } = await open('/audit?event=refused&from=2026-01-30');
    const button = await screen.findByRole('button', { name: 'Filters (2)' });
    const filters = document.getElementById(button.getAttribute('aria-controls') ?? '');
    expect(filters?.contains(screen.getByLabelText('Event'))).toBe(true);
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await user.click(button);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(button.textContent).toBe('Filters');
  });

  test('an address that the API would refuse shows all events', async () => {
    await open('/audit?event=nonsense&user=-1&from=2026-02-30');
    await findRows(3);
  });

  test('a filter without events offers all events again', async () => {
    const { user } = await open('/audit?event=role_changed');
    expect(await screen.findByText('No event matches')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show all events' }));
    await findRows(3);
  });

  test('the download has every page of the filtered events once, with one line of column names', async () => {
    const { api, user } = await open('/audit?event=refused');
    await findRows(1);
    let saved: Blob | undefined;
    vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => {
      saved = file as Blob;
      return 'blob:download';
    });
    vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
    api.respond('listAuditEvents', ({ query }) => {
      const isFirst = !query.get('after');
      const link: HeadersInit = isFirst ? { link: '</api/audit?after=10>; rel="next"' } : {};
      return new Response(`id,event\r\n${isFirst ? 3 : 2},sign_in_failed\r\n`, {
        headers: { 'content-type': 'text/csv', ...link },
      });
    });
    await user.click(screen.getByRole('button', { name: 'Download CSV' }));
    await screen.findByText('Audit events downloaded');
    expect(await saved?.text()).toBe('id,event\r\n3,sign_in_failed\r\n2,sign_in_failed\r\n');
    expect(api.callsOf('listAuditEvents').at(-1)?.query.get('event')).toContain('sign_in_failed');
    expect(click).toHaveBeenCalledOnce();
    vi.restoreAllMocks();
  });

  test('a user sees no audit log, and the app does not request it', async () => {
    const { api } = await renderApp({ path: '/audit', signedInAs: niko });
    expect(await screen.findByRole('heading', { level: 1, name: 'For admins only' })).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Audit log' })).toBeNull();
    expect(api.callsOf('listAuditEvents')).toEqual([]);
  });
});
