import { endpoints, type JwkSet } from '@signet/contracts';
import { type FormEvent, useState } from 'react';
import { useAuth } from '../../session/auth-context.tsx';
import { type Guess, guessSecret } from '../../token/guess.ts';
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
  /** Of the token's header. */
  kid: string;
  secret: string;
  onSecret: (secret: string) => void;
  onVerdict: (verdict: Verdict) => void;
};

/** Checks the signature in the page: with a secret that stays here, or with the API's public keys. */
export function VerifyPanel({ token, algorithm, kid, secret, onSecret, onVerdict }: VerifyPanelProps) {
  const { callAs } = useAuth();
  const [form, setForm] = useState<SecretForm>('text');
  const [guess, setGuess] = useState<{ token: string; guess: Guess }>();
  const [keys, setKeys] = useState<JwkSet['keys']>();
  const tryGuesses = async () => {
    const made = await guessSecret(token);
    setGuess({ token, guess: made });
    return made.found;
  };
  const bySecret = useSubmit({
    // The guesses first: a signature that anybody can make proves nothing, whatever the secret says.
    mutationFn: async () => {
      await tryGuesses();
      return verifyWithSecret(token, secret, form);
    },
    onSuccess: onVerdict,
  });
  const byGuessing = useSubmit({
    mutationFn: async () => {
      const found = await tryGuesses();
      return found === undefined ? undefined : verifyWithSecret(token, found, 'text');
    },
    onSuccess: (verdict) => verdict && onVerdict(verdict),
  });
  const byKeys = useSubmit({
    mutationFn: async () => {
      const set = await callAs(null)(endpoints.readKeys);
      setKeys(set.keys);
      return verifyWithKeys(token, set.keys);
    },
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
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="primary" busy={bySecret.isPending}>
              Verify with this secret
            </Button>
            <Button busy={byGuessing.isPending} onClick={() => byGuessing.mutate()}>
              Try common secrets
            </Button>
          </div>
          <p role="status" className="text-sm [overflow-wrap:anywhere]">
            {guess?.token === token && resultOf(guess.guess)}
          </p>
        </form>
      )}
      {isAble && !algorithm.startsWith('HS') && (
        <Button look="primary" busy={byKeys.isPending} onClick={() => byKeys.mutate()}>
          Fetch the public keys and verify
        </Button>
      )}
      {keys && <PublicKeys keys={keys} kid={kid} />}
      {byKeys.isError && <ErrorAlert error={byKeys.error} />}
    </Panel>
  );
}

/** The API's public keys by their names (RFC 7517, section 4), with the one that the token names. */
function PublicKeys({ keys, kid }: { keys: JwkSet['keys']; kid: string }) {
  if (keys.length === 0)
    return (
      <p className="mt-4 text-sm">
        The API publishes no key: it signs with a secret (HS256), which only it has.
      </p>
    );
  return (
    <ul
      aria-label="Public keys of the API"
      className="mt-4 divide-y divide-line border-line border-t text-sm"
    >
      {keys.map((key) => (
        <li key={key.kid} className="grid gap-x-4 py-2.5 sm:grid-cols-[minmax(0,1fr)_auto]">
          <code className="min-w-0 font-mono text-[0.8125rem] [overflow-wrap:anywhere]">{key.kid}</code>
          <span>
            {`${key.kty === 'EC' ? `EC, ${key.crv}` : key.kty}, ${key.alg}`}
            {key.kid === kid && <strong className="font-semibold"> · named by kid of this token</strong>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function resultOf({ found, tried }: Guess): string {
  return found === undefined
    ? `None of ${tried} common secrets made this signature.`
    : `Anyone can make such a token: its secret is “${found}”, one of ${tried} that everybody tries first.`;
}

/** A short secret is a remark and no obstacle, because somebody may want to see why it is a bad one. */
function remarkOn(secret: string): string {
  const bytes = new TextEncoder().encode(secret).length;
  if (bytes === 0) return 'The HS256 key with which the token was signed.';
  return bytes < 32
    ? `${bytes} bytes. Signet refuses secrets under 32: a short one can be guessed by trying (RFC 7518, section 3.2).`
    : `${bytes} bytes.`;
}
