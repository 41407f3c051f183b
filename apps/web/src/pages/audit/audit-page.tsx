import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Lock, ScrollText } from 'lucide-react';
import { useRef } from 'react';
import { Link } from 'react-router';
import { BackToTop } from '../../ui/back-to-top.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LoadingRows } from '../../ui/loading-rows.tsx';
import { Page } from '../../ui/page.tsx';
import { times } from '../../ui/time.tsx';
import { AuditEvents } from '../audit-events.tsx';
import { QueryProblem } from '../errors/query-problem.tsx';
import { LoadMore } from '../load-more.tsx';
import { paths } from '../paths.ts';
import { type AuditFilter, mostNewEvents, queries, queryKeys, useCall } from '../queries.ts';
import { AuditFilters } from './audit-filters.tsx';
import { useAuditSearch } from './audit-search.ts';
import { ExportButton } from './export-button.tsx';

export function AuditPage() {
  const me = useQuery(queries.me(useCall()));
  if (me.data?.role === 'user') return <ForAdminsOnly />;
  return (
    <Page
      title="Audit log"
      description={`Security events, newest first. Read-only; contains no passwords or tokens. Times are in ${times.zone(Date.now())}.`}
    >
      <QueryProblem query={me} />
      {me.isPending && <LoadingLog />}
      {me.data && <Log />}
    </Page>
  );
}

function LoadingLog() {
  return (
    <LoadingRows
      label="Loading the audit log"
      headClass="block h-[2.3125rem] bg-sunken"
      rowClass="h-24 md:h-12"
    />
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

function Log() {
  const search = useAuditSearch();
  const log = useInfiniteQuery(queries.auditEvents(useCall(), search.filter));
  const events = log.data?.pages.flatMap((page) => page.items) ?? [];
  const rows = useRef<HTMLOListElement>(null);
  return (
    <>
      <AuditFilters search={search}>
        <ExportButton filter={search.filter} />
      </AuditFilters>
      {log.isSuccess && <NewEvents filter={search.filter} newestId={events[0]?.id ?? 0} />}
      <QueryProblem query={log} />
      {log.isPending && <LoadingLog />}
      {log.isSuccess && events.length === 0 && (
        <EmptyState
          icon={ScrollText}
          title={search.isFiltered ? 'No event matches' : 'No events yet'}
          action={search.isFiltered && <Button onClick={search.reset}>Show all events</Button>}
        >
          {search.isFiltered
            ? 'Choose another event, user or time.'
            : 'Sign-ins, sign-outs and refusals will appear here.'}
        </EmptyState>
      )}
      {events.length > 0 && <AuditEvents events={events} rows={rows} />}
      <LoadMore query={log} what="events" list={rows} onScroll />
      <BackToTop />
    </>
  );
}

/** Says how many events have happened since the list was loaded. The list itself stays as it is while it is read. */
function NewEvents({ filter, newestId }: { filter: AuditFilter; newestId: number }) {
  const queryClient = useQueryClient();
  const { data } = useQuery(queries.newestAuditEvents(useCall(), filter));
  const count = data?.items.filter(({ id }) => id > newestId).length ?? 0;
  return (
    <div role="status" className="sticky top-16 z-20 -my-3 grid justify-items-center empty:hidden lg:top-4">
      {count > 0 && (
        <Button
          look="floating"
          size="small"
          onClick={() => {
            window.scrollTo(0, 0);
            queryClient.resetQueries({ queryKey: [...queryKeys.auditEvents, 'list', filter] });
          }}
        >
          <span aria-hidden className="size-2 rounded-full border border-ink bg-ink" />
          {count === mostNewEvents ? `${count}+ new` : `${count} new`}
        </Button>
      )}
    </div>
  );
}
