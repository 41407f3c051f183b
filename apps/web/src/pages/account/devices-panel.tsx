import { endpoints, type Session } from '@signet/contracts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { LogOut, MonitorSmartphone } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useAuth } from '../../session/auth-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { LoadMore } from '../../ui/load-more.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Loading } from '../../ui/skeleton.tsx';
import { Moment } from '../../ui/time.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queries, queryKeys, useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';
import { deviceName } from './device-name.ts';

const EndOtherSessionsDialog = lazyPart(
  () => import('./end-other-sessions-dialog.tsx'),
  'EndOtherSessionsDialog',
);
const EndAllSessionsDialog = lazyPart(() => import('./end-all-sessions-dialog.tsx'), 'EndAllSessionsDialog');

/** The user's live sessions, and the buttons that end them. */
export function DevicesPanel() {
  const auth = useAuth();
  const call = useCall();
  const queryClient = useQueryClient();
  const [isEndingAll, setIsEndingAll] = useState(false);
  const [isEndingOthers, setIsEndingOthers] = useState(false);
  const list = useInfiniteQuery(queries.sessions(call));
  const devices = list.data?.pages.flatMap((page) => page.items) ?? [];
  const others = devices.filter((device) => !device.current);

  const reload = () => queryClient.invalidateQueries({ queryKey: queryKeys.sessions });
  const endOne = useSubmit(
    {
      mutationFn: (device: Session) => call(endpoints.endSession, { params: { id: device.id } }),
      onSuccess: (_, device) => {
        notify(`${deviceName(device.user_agent)} signed out`);
      },
      onSettled: reload,
    },
    (device) => device?.id,
  );
  const signOut = useSubmit({ mutationFn: auth.signOut });

  return (
    <Panel
      title="Devices"
      description="Devices where you are signed in. Signing one out takes effect on its next request."
      actions={
        <div className="flex flex-wrap gap-2">
          <Button size="small" disabled={others.length === 0} onClick={() => setIsEndingOthers(true)}>
            Sign out other devices
          </Button>
          <Button size="small" onClick={() => setIsEndingAll(true)}>
            Sign out all devices
          </Button>
        </div>
      }
    >
      <div className="grid gap-4">
        {endOne.isError && <ErrorAlert error={endOne.error} />}
        {list.isError && <ErrorAlert error={list.error} onRetry={() => list.refetch()} />}
        {list.isPending && <Loading label="Loading your devices" />}
        {list.isSuccess && devices.length === 0 && <EmptyState icon={MonitorSmartphone} title="No devices" />}
        {devices.length > 0 && (
          <ul aria-label="Your devices" className="divide-y divide-line">
            {devices.map((device) => (
              <Device
                key={device.id}
                device={device}
                isBusy={
                  device.current ? signOut.isPending : endOne.isPending && endOne.variables.id === device.id
                }
                onEnd={() => (device.current ? signOut.mutate() : endOne.mutate(device))}
              />
            ))}
          </ul>
        )}
        <LoadMore query={list} what="devices" />
      </div>
      <Suspense>
        {isEndingOthers && (
          <EndOtherSessionsDialog
            count={others.length}
            hasMore={list.hasNextPage}
            onClose={() => setIsEndingOthers(false)}
          />
        )}
      </Suspense>
      <Suspense>{isEndingAll && <EndAllSessionsDialog onClose={() => setIsEndingAll(false)} />}</Suspense>
    </Panel>
  );
}

/** The API rounds the time of the last use down, so for a new session it is before its beginning. */
function later(a: string, b: string): string {
  return Date.parse(a) > Date.parse(b) ? a : b;
}

function Device({ device, isBusy, onEnd }: { device: Session; isBusy: boolean; onEnd: () => void }) {
  const { serverNow } = useAuth();
  const name = deviceName(device.user_agent);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 py-3.5 first:pt-0 last:pb-0">
      <span className="grid size-10 shrink-0 place-items-center rounded-xl bg-ink/6 text-muted">
        <MonitorSmartphone aria-hidden className="size-5" />
      </span>
      <div className="min-w-0 grow basis-48 text-sm">
        <p className="flex flex-wrap items-center gap-2 font-medium text-[0.9375rem]">
          <span className="min-w-0 truncate" title={device.user_agent ?? undefined}>
            {name}
          </span>
          <Badge tone="header">{device.carrier}</Badge>
          {device.current && <Badge tone="payload">this device</Badge>}
        </p>
        <p className="mt-0.5 text-muted">
          {device.current ? (
            <span>Active now</span>
          ) : (
            <span>
              Last used <Moment at={later(device.last_used_at, device.created_at)} now={serverNow} />
            </span>
          )}
          , signed in <Moment at={device.created_at} now={serverNow} />
          {device.ip && <span>, from {device.ip}</span>}
        </p>
      </div>
      <Button
        size="small"
        busy={isBusy}
        onClick={onEnd}
        aria-label={device.current ? 'Sign out here' : `Sign out ${name}`}
      >
        {!isBusy && <LogOut aria-hidden className="size-4" />}
        Sign out
      </Button>
    </li>
  );
}
