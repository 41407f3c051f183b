import type { Session } from '@signet/contracts';
import {
  ChevronDown,
  LogOut,
  type LucideIcon,
  Monitor,
  MonitorSmartphone,
  Smartphone,
  SquareTerminal,
  Tablet,
} from 'lucide-react';
import { useState } from 'react';
import { useAuth } from '../../session/auth-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Moment, times } from '../../ui/time.tsx';
import type { DeviceKind } from '../device-name.ts';
import { type DeviceGroup, findNewAddresses, groupDevices } from './device-groups.ts';

const icons: Record<DeviceKind, LucideIcon> = {
  phone: Smartphone,
  tablet: Tablet,
  computer: Monitor,
  program: SquareTerminal,
  unknown: MonitorSmartphone,
};

type DeviceListProps = {
  sessions: readonly Session[];
  /** Whether the session is being ended. */
  isEnding: (session: Session) => boolean;
  onEnd: (session: Session) => void;
};

/** The sessions by device: sessions that look alike are one row, which opens. */
export function DeviceList({ sessions, isEnding, onEnd }: DeviceListProps) {
  const { serverNow } = useAuth();
  const newAddresses = findNewAddresses(sessions, serverNow());
  const row = (session: Session) => ({
    session,
    isFromNewAddress: newAddresses.has(session.id),
    isBusy: isEnding(session),
    onEnd: () => onEnd(session),
  });
  return groupDevices(sessions).map((group) => {
    const [first, ...rest] = group.sessions;
    if (rest.length === 0) return <DeviceRow key={first.id} group={group} {...row(first)} />;
    return <FoldedDevices key={first.id} group={group} rows={group.sessions.map(row)} />;
  });
}

type RowProps = { session: Session; isFromNewAddress: boolean; isBusy: boolean; onEnd: () => void };

function DeviceRow({ group, ...row }: RowProps & { group: DeviceGroup }) {
  const { session } = row;
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-x-4 gap-y-3 py-3.5 sm:grid-cols-[auto_minmax(0,1fr)_auto] sm:items-center">
      <DeviceIcon kind={group.kind} />
      <div className="min-w-0 text-sm">
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <DeviceTitle group={group} />
          <Badge>{session.carrier}</Badge>
          {session.current && <Badge>this device</Badge>}
          {row.isFromNewAddress && <Badge>new address</Badge>}
        </div>
        <Facts session={session} />
      </div>
      <EndButton name={group.name} {...row} />
    </li>
  );
}

/** Several sessions that look alike. */
function FoldedDevices({ group, rows }: { group: DeviceGroup; rows: readonly RowProps[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const { serverNow } = useAuth();
  const [{ carrier }] = group.sessions;
  const lastUsed = group.sessions.map(lastUseOf).reduce(later);
  const isAnyNew = rows.some(({ isFromNewAddress }) => isFromNewAddress);
  const count = `${rows.length} sign-ins`;
  return (
    <li className="py-3.5">
      <div className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-3 sm:grid-cols-[auto_minmax(0,1fr)_auto]">
        <DeviceIcon kind={group.kind} />
        <div className="min-w-0 text-sm">
          <div className="flex min-w-0 flex-wrap items-center gap-2">
            <DeviceTitle group={group} />
            <Badge>{carrier}</Badge>
            {isAnyNew && <Badge>new address</Badge>}
          </div>
          <p className="mt-0.5 text-muted">
            {count}, last used <Moment at={lastUsed} now={serverNow} />
          </p>
        </div>
        <Button
          size="small"
          aria-expanded={isOpen}
          aria-label={`${isOpen ? 'Hide' : 'Show'} the ${count} of ${group.name}, ${carrier}`}
          onClick={() => setIsOpen(!isOpen)}
          className="col-start-2 justify-self-start sm:col-start-auto"
        >
          <ChevronDown aria-hidden className={classNames('size-4', isOpen && 'rotate-180')} />
          {isOpen ? 'Hide' : 'Show'}
        </Button>
      </div>
      {isOpen && (
        <ul
          aria-label={`${group.name}, ${count}`}
          className="mt-3 grid gap-3 border-line border-l-2 pl-4 sm:ml-5 sm:pl-8"
        >
          {rows.map((row) => (
            <li
              key={row.session.id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm"
            >
              <div className="min-w-0 grow basis-56">
                <Facts session={row.session} />
                {row.isFromNewAddress && <Badge>new address</Badge>}
              </div>
              <EndButton name={group.name} {...row} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function DeviceIcon({ kind }: { kind: DeviceKind }) {
  const Icon = icons[kind];
  return (
    <span className="grid size-10 shrink-0 place-items-center rounded-xl bg-ink/6 text-muted">
      <Icon aria-hidden className="size-5" />
    </span>
  );
}

/** What a client without a known name sends is shown as text of a machine, on one line. */
function DeviceTitle({ group: { name, kind, sessions } }: { group: DeviceGroup }) {
  return (
    <span
      title={sessions[0].user_agent ?? undefined}
      className={classNames(
        'min-w-0 truncate font-medium',
        kind === 'unknown' && sessions[0].user_agent !== null
          ? 'font-mono text-[0.8125rem]'
          : 'text-[0.9375rem]',
      )}
    >
      {name}
    </span>
  );
}

function Facts({ session }: { session: Session }) {
  const { serverNow } = useAuth();
  return (
    <p className="mt-0.5 text-muted [overflow-wrap:anywhere]">
      {session.current ? (
        <span className="font-medium text-ink">
          <span aria-hidden className="mr-1.5 inline-block size-2 rounded-full border border-ink bg-ink" />
          Active now
        </span>
      ) : (
        <span>
          Last used <Moment at={lastUseOf(session)} now={serverNow} />
        </span>
      )}
      , signed in <Moment at={session.created_at} now={serverNow} />, expires{' '}
      <Moment at={session.expires_at} now={serverNow} form="distance" />
      {session.ip && <span>, from {session.ip}</span>}
    </p>
  );
}

/** The API rounds the time of the last use down, so for a new session it is before its beginning. */
function lastUseOf({ last_used_at, created_at }: Session): string {
  return later(last_used_at, created_at);
}

function later(a: string, b: string): string {
  return Date.parse(a) > Date.parse(b) ? a : b;
}

function EndButton({ name, session, isBusy, onEnd }: RowProps & { name: string }) {
  const since = times.exact(Date.parse(session.created_at));
  return (
    <Button
      size="small"
      busy={isBusy}
      onClick={onEnd}
      aria-label={session.current ? 'Sign out here' : `Sign out ${name}, signed in ${since}`}
      className="col-start-2 justify-self-start sm:col-start-auto"
    >
      {!isBusy && <LogOut aria-hidden className="size-4" />}
      Sign out
    </Button>
  );
}
