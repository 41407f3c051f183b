import type { User } from '@signet/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ArrowLeft, KeyRound, LogOut, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, Suspense, useDeferredValue, useEffect, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Loading, Skeleton } from '../../ui/skeleton.tsx';
import { Moment } from '../../ui/time.tsx';
import { QueryProblem } from '../errors/query-problem.tsx';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';
import { useIsAdmin } from '../use-is-admin.ts';
import { BirthDate } from './birth-date.tsx';
import { NoSuchUser } from './no-such-user.tsx';
import { useUser } from './use-user.ts';

const EditUserDialog = lazyPart(() => import('./edit-user-dialog.tsx'), 'EditUserDialog');
const SetPasswordDialog = lazyPart(() => import('./set-password-dialog.tsx'), 'SetPasswordDialog');
const EndUserSessionsDialog = lazyPart(
  () => import('./end-user-sessions-dialog.tsx'),
  'EndUserSessionsDialog',
);
const DeleteUserDialog = lazyPart(() => import('../delete-user-dialog.tsx'), 'DeleteUserDialog');
const AuditEvents = lazyPart(() => import('../audit-events.tsx'), 'AuditEvents');

/** One user: what the API says of them, and for an admin their sessions, events, and what can be done. */
export function UserPage() {
  const id = Number(useParams().id);
  const call = useCall();
  const me = useQuery(queries.me(call));
  const { user, isMissing } = useUser(id);
  // What an admin sees of the user is asked for beside the user, not after it.
  const isForAdmin = useIsAdmin() && !isMissing;
  useQuery({ ...queries.userActivity(call, id), enabled: isForAdmin });
  useInfiniteQuery({ ...queries.auditEvents(call, { user: id }), enabled: isForAdmin });
  useEffect(() => {
    if (isForAdmin) void AuditEvents.load();
  }, [isForAdmin]);
  // Deferred, so that React draws the page in slices, between which the browser answers.
  const isShown = useDeferredValue(user.data !== undefined && me.data !== undefined);
  const failed = [user, me].find(({ isError }) => isError);
  return (
    <Page
      isClipped
      title={user.data?.name ?? 'User'}
      description={user.data ? `${user.data.uid} · ${user.data.role}` : '\u00a0'}
    >
      <Link
        to={paths.users}
        className="inline-flex w-fit items-center gap-1.5 text-muted text-sm hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-4" />
        All users
      </Link>
      {isMissing && <NoSuchUser />}
      {failed && !isMissing && <QueryProblem query={failed} />}
      {!failed && !isMissing && !isShown && <Loading label="Loading the user" rows={6} />}
      {isShown && user.data && me.data && <UserDetails user={user.data} me={me.data} />}
    </Page>
  );
}

function UserDetails({ user, me }: { user: User; me: User }) {
  const isAdmin = me.role === 'admin';
  const isOneself = user.id === me.id;
  return (
    <>
      <Facts user={user} hasActivity={isAdmin || isOneself} isOneself={isOneself} />
      {(isAdmin || isOneself) && <Actions user={user} me={me} />}
      {isAdmin && <Events user={user} />}
    </>
  );
}

/** From this many characters on, the title of the page may not have the room for the whole name. */
const longName = 20;

type FactsProps = { user: User; hasActivity: boolean; isOneself: boolean };

function Facts({ user, hasActivity, isOneself }: FactsProps) {
  const { serverNow } = useAuth();
  const activity = useQuery({ ...queries.userActivity(useCall(), user.id), enabled: hasActivity });
  const known = activity.data;
  return (
    <Panel title="Details">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-4">
        <Fact name="User ID">
          {user.uid} {isOneself && <Badge>you</Badge>}
        </Fact>
        <Fact name="Role">{user.role}</Fact>
        {user.dob !== undefined && (
          <Fact name="Date of birth">
            <BirthDate user={user} />
          </Fact>
        )}
        <Fact name="Created">
          <Moment at={user.created_at} now={serverNow} />
        </Fact>
        {hasActivity && (
          <>
            <Fact name="Last sign-in" isLoading={activity.isPending}>
              {known?.last_sign_in_at ? (
                <Moment at={known.last_sign_in_at} now={serverNow} />
              ) : (
                'Not recorded'
              )}
            </Fact>
            <Fact name="Open sessions" isLoading={activity.isPending}>
              {known?.open_sessions}
            </Fact>
            <Fact name="Posts" isLoading={activity.isPending}>
              {known?.posts}
            </Fact>
          </>
        )}
        <Fact name="ID">{user.id}</Fact>
        {user.name.length > longName && (
          <Fact name="Full name" className="col-span-full">
            {user.name}
          </Fact>
        )}
      </dl>
      <QueryProblem query={activity} />
    </Panel>
  );
}

function Fact({
  name,
  isLoading = false,
  className,
  children,
}: {
  name: string;
  isLoading?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={classNames('min-w-0', className)}>
      <dt className="text-muted text-sm">{name}</dt>
      <dd className="min-h-6 font-medium [overflow-wrap:anywhere]">
        {isLoading ? <Skeleton className="mt-1 h-4 w-24" /> : children}
      </dd>
    </div>
  );
}

function Actions({ user, me }: { user: User; me: User }) {
  const [open, setOpen] = useState<'edit' | 'password' | 'sessions' | 'delete' | null>(null);
  const navigate = useNavigate();
  const close = () => setOpen(null);
  const isOneself = user.id === me.id;
  return (
    <div className="flex flex-wrap gap-2 print:hidden">
      <Button onClick={() => setOpen('edit')}>
        <Pencil aria-hidden className="size-4" />
        Edit
      </Button>
      {isOneself ? (
        <Link to={paths.account} className={buttonClass()}>
          Password and devices
        </Link>
      ) : (
        <>
          <Button onClick={() => setOpen('password')}>
            <KeyRound aria-hidden className="size-4" />
            Set a password
          </Button>
          <Button onClick={() => setOpen('sessions')}>
            <LogOut aria-hidden className="size-4" />
            Sign out everywhere
          </Button>
        </>
      )}
      <Button look="danger-quiet" onClick={() => setOpen('delete')}>
        <Trash2 aria-hidden className="size-4" />
        Delete
      </Button>
      <Suspense>
        {open === 'edit' && <EditUserDialog id={user.id} me={me} onClose={close} />}
        {open === 'password' && <SetPasswordDialog user={user} onClose={close} />}
        {open === 'sessions' && <EndUserSessionsDialog user={user} onClose={close} />}
        {open === 'delete' && (
          <DeleteUserDialog
            user={user}
            me={me}
            onClose={close}
            onDeleted={() => navigate(paths.users, { replace: true })}
          />
        )}
      </Suspense>
    </div>
  );
}

const shownEvents = 10;

/** The last events about this user, and the way to all of them. */
function Events({ user }: { user: User }) {
  const log = useInfiniteQuery(queries.auditEvents(useCall(), { user: user.id }));
  const events = log.data?.pages[0]?.items.slice(0, shownEvents) ?? [];
  return (
    <section aria-labelledby="events" className="grid min-w-0 gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="events" className="font-semibold text-lg tracking-tight">
          Latest events
        </h2>
        <Link to={`${paths.audit}?user=${user.id}`} className={buttonClass({ size: 'small' })}>
          Show in the audit log
        </Link>
      </div>
      <QueryProblem query={log} />
      {log.isPending && <Loading label="Loading events" rows={4} />}
      {log.isSuccess && events.length === 0 && <p className="text-muted">No events are recorded.</p>}
      <Suspense fallback={<Loading label="Loading events" rows={4} />}>
        {events.length > 0 && <AuditEvents events={events} />}
      </Suspense>
    </section>
  );
}
