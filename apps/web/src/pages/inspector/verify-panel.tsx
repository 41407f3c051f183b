import { endpoints } from '@signet/contracts';
import { type FormEvent, useState } from 'react';
import { useAuth } from '../../session/auth-context.tsx';
import { type SecretForm, type Verdict, verifyWithKeys, verifyWithSecret } from '../../token/verify.ts';
import { Alert } from '../../ui/alert.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, PasswordInput, Select } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { useSubmit } from '../use-submit.ts';

type VerifyPanelProps = {
  token: string;
  algorithm: string;
  secret: string;
  onSecret: (secret: string) => void;
  onVerdict: (verdict: Verdict) => void;
};

/** Checks the signature in the page: with a secret that stays here, or with the API's public keys. */
export function VerifyPanel({ token, algorithm, secret, onSecret, onVerdict }: VerifyPanelProps) {
  const { callAs } = useAuth();
  const [form, setForm] = useState<SecretForm>('text');
  const bySecret = useSubmit({
    mutationFn: () => verifyWithSecret(token, secret, form),
    onSuccess: onVerdict,
  });
  const byKeys = useSubmit({
    mutationFn: async () => verifyWithKeys(token, (await callAs(null)(endpoints.readKeys)).keys),
    onSuccess: onVerdict,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    bySecret.mutate();
  };
  const isAble = globalThis.crypto?.subtle !== undefined;
  return (
    <Panel
      title="Verify here"
      description="The secret stays in this page. Only the public keys are fetched, if you ask for them."
    >
      {!isAble && (
        <Alert tone="info" title="This page cannot verify">
          <p>Browsers give a page its cryptography over https or on localhost only.</p>
        </Alert>
      )}
      {isAble && algorithm.startsWith('HS') && (
        <form onSubmit={submit} className="grid gap-4">
          <Field label="Secret" hint={remarkOn(secret)}>
            {(attributes) => (
              <PasswordInput
                {...attributes}
                name="inspector-secret"
                autoComplete="off"
                value={secret}
                onChange={(event) => onSecret(event.target.value)}
              />
            )}
          </Field>
          <Field label="The secret is written as">
            {(attributes) => (
              <Select
                {...attributes}
                name="secret-form"
                value={form}
                onChange={(event) => setForm(event.target.value as SecretForm)}
              >
                <option value="text">text</option>
                <option value="base64">base64</option>
                <option value="base64url">base64url</option>
              </Select>
            )}
          </Field>
          <Button type="submit" look="primary" busy={bySecret.isPending} className="justify-self-start">
            Verify with this secret
          </Button>
        </form>
      )}
      {isAble && !algorithm.startsWith('HS') && (
        <Button look="primary" busy={byKeys.isPending} onClick={() => byKeys.mutate()}>
          Fetch the public keys and verify
        </Button>
      )}
      {byKeys.isError && <ErrorAlert error={byKeys.error} />}
    </Panel>
  );
}

/** A short secret is a remark and no obstacle, because somebody may want to see why it is a bad one. */
function remarkOn(secret: string): string {
  const bytes = new TextEncoder().encode(secret).length;
  if (bytes === 0) return 'The HS256 key with which the token was signed.';
  return bytes < 32
    ? `${bytes} bytes. Signet refuses secrets under 32: a short one can be guessed by trying (RFC 7518, section 3.2).`
    : `${bytes} bytes.`;
}
