import { loadCause } from '@signet/doctor/load-cause';
import { useQuery } from '@tanstack/react-query';
import { Link, matchPath, useParams } from 'react-router';
import { loadPart } from '../../ui/lazy-part.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Loading } from '../../ui/skeleton.tsx';
import { paths } from '../paths.ts';
import { FixList, ReferenceList } from './fix-list.tsx';

// Begun here, because the texts of the address that was opened would otherwise come a round trip after this page.
loadCause(matchPath(paths.cause, window.location.pathname)?.params.id ?? '').catch(() => undefined);

/** One cause of the catalogue: what is seen, why it is so, the fix and the sources. */
export function CausePage() {
  const { id = '' } = useParams();
  const { data: cause, isPending } = useQuery({
    queryKey: ['cause', id],
    // A query has no undefined.
    queryFn: async () => (await loadPart(() => loadCause(id))) ?? null,
    networkMode: 'always',
    staleTime: Number.POSITIVE_INFINITY,
    // Texts that could not be loaded are no proof that there is no such cause.
    throwOnError: true,
    meta: { asksApi: false },
  });
  if (isPending) return <Loading label="Loading the cause" rows={6} />;
  if (!cause) return <UnknownCause />;
  const { says, seen, why, toBeSure, fix, references } = cause;
  return (
    <Page title={says} tab={id} description={<code className="font-mono text-sm">{id}</code>}>
      <Panel title="What you see">
        <p>{seen}</p>
      </Panel>
      <Panel title="Why">
        <p>{why}</p>
      </Panel>
      {toBeSure !== undefined && (
        <Panel title="How to be sure">
          <p>{toBeSure}</p>
        </Panel>
      )}
      {fix.length > 0 && (
        <Panel title="How to fix it">
          <FixList fix={fix} />
        </Panel>
      )}
      <Panel title="Sources">
        <ReferenceList references={references} />
      </Panel>
      <DoctorLink />
    </Page>
  );
}

function UnknownCause() {
  return (
    <Page title="There is no such cause" description="The doctor lists all causes.">
      <DoctorLink />
    </Page>
  );
}

function DoctorLink() {
  return (
    <p>
      <Link to={paths.doctor} className="font-medium underline underline-offset-4">
        Let the doctor check
      </Link>
    </p>
  );
}
