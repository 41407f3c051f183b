import { zodResolver } from '@hookform/resolvers/zod';
import { Credentials, isLoopback } from '@signet/contracts';
import { useForm } from 'react-hook-form';
import { Link, useLocation } from 'react-router';
import { useAuth, useSessionState } from '../../session/auth-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { showIssues } from '../errors/field-issues.ts';
import { fieldText } from '../errors/problem-texts.ts';
import { paths } from '../paths.ts';
import { UidInput } from '../uid-input.tsx';
import { useSubmit } from '../use-submit.ts';
import { FlowChoice } from './flow-choice.tsx';
import { NoticeAlert } from './notice-alert.tsx';
import { SignInLayout, useChosenFlow } from './sign-in-layout.tsx';

const demoAccounts = [
  { uid: 'toby', password: '123toby', role: 'admin' },
  { uid: 'niko', password: '123niko', role: 'user' },
] as const;

export function SignInPage() {
  const auth = useAuth();
  const state = useSessionState();
  const { search, state: locationState } = useLocation();
  const [carrier, chooseCarrier] = useChosenFlow();
  const form = useForm({ resolver: zodResolver(Credentials), defaultValues: { uid: '', password: '' } });
  const { errors } = form.formState;
  const signIn = useSubmit({
    mutationFn: (credentials: Credentials) => auth.signIn(carrier, credentials),
  });
  const submit = form.handleSubmit((credentials) =>
    signIn.mutate(credentials, { onError: (error) => showIssues(form.setError, error, ['uid', 'password']) }),
  );
  const notice = state.status === 'signed-out' ? state.notice : null;

  return (
    <SignInLayout title="Sign in" carrier={carrier}>
      {notice && !signIn.isError && <NoticeAlert notice={notice} />}
      <form onSubmit={submit} noValidate className="grid gap-5">
        <FlowChoice chosen={carrier} onChoose={chooseCarrier} />
        <Field label="User ID" error={fieldText(errors.uid)}>
          {(attributes) => <UidInput autoComplete="username" {...attributes} {...form.register('uid')} />}
        </Field>
        <Field label="Password" error={fieldText(errors.password)}>
          {(attributes) => (
            <PasswordInput autoComplete="current-password" {...attributes} {...form.register('password')} />
          )}
        </Field>
        {signIn.isError && <ErrorAlert error={signIn.error} />}
        <Button type="submit" look="primary" busy={signIn.isPending}>
          {carrier === 'bearer' ? 'Sign in with a bearer token' : 'Sign in with a cookie'}
        </Button>
      </form>
      {/* The published demo passwords exist where the API serves this machine only. */}
      {isLoopback(window.location.href) && (
        <DemoAccounts
          onChoose={(account) => {
            form.setValue('uid', account.uid, { shouldValidate: form.formState.isSubmitted });
            form.setValue('password', account.password, { shouldValidate: form.formState.isSubmitted });
          }}
        />
      )}
      <p className="text-muted text-sm">
        No account yet?{' '}
        <Link
          to={{ pathname: paths.signUp, search }}
          state={locationState}
          className="font-medium text-ink underline underline-offset-4"
        >
          Sign up
        </Link>
      </p>
    </SignInLayout>
  );
}

type DemoAccount = (typeof demoAccounts)[number];

function DemoAccounts({ onChoose }: { onChoose: (account: DemoAccount) => void }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl border border-line border-dashed px-4 py-3 text-sm">
      <span className="text-muted">Try a demo account</span>
      {demoAccounts.map((account) => (
        <button
          key={account.uid}
          type="button"
          onClick={() => onChoose(account)}
          className="rounded-md border border-line bg-surface px-2 py-1 font-mono text-[0.8125rem] hover:border-edge"
        >
          {account.uid} / {account.password}
          <span className="text-muted"> {account.role}</span>
        </button>
      ))}
    </div>
  );
}
