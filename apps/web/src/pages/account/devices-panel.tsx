import { endpoints, type Session } from '@signet/contracts';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useLocation, useMatch } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Panel } from '../../ui/panel.tsx';
import { Loading } from '../../ui/skeleton.tsx';
import { notify } from '../../ui/toasts.ts';
import { deviceOf } from '../device-name.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { QueryProblem } from '../errors/query-problem.tsx';
import { LoadMore } from '../load-more.tsx';
import { paths } from '../paths.ts';
import { queries, queryKeys, useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';
import { DeviceList } from './device-list.tsx';

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
  const rows = useRef<HTMLUListElement>(null);
  const list = useInfiniteQuery(queries.sessions(call));
  const devices = list.data?.pages.flatMap((page) => page.items) ?? [];
  const others = devices.filter((device) => !device.current);

  const heading = useFocusAtAddress<HTMLHeadingElement>(list.isPending);

  const reload = () => queryClient.invalidateQueries({ queryKey: queryKeys.sessions });
  const endOne = useSubmit(
    {
      mutationFn: (device: Session) => call(endpoints.endSession, { params: { id: device.id } }),
      onSuccess: (_, device) => {
        // The row disappears with the button that had the focus.
        rows.current?.focus({ preventScroll: true });
        notify(`${deviceOf(device.user_agent).name} signed out`);
      },
      onSettled: reload,
    },
    (device) => device?.id,
  );
  const signOut = useSubmit({ mutationFn: auth.signOut });

  return (
    <Panel
      heading={heading}
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
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {endOne.isError && <ErrorAlert error={endOne.error} />}
        <QueryProblem query={list} />
        {list.isPending && <Loading label="Loading your devices" />}
        {list.isSuccess && devices.length === 0 && <EmptyState icon={MonitorSmartphone} title="No devices" />}
        {devices.length > 0 && (
          <ul ref={rows} tabIndex={-1} aria-label="Your devices" className="divide-y divide-line">
            <DeviceList
              sessions={devices}
              isEnding={(device) =>
                device.current ? signOut.isPending : endOne.isPending && endOne.variables.id === device.id
              }
              onEnd={(device) => (device.current ? signOut.mutate() : endOne.mutate(device))}
            />
          </ul>
        )}
        <LoadMore query={list} what="devices" list={rows} />
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

/** At the panel's own address its heading comes into view, and has the focus, as the heading of a page has. */
function useFocusAtAddress<Heading extends HTMLElement>(isLoading: boolean) {
  const heading = useRef<Heading>(null);
  const isHere = useMatch(paths.devices) !== null;
  const { key } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: again for each visit to the address
  useEffect(() => {
    if (!isHere || isLoading) return;
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: 'start' });
  }, [isHere, isLoading, key]);
  return heading;
}
