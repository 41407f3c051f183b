import { useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useAuth, useStoredSession } from '../../session/auth-context.tsx';
import { decodeToken } from '../../token/decode.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { useNow } from '../../ui/time.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { QueryProblem } from '../errors/query-problem.tsx';
import { queries, useCall } from '../queries.ts';
import { ToolLinks } from '../tool-links.tsx';
import { useSubmit } from '../use-submit.ts';
import { HeaderCard } from './header-card.tsx';
import { HiddenTokenPanel } from './hidden-token-panel.tsx';
import { PayloadCard } from './payload-card.tsx';
import { SignatureCard } from './signature-card.tsx';
import { TokenPanel } from './token-panel.tsx';
import { TransportStrip } from './transport-strip.tsx';

/** Who is signed in, by which flow, whether the API accepts the token, and what script can see of it. */
export function HomePage() {
  const auth = useAuth();
  const stored = useStoredSession();
  const now = useNow(auth.serverNow);
  const call = useCall();
  const me = useQuery(queries.me(call));
  const identity = useQuery({ ...queries.identity(call), refetchOnWindowFocus: 'always' });
  const failed = me.isError ? me : identity;
  const refresh = useSubmit({
    mutationFn: auth.refresh,
    onSuccess: () => notify('Token refreshed. The old one stays valid until it expires.'),
  });

  if (!stored) return null;
  const decoded = stored.token === null ? null : decodeToken(stored.token);
  return (
    <Page
      title="Your session"
      tab="Overview"
      description={
        // As wide before the name is there, so that the button beside it does not move.
        <p className="flex h-6 min-w-72 items-center gap-2">
          {me.data && (
            <>
              <span className="truncate">
                <span className="sr-only">Signed in as </span>
                <span className="text-ink">{me.data.name}</span>, {me.data.uid}
              </span>
              <Badge>{me.data.role}</Badge>
            </>
          )}
        </p>
      }
      actions={
        <Button busy={refresh.isPending} onClick={() => refresh.mutate()}>
          {!refresh.isPending && <RefreshCw aria-hidden className="size-4" />}
          Refresh the token
        </Button>
      }
    >
      {refresh.isError && <ErrorAlert error={refresh.error} />}
      <QueryProblem
        query={{
          isError: failed.isError,
          error: failed.error,
          data: failed.data,
          refetch: () => Promise.all([me.refetch(), identity.refetch()]),
        }}
      />
      <ToolLinks />
      <TransportStrip carrier={stored.carrier} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 sm:gap-6 lg:grid-cols-[repeat(3,minmax(0,1fr))]">
        <HeaderCard decoded={decoded} />
        <PayloadCard decoded={decoded} me={me} now={now} />
        <SignatureCard
          identity={identity}
          version={stored.version}
          expiresAtSeconds={decoded?.claims?.exp}
          now={now}
        />
      </div>
      {stored.token === null ? (
        <HiddenTokenPanel />
      ) : (
        <TokenPanel token={stored.token} decoded={decoded} now={now} />
      )}
    </Page>
  );
}
