import { ApiError, Credentials, isLoopback } from '@signet/contracts';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import { useAuth, useSessionState } from '../../session/auth-context.tsx';
import { useFirstFieldFocus } from '../../ui/arrival.ts';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordInput } from '../../ui/field.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { useWait } from '../errors/wait.ts';
import { paths } from '../paths.ts';
import { readReturnPath } from '../return-path.ts';
import { labelOf } from '../sections.ts';
import { UidInput } from '../uid-input.tsx';
import { useNativeForm } from '../use-native-form.ts';
import { useChosenFlow } from './chosen-flow.ts';
import { DemoAccounts } from './demo-accounts.tsx';
import { FlowChoice } from './flow-choice.tsx';
import type { Attempt } from './flow-preview.tsx';
import { NoticeAlert } from './notice-alert.tsx';
import { SignInLayout } from './sign-in-layout.tsx';

export function SignInPage() {
  const auth = useAuth();
  const state = useSessionState();
  const { search, state: locationState } = useLocation();
  const [carrier, chooseCarrier] = useChosenFlow();
  const [attempt, setAttempt] = useState<Attempt>();
  const firstField = useFirstFieldFocus<HTMLInputElement>();
  const signIn = useNativeForm({
    schema: Credentials,
    send: async (credentials) => {
      const beganAt = performance.now();
      setAttempt({ isPending: true });
      try {
        await auth.signIn(carrier, credentials);
      } catch (error) {
        const status = error instanceof ApiError ? error.problem.status : null;
        setAttempt({ isPending: false, status, milliseconds: Math.round(performance.now() - beganAt) });
        throw error;
      }
    },
  });
  const { errors, problem } = signIn;
  const wait = useWait(problem);
  const { notice = null, refusedToken } = state.status === 'signed-out' ? state : {};
  const returnPath = readReturnPath(locationState);
  const target = returnPath && labelOf(returnPath);
  const back = notice ? `You will come back to ${target}.` : `Sign in to open ${target}.`;

  return (
    <SignInLayout title="Sign in" reason={target && back} carrier={carrier} attempt={attempt}>
      {notice && !problem && <NoticeAlert notice={notice} refusedToken={refusedToken} />}
      <form {...signIn.form} className="grid gap-4">
        <Field label="User ID" error={errors.uid}>
          {(attributes) => <UidInput ref={firstField} name="uid" autoComplete="username" {...attributes} />}
        </Field>
        <Field label="Password" error={errors.password}>
          {(attributes) => <PasswordInput name="password" autoComplete="current-password" {...attributes} />}
        </Field>
        <FlowChoice
          chosen={carrier}
          onChoose={(chosen) => {
            setAttempt(undefined);
            chooseCarrier(chosen);
          }}
        />
        {problem && <ErrorAlert error={problem} />}
        <Button type="submit" look="primary" busy={signIn.isPending} disabled={!wait.isOver}>
          {carrier === 'bearer' ? 'Sign in with a bearer token' : 'Sign in with a cookie'}
        </Button>
      </form>
      {/* The published demo passwords exist where the API serves this machine only. */}
      {isLoopback(window.location.href) && (
        <DemoAccounts isBusy={signIn.isPending} isOff={!wait.isOver} onSignIn={signIn.submit} />
      )}
      <p className="text-muted text-sm">
        No account yet?{' '}
        <Link
          to={{ pathname: paths.signUp, search }}
          state={locationState}
          className="font-medium text-ink underline underline-offset-4"
        >
          Create account
        </Link>
      </p>
    </SignInLayout>
  );
}
