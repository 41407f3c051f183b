import { endpoints, SignUp } from '@signet/contracts';
import { Link, useLocation } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { useFirstFieldFocus } from '../../ui/arrival.ts';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordInput, TextInput } from '../../ui/field.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { paths } from '../paths.ts';
import { UidInput } from '../uid-input.tsx';
import { useNativeForm } from '../use-native-form.ts';
import { useChosenFlow } from './chosen-flow.ts';
import { FlowChoice } from './flow-choice.tsx';
import { SignInLayout } from './sign-in-layout.tsx';

export function SignUpPage() {
  const auth = useAuth();
  const { search, state: locationState } = useLocation();
  const [carrier, chooseCarrier] = useChosenFlow();
  const firstField = useFirstFieldFocus<HTMLInputElement>();
  const signUp = useNativeForm({
    schema: SignUp,
    empty: { dob: null },
    send: async (details) => {
      await auth.call(endpoints.signUp, { body: details });
      await auth.signIn(carrier, { uid: details.uid, password: details.password });
    },
  });
  const { errors, problem } = signUp;

  return (
    <SignInLayout title="Create an account" carrier={carrier} attempt={undefined}>
      <form {...signUp.form} className="grid gap-4">
        <Field label="Name" error={errors.name}>
          {(attributes) => <TextInput ref={firstField} name="name" autoComplete="name" {...attributes} />}
        </Field>
        <Field label="User ID" error={errors.uid} hint="You sign in with this. Letters, digits, and _ . - @">
          {(attributes) => <UidInput name="uid" autoComplete="username" {...attributes} />}
        </Field>
        <Field label="Password" error={errors.password} hint="At least 8 characters. Longer is safer.">
          {(attributes) => <PasswordInput name="password" autoComplete="new-password" {...attributes} />}
        </Field>
        <Field
          label="Date of birth"
          optional
          error={errors.dob}
          hint="The tutorial's users have one. Only you and admins see it; others see your name and user ID."
        >
          {(attributes) => <TextInput name="dob" type="date" {...attributes} />}
        </Field>
        <FlowChoice chosen={carrier} onChoose={chooseCarrier} />
        {problem && <ErrorAlert error={problem} />}
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
