import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { buttonClass } from '../../ui/button.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { readLab } from '../lab-setup.ts';

// Loaded where there is a lab, because most of the page's script is the attacks and what runs them.
const Lab = lazyPart(() => import('./lab.tsx'), 'Lab');

/** Attacks to try and faults to find, on one's own machine. Works signed in and signed out. */
export function LabPage() {
  const lab = useQuery({
    queryKey: ['lab'],
    // react-query takes undefined for a mistake.
    queryFn: async () => (await readLab()) ?? null,
    // A browser that says it is offline reaches its own machine all the same.
    networkMode: 'always',
    meta: { asksApi: false },
  });
  return (
    <Page
      title="Attack and fault lab"
      tab="Lab"
      description="Break it on purpose, guess, then see what stopped it. On your own machine only."
      actions={
        lab.data && (
          <a href="#faults" className={buttonClass()}>
            Go to the faults
          </a>
        )
      }
    >
      {lab.data && (
        <Suspense>
          <Lab setup={lab.data} onChange={() => void lab.refetch()} />
        </Suspense>
      )}
      {lab.data === null && (
        <Panel title="There is no lab here">
          <p className="text-muted text-sm">
            In a checkout of Signet run <code className="font-mono text-ink">npm run dev</code> or{' '}
            <code className="font-mono text-ink">npm start</code>, and open this page there.
          </p>
        </Panel>
      )}
    </Page>
  );
}
