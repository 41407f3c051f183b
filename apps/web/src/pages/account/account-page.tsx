import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { QueryProblem } from '../errors/query-problem.tsx';
import { queries, useCall } from '../queries.ts';
import { DeleteAccountPanel } from './delete-account-panel.tsx';
import { DevicesPanel } from './devices-panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { ProfilePanel } from './profile-panel.tsx';

export function AccountPage() {
  const call = useCall();
  const me = useQuery(queries.me(call));
  const devices = useInfiniteQuery(queries.sessions(call));
  return (
    <Page title="Account" description="Your profile, your password, and where you are signed in.">
      <QueryProblem query={me} />
      {me.isPending && <LoadingAccount />}
      {me.data && (
        <>
          <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 sm:gap-6 xl:grid-cols-[repeat(2,minmax(0,1fr))]">
            <ProfilePanel me={me.data} />
            <PasswordPanel uid={me.data.uid} />
          </div>
          <DevicesPanel />
          {/* Last, and not before the list above it has its height. */}
          {!devices.isPending && <DeleteAccountPanel me={me.data} />}
        </>
      )}
    </Page>
  );
}

function LoadingAccount() {
  return (
    <div
      role="status"
      className="grid grid-cols-[minmax(0,1fr)] gap-5 sm:gap-6 xl:grid-cols-[repeat(2,minmax(0,1fr))]"
    >
      <span className="sr-only">Loading your account</span>
      <Skeleton shape="card" className="h-[30.25rem] sm:h-[27.125rem]" />
      <Skeleton shape="card" className="h-[21.875rem] sm:h-[22.125rem]" />
    </div>
  );
}
