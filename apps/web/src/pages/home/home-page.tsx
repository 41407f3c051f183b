import { useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { useAuth, useStoredSession } from '../../session/auth-context.tsx';
import { decodeToken } from '../../token/decode.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { useNow } from '../../ui/time.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queries, useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';
import { HiddenTokenPanel } from './hidden-token-panel.tsx';
import { ContentCard, TransportCard, VerdictCard } from './summary-cards.tsx';
import { TokenPanel } from './token-panel.tsx';

/** Who is signed in, by which flow, whether the API accepts the token, and what script can see of it. */
export function HomePage() {
  const auth = useAuth();
  const stored = useStoredSession();
  const now = useNow(auth.serverNow);
  const call = useCall();
  const me = useQuery(queries.me(call));
  const identity = useQuery(queries.identity(call));
  const refresh = useSubmit({
    mutationFn: auth.refresh,
    onSuccess: () => notify('Token refreshed. The old one stays valid until it expires.'),
  });

  const version = stored?.version;
  const { refetch } = identity;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version must be checked again
  useEffect(() => void refetch({ cancelRefetch: false }), [refetch, version]);

  if (!stored) return null;
  const decoded = stored.token === null ? null : decodeToken(stored.token);
  return (
    <Page
      title={me.data ? `Signed in as ${me.data.name}` : 'Signed in'}
      description={
        stored.carrier === 'bearer'
          ? 'Bearer token: your code stores and sends it.'
          : 'HttpOnly cookie: the browser stores and sends it.'
      }
      actions={
        <Button busy={refresh.isPending} onClick={() => refresh.mutate()}>
          {!refresh.isPending && <RefreshCw aria-hidden className="size-4" />}
          Refresh the token
        </Button>
      }
    >
      {refresh.isError && <ErrorAlert error={refresh.error} />}
      {me.isError && <ErrorAlert error={me.error} onRetry={() => me.refetch()} />}
      <div className="grid gap-5 sm:gap-6 lg:grid-cols-3">
        <TransportCard carrier={stored.carrier} decoded={decoded} />
        <ContentCard user={me.data} expiresAtSeconds={decoded?.claims?.exp} now={now} />
        <VerdictCard identity={identity} />
      </div>
      {stored.token === null ? (
        <HiddenTokenPanel />
      ) : (
        <TokenPanel token={stored.token} decoded={decoded} now={now} />
      )}
    </Page>
  );
}
