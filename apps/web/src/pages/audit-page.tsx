import type { AuditEvent, AuditEventName } from '@signet/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Lock, ScrollText } from 'lucide-react';
import { Link } from 'react-router';
import { useAuth } from '../session/auth-context.tsx';
import { Badge } from '../ui/badge.tsx';
import { buttonClass } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { LoadMore } from '../ui/load-more.tsx';
import { Page } from '../ui/page.tsx';
import { Loading } from '../ui/skeleton.tsx';
import { Moment } from '../ui/time.tsx';
import { ErrorAlert } from './errors/error-alert.tsx';
import { paths } from './paths.ts';
import { queries, useCall } from './queries.ts';

const texts: Record<AuditEventName, { text: string; isAlarming?: true }> = {
  sign_in: { text: 'Signed in' },
  sign_in_failed: { text: 'Sign-in failed', isAlarming: true },
  sign_out: { text: 'Signed out' },
  session_ended: { text: 'Session ended' },
  refresh_reused: { text: 'Refresh token reused', isAlarming: true },
  refresh_repeated: { text: 'Refresh repeated' },
  refresh_refused: { text: 'Refresh refused', isAlarming: true },
  password_changed: { text: 'Password changed' },
  password_refused: { text: 'Wrong current password', isAlarming: true },
  role_changed: { text: 'Role changed' },
  user_created: { text: 'User created' },
  user_changed: { text: 'User changed' },
  user_deleted: { text: 'User deleted' },
  users_imported: { text: 'Users imported' },
  host_refused: { text: 'Unknown host name', isAlarming: true },
  origin_refused: { text: 'Blocked origin', isAlarming: true },
  role_refused: { text: 'Permission denied', isAlarming: true },
  post_changed: { text: 'Post changed by an admin' },
  post_deleted: { text: 'Post deleted by an admin' },
  player_created: { text: 'Player created' },
  player_changed: { text: 'Player changed' },
  player_deleted: { text: 'Player deleted' },
  token_refused: { text: 'Rejected token', isAlarming: true },
  limit_reached: { text: 'Limit reached', isAlarming: true },
  request_refused: { text: 'Request refused' },
  refusals_not_recorded: { text: 'Too many refusals to record', isAlarming: true },
};

const carriers: Readonly<Record<string, string>> = { bearer: 'bearer token', cookie: 'cookie' };

export function AuditPage() {
  const me = useQuery(queries.me(useCall()));
  if (me.data?.role === 'user') return <ForAdminsOnly />;
  return (
    <Page
      title="Audit log"
      description="Security events, newest first. Read-only; contains no passwords or tokens."
    >
      {me.isError && <ErrorAlert error={me.error} onRetry={() => me.refetch()} />}
      {me.isPending && <Loading label="Loading" rows={8} />}
      {me.isSuccess && <AuditEvents />}
    </Page>
  );
}

function ForAdminsOnly() {
  return (
    <Page title="For admins only">
      <EmptyState
        icon={Lock}
        title="You need the admin role"
        action={
          <Link to={paths.home} className={buttonClass()}>
            Back to overview
          </Link>
        }
      >
        The audit log shows who signed in, when and from where. Ask an admin to change your role.
      </EmptyState>
    </Page>
  );
}

function AuditEvents() {
  const log = useInfiniteQuery(queries.auditEvents(useCall()));
  const { serverNow } = useAuth();
  const events = log.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {log.isError && <ErrorAlert error={log.error} onRetry={() => log.refetch()} />}
      {log.isPending && <Loading label="Loading the audit log" rows={8} />}
      {log.isSuccess && events.length === 0 && (
        <EmptyState icon={ScrollText} title="No events yet">
          Sign-ins, sign-outs and refusals will appear here.
        </EmptyState>
      )}
      {events.length > 0 && (
        <ol
          aria-label="Audit events"
          className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-panel"
        >
          {events.map((event) => (
            <AuditRow key={event.id} event={event} now={serverNow} />
          ))}
        </ol>
      )}
      <LoadMore query={log} what="events" />
    </>
  );
}

function AuditRow({ event, now }: { event: AuditEvent; now: () => number }) {
  const { text, isAlarming } = texts[event.event];
  const details = Object.entries(event.detail).map(
    ([name, value]) => (name === 'carrier' && carriers[String(value)]) || `${name}: ${value}`,
  );
  const facts = [
    event.user_id !== null && `user ${event.user_id}`,
    event.ip && `from ${event.ip}`,
    ...details,
  ].filter(Boolean);
  return (
    <li className="grid gap-x-6 gap-y-1 px-5 py-3.5 text-sm md:grid-cols-[11rem_minmax(0,1fr)_auto] md:items-baseline">
      <span>
        {isAlarming ? <Badge tone="danger">{text}</Badge> : <span className="font-medium">{text}</span>}
      </span>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {facts.join(', ')}
        {event.request_id && <span className="block font-mono text-muted text-xs">{event.request_id}</span>}
      </span>
      <span className="text-muted tabular-nums">
        <Moment at={event.at} now={now} />
      </span>
    </li>
  );
}
