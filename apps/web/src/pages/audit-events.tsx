import { type AuditEvent, isLoopback } from '@signet/contracts';
import type { Ref } from 'react';
import { generatePath, Link } from 'react-router';
import { useAuth } from '../session/auth-context.tsx';
import { Badge } from '../ui/badge.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { times } from '../ui/time.tsx';
import { detailInWords } from './audit-details.ts';
import { eventTexts, isAlarming } from './audit-texts.ts';
import { paths } from './paths.ts';

/** Audit events by day, newest first. Each row opens and shows everything that the API says of its event. */
export function AuditEvents({
  events,
  rows,
}: {
  events: readonly AuditEvent[];
  rows?: Ref<HTMLOListElement>;
}) {
  const { serverNow } = useAuth();
  const now = serverNow();
  return (
    <ol
      ref={rows}
      aria-label="Audit events"
      className="min-w-0 rounded-2xl border border-line bg-surface shadow-panel"
    >
      {events.map((event, index) => {
        const day = times.heading(Date.parse(event.at), now);
        const before = events[index - 1];
        const isFirstOfDay = !before || times.heading(Date.parse(before.at), now) !== day;
        return (
          <li key={event.id} className="border-line border-b last:border-b-0">
            {isFirstOfDay && (
              <h2 className="border-line border-b bg-sunken px-5 py-2 font-medium text-muted text-sm first:rounded-t-2xl">
                {day}
              </h2>
            )}
            <AuditRow event={event} />
          </li>
        );
      })}
    </ol>
  );
}

function AuditRow({ event }: { event: AuditEvent }) {
  const { text, icon: Icon } = eventTexts[event.event];
  const details = detailInWords(event);
  return (
    <details className="group">
      <summary className="grid cursor-pointer list-none grid-cols-[6.25rem_minmax(0,1fr)] items-center gap-x-4 gap-y-1 px-5 py-3 text-sm -outline-offset-2 hover:bg-ink/3 md:grid-cols-[6.25rem_13rem_minmax(0,1fr)] xl:grid-cols-[6.25rem_13rem_minmax(0,1fr)_minmax(0,1.3fr)]">
        <time dateTime={event.at} className="whitespace-nowrap text-muted tabular-nums">
          {times.clock(Date.parse(event.at))}
        </time>
        <span>
          {isAlarming(event.event) ? (
            <Badge tone="danger">
              <Icon aria-hidden className="size-3.5" />
              {text}
            </Badge>
          ) : (
            <span className="inline-flex items-center gap-1.5 font-medium">
              <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
              {text}
            </span>
          )}
        </span>
        <span className="col-start-2 min-w-0 truncate md:col-start-auto">{whoOf(event)}</span>
        <span className="col-start-2 min-w-0 truncate text-muted md:col-start-3 xl:col-start-auto">
          {[event.ip, details].filter(Boolean).join(', ')}
        </span>
      </summary>
      <AllFacts event={event} />
    </details>
  );
}

/** `Thomas Edison (toby)`, and whom it is about if that is somebody else. */
function whoOf({ actor, user, user_id }: AuditEvent): string {
  const about = user ? `${user.name} (${user.uid})` : user_id === null ? '' : `user ${user_id}`;
  if (!actor) return about;
  return `${actor.name} (${actor.uid})${about && ` about ${about}`}`;
}

function AllFacts({ event }: { event: AuditEvent }) {
  const { id, at, user_id, user, actor, session_id, ip, request_id, detail } = event;
  const facts = [
    ['Time', times.exact(Date.parse(at))],
    ['Event', event.event],
    ['User', user_id !== null && <Person id={user_id} person={user} />],
    ['Done by', actor && <Person id={actor.id} person={actor} />],
    ['Address', ip],
    ['Session', session_id],
    ['Request ID', request_id],
    ...Object.entries(detail).map(([name, value]) => [name.replaceAll('_', ' '), value] as const),
    ['ID', id],
  ] as const;
  return (
    <div className="grid justify-items-start gap-3 px-5 pt-1 pb-5 sm:pl-[8.5rem]">
      <dl className="grid w-full min-w-0 grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {facts
          .filter(([, value]) => value !== null && value !== false && value !== '')
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 [overflow-wrap:anywhere]">
                {typeof value === 'object' ? value : String(value)}
              </dd>
            </div>
          ))}
      </dl>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <CopyButton text={JSON.stringify(event, null, 2)} label="Copy the event as JSON" />
        {/* The API keeps its exchanges in memory on one's own machine only. */}
        {request_id !== null && isLoopback(window.location.origin) && (
          <Link
            to={generatePath(paths.exchange, { id: request_id })}
            className="underline underline-offset-3"
          >
            Show the exchange
          </Link>
        )}
        {event.event === 'origin_refused' && (
          <Link
            to={generatePath(paths.cause, { id: 'origin-refused' })}
            className="underline underline-offset-3"
          >
            What does this mean?
          </Link>
        )}
      </div>
    </div>
  );
}

/** A user who is gone has no page. */
function Person({ id, person }: { id: number; person: { uid: string; name: string } | null }) {
  if (!person) return <>{`${id} (deleted)`}</>;
  return (
    <Link to={generatePath(paths.user, { id: String(id) })} className="underline underline-offset-3">
      {`${person.name} (${person.uid})`}
    </Link>
  );
}
