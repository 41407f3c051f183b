import { useMutation, useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { useHeld, useSessions } from '../../session/session-context.tsx';
import { decodeToken } from '../../session/token.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { useNow } from '../../ui/time.tsx';
import { notify } from '../../ui/toasts.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { queries, useCall } from '../queries.ts';
import { HiddenTokenPanel } from './hidden-token-panel.tsx';
import { ContentCard, TransportCard, VerdictCard } from './summary-cards.tsx';
import { TokenPanel } from './token-panel.tsx';

/** Who is signed in, by which flow, what the API makes of it, and the token, as far as it can be seen. */
export function HomePage() {
  const sessions = useSessions();
  const held = useHeld();
  const now = useNow(sessions.serverNow);
  const call = useCall();
  const me = useQuery(queries.me(call));
  const identity = useQuery(queries.identity(call));
  const refresh = useMutation({
    mutationFn: sessions.refresh,
    onSuccess: () => notify('Renewed: the session goes on with the next token'),
  });

  const version = held?.version;
  const { refetch } = identity;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the next token asks for its own verdict
  useEffect(() => void refetch({ cancelRefetch: false }), [refetch, version]);

  if (!held) return null;
  const decoded = held.token === null ? null : decodeToken(held.token);
  return (
    <Page
      title={me.data ? `Signed in as ${me.data.name}` : 'Signed in'}
      description={
        held.carrier === 'bearer'
          ? 'By bearer token: your code keeps it and sends it.'
          : 'By HttpOnly cookie: the browser keeps it and sends it.'
      }
      actions={
        <Button busy={refresh.isPending} onClick={() => refresh.mutate()}>
          {!refresh.isPending && <RefreshCw aria-hidden className="size-4" />}
          Renew the token now
        </Button>
      }
    >
      {refresh.isError && <ErrorAlert error={refresh.error} />}
      {me.isError && <ErrorAlert error={me.error} onRetry={() => me.refetch()} />}
      <div className="grid gap-5 sm:gap-6 lg:grid-cols-3">
        <TransportCard carrier={held.carrier} decoded={decoded} />
        <ContentCard user={me.data} expiresAtSeconds={decoded?.claims?.exp} now={now} />
        <VerdictCard identity={identity} />
      </div>
      {held.token === null ? (
        <HiddenTokenPanel />
      ) : (
        <TokenPanel token={held.token} decoded={decoded} now={now} />
      )}
    </Page>
  );
}
