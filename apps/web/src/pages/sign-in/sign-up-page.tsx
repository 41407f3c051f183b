import { zodResolver } from '@hookform/resolvers/zod';
import { endpoints, SignUp } from '@signet/contracts';
import { useForm } from 'react-hook-form';
import { Link, useLocation } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordInput, TextInput } from '../../ui/field.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { showIssues } from '../errors/field-issues.ts';
import { fieldText } from '../errors/problem-texts.ts';
import { paths } from '../paths.ts';
import { UidInput } from '../uid-input.tsx';
import { useSubmit } from '../use-submit.ts';
import { FlowChoice } from './flow-choice.tsx';
import { SignInLayout, useChosenFlow } from './sign-in-layout.tsx';

export function SignUpPage() {
  const auth = useAuth();
  const { search, state: locationState } = useLocation();
  const [carrier, chooseCarrier] = useChosenFlow();
  const form = useForm({
    resolver: zodResolver(SignUp),
    defaultValues: { name: '', uid: '', password: '', dob: null },
  });
  const { errors } = form.formState;
  const signUp = useSubmit({
    mutationFn: async (details: SignUp) => {
      await auth.call(endpoints.signUp, { body: details });
      await auth.signIn(carrier, { uid: details.uid, password: details.password });
    },
  });
  const submit = form.handleSubmit((details) =>
    signUp.mutate(details, {
      onError: (error) => showIssues(form.setError, error, ['name', 'uid', 'password', 'dob']),
    }),
  );

  return (
    <SignInLayout title="Create an account" carrier={carrier}>
      <form onSubmit={submit} noValidate className="grid gap-5">
        <Field label="Name" error={fieldText(errors.name)}>
          {(attributes) => <TextInput autoComplete="name" {...attributes} {...form.register('name')} />}
        </Field>
        <Field
          label="User ID"
          error={fieldText(errors.uid)}
          hint="You sign in with this. Letters, digits, and _ . - @"
        >
          {(attributes) => <UidInput autoComplete="username" {...attributes} {...form.register('uid')} />}
        </Field>
        <Field
          label="Password"
          error={fieldText(errors.password)}
          hint="At least 8 characters. Longer is safer."
        >
          {(attributes) => (
            <PasswordInput autoComplete="new-password" {...attributes} {...form.register('password')} />
          )}
        </Field>
        <Field label="Date of birth" optional error={fieldText(errors.dob)}>
          {(attributes) => (
            <TextInput
              type="date"
              autoComplete="bday"
              {...attributes}
              {...form.register('dob', { setValueAs: (text) => text || null })}
            />
          )}
        </Field>
        <FlowChoice chosen={carrier} onChoose={chooseCarrier} />
        {signUp.isError && <ErrorAlert error={signUp.error} />}
        <Button type="submit" look="primary" busy={signUp.isPending}>
          Create account and sign in
        </Button>
      </form>
      <p className="text-muted text-sm">
        Already have an account?{' '}
        <Link
          to={{ pathname: paths.signIn, search }}
          state={locationState}
          className="font-medium text-ink underline underline-offset-4"
        >
          Sign in
        </Link>
      </p>
    </SignInLayout>
  );
}
