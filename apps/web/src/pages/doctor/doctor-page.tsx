import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field } from '../../ui/field.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { openFinding } from '../doctor-finding.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { paths } from '../paths.ts';
import { useSubmit } from '../use-submit.ts';
import { OtherOrigin } from './other-origin.tsx';

// Loaded when they are needed, because most of the page's script is the rules and the texts of the causes.
const CauseList = lazyPart(() => import('./cause-list.tsx'), 'CauseList');
const RedTextCauses = lazyPart(() => import('./red-text-causes.tsx'), 'RedTextCauses');
const Verdict = lazyPart(() => import('./verdict.tsx'), 'Verdict');

/** Checks the page, the API and the way between them, and names the one cause. Works signed in and signed out. */
export function DoctorPage() {
  const { apiUrl } = useAuth();
  const queryClient = useQueryClient();
  // The address of the fault lab's proxy comes from the lab, and never from the address of this page.
  const throughLab = useSearchParams()[0].get('through') === 'lab';
  const check = useSubmit({
    mutationFn: async () => {
      const [{ examine }, { toMarkdown }, lab] = await Promise.all([
        import('./examine.ts'),
        import('./report.ts'),
        throughLab ? import('../lab-setup.ts') : undefined,
      ]);
      const setup = await lab?.readLab();
      const examined = await examine(lab && setup ? lab.faultUrlOf(setup) : apiUrl, setup !== undefined);
      queryClient.setQueryData(openFinding.queryKey, examined.report.findings.length > 0);
      return { ...examined, markdown: toMarkdown(examined.report) };
    },
    // A browser that says it is offline reaches its own machine all the same.
    networkMode: 'always',
  });
  return (
    <Page
      title="Why does my request fail?"
      tab="Doctor"
      description={
        throughLab ? (
          <>
            Checks the way through the proxy of the{' '}
            <Link to={paths.lab} className="underline underline-offset-4">
              lab
            </Link>
            .
          </>
        ) : (
          'Checks the page, the API and the way between them.'
        )
      }
      actions={
        <div className="flex flex-wrap items-center gap-3">
          {check.data && (
            <CopyButton text={check.data.markdown} label="Copy the report" name="Copy the report" />
          )}
          <Button look="primary" busy={check.isPending} onClick={() => check.mutate()}>
            {check.data ? 'Check again' : 'Check'}
          </Button>
        </div>
      }
    >
      <div role="status" className="grid min-w-0 gap-5 empty:hidden sm:gap-6">
        {check.data && (
          <Suspense>
            <Verdict {...check.data} />
          </Suspense>
        )}
      </div>
      {check.isError && <ErrorAlert error={check.error} onRetry={() => check.mutate()} />}
      <RedText />
      <OtherOrigin />
      <AllCauses />
    </Page>
  );
}

/** Turns a message of a browser's console into its causes. The text stays in the page. */
function RedText() {
  const [text, setText] = useState('');
  return (
    <Panel
      title="Paste the red text"
      description="A message of the console, in the words of any browser. It does not leave this page."
    >
      <Field label="Message">
        {(attributes) => (
          <TextArea
            {...attributes}
            value={text}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div role="status" className="mt-4 empty:hidden">
        {text.trim() !== '' && (
          <Suspense>
            <RedTextCauses text={text} />
          </Suspense>
        )}
      </div>
    </Panel>
  );
}

function AllCauses() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Panel title="All causes" description="Everything that the doctor can name.">
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary className="cursor-pointer font-medium">Show the list</summary>
        {isOpen && (
          <Suspense>
            <CauseList />
          </Suspense>
        )}
      </details>
    </Panel>
  );
}
