import { ApiError, type Carrier, Credentials, isLoopback } from '@signet/contracts';
import { type FormEvent, Suspense, useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { demoUser } from '../demo-user.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { UidInput } from '../uid-input.tsx';
import { useSubmit } from '../use-submit.ts';
import { Comparison } from './comparison.tsx';
import { toMarkdown } from './markdown.ts';
import { type Step, steps } from './observe.ts';
import { Observed } from './rows.ts';

const ReplaceDialog = lazyPart(() => import('./replace-dialog.tsx'), 'ReplaceDialog');

type Running = { readonly carrier: Carrier; readonly step: Step };

/** Runs both flows with sign-ins of their own and shows what happened. Works signed in and signed out. */
export function FlowsPage() {
  const auth = useAuth();
  const navigate = useNavigate();
  // In the history, because the end of a replaced session draws every page again.
  const observed = Observed.parse(useLocation().state);
  // The published passwords exist where the API serves this machine only, and not in every such API.
  const [isDemo, setIsDemo] = useState(isLoopback(auth.apiUrl));
  const [credentials, setCredentials] = useState(isDemo ? demoUser : { uid: '', password: '' });
  const [running, setRunning] = useState<Running>();
  const [isAsking, setIsAsking] = useState(false);
  const run = useSubmit({
    mutationFn: async (carriers: readonly Carrier[] | 'all') => {
      // Loaded when it is needed, like the dialog: most of the page's script is here.
      const [{ hasOwnCookieSession }, { runFlows }] = await Promise.all([
        import('../own-cookie-session.ts'),
        import('./run.ts'),
      ]);
      const hasOwnCookie = await hasOwnCookieSession(auth);
      if (carriers === 'all' && hasOwnCookie) return setIsAsking(true);
      const chosen = carriers === 'all' ? (['bearer', 'cookie'] as const) : carriers;
      const cells = await runFlows(auth, {
        carriers: chosen,
        credentials,
        hasOwnCookie,
        onStep: (carrier, step) => setRunning({ carrier, step }),
      });
      await navigate('.', { replace: true, state: cells });
      const session = auth.state();
      const isReplaced = session.status === 'signed-in' && session.stored.carrier === 'cookie';
      if (isReplaced && chosen.includes('cookie')) await auth.signOut();
    },
    onError: (error) => {
      if (!isDemo || !(error instanceof ApiError) || error.problem.code !== 'credentials_invalid') return;
      setIsDemo(false);
      setCredentials({ uid: '', password: '' });
    },
    onSettled: () => setRunning(undefined),
  });
  const { hash } = useLocation();
  // A link from elsewhere names a question, which is not there yet when the browser looks for it.
  useEffect(() => document.getElementById(hash.slice(1))?.scrollIntoView(), [hash]);
  const answer = (carriers: readonly Carrier[]) => {
    setIsAsking(false);
    run.mutate(carriers);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run.mutate('all');
  };

  return (
    <Page
      title="Bearer and cookie, compared"
      description="Runs both with a throw-away sign-in and records what happened."
    >
      <Panel
        title="Run both flows"
        description={
          isDemo
            ? 'Signs in as niko of the demo data, twice, and out again. Your own sign-in stays as it is.'
            : 'Signs in with these credentials, twice, and out again. Your own sign-in stays as it is.'
        }
      >
        <form onSubmit={submit} className="grid gap-4">
          {!isDemo && <CredentialsFields credentials={credentials} onChange={setCredentials} />}
          <div className="flex flex-wrap items-center gap-3">
            <Button
              type="submit"
              look="primary"
              busy={run.isPending}
              disabled={!Credentials.safeParse(credentials).success}
            >
              Run
            </Button>
            {observed.bearer && (
              <CopyButton text={toMarkdown(observed)} label="Copy as Markdown" name="Copy as Markdown" />
            )}
            <p role="status" className="text-muted text-sm">
              {running && progressOf(running)}
            </p>
          </div>
          {run.isError && <ErrorAlert error={run.error} />}
        </form>
      </Panel>
      <Comparison observed={observed} />
      {isAsking && (
        <Suspense>
          <ReplaceDialog
            onClose={() => setIsAsking(false)}
            onBoth={() => answer(['bearer', 'cookie'])}
            onBearer={() => answer(['bearer'])}
          />
        </Suspense>
      )}
    </Page>
  );
}

function CredentialsFields({
  credentials,
  onChange,
}: {
  credentials: Credentials;
  onChange: (credentials: Credentials) => void;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="User ID">
        {(attributes) => (
          <UidInput
            {...attributes}
            name="flows-uid"
            autoComplete="username"
            value={credentials.uid}
            onChange={(event) => onChange({ ...credentials, uid: event.target.value })}
          />
        )}
      </Field>
      <Field label="Password">
        {(attributes) => (
          <PasswordInput
            {...attributes}
            name="flows-password"
            autoComplete="current-password"
            value={credentials.password}
            onChange={(event) => onChange({ ...credentials, password: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function progressOf({ carrier, step }: Running): string {
  return `${carrier === 'bearer' ? 'Bearer' : 'Cookie'}, step ${steps.indexOf(step) + 1} of ${steps.length}: ${step}`;
}
