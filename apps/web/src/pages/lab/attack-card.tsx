import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { generatePath, Link } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { Alert } from '../../ui/alert.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import type { LabSetup } from '../lab-setup.ts';
import { paths } from '../paths.ts';
import { useSubmit } from '../use-submit.ts';
import { type Attack, type Refuser, refusers } from './attack.ts';
import type { Outcome } from './run-attack.ts';

type AttackCardProps = { attack: Attack; setup: LabSetup; onOutcome: (outcome: Outcome) => void };

/** What is tried, a guess, and what came of it. */
export function AttackCard({ attack, setup, onOutcome }: AttackCardProps) {
  const auth = useAuth();
  const [guess, setGuess] = useState<Refuser>();
  const attempt = useSubmit({
    // Loaded when it is needed: most of the page's script is how attacks are made.
    mutationFn: async () => (await import('./run-attack.ts')).runAttack(auth, attack, setup),
    onSuccess: onOutcome,
    networkMode: 'always',
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <div className="grid gap-4 pb-5 sm:pl-6">
      <p className="max-w-prose text-pretty">{attack.tries}</p>
      <form onSubmit={submit} className="grid gap-4">
        <Guess guess={guess} onGuess={setGuess} />
        <Button type="submit" look="primary" className="justify-self-start" busy={attempt.isPending}>
          {attempt.data ? 'Try it again' : 'Try it'}
        </Button>
      </form>
      {/* The alert is a status by itself, and one inside another is announced twice. */}
      {attempt.data?.kind === 'not tried' && (
        <Alert tone="info" title="Not tried">
          <p>{attempt.data.because}</p>
        </Alert>
      )}
      {attempt.data?.kind !== 'not tried' && (
        <div role="status" className="empty:hidden">
          {attempt.data && <Result attack={attack} outcome={attempt.data} guess={guess} />}
        </div>
      )}
      {attempt.isError && <ErrorAlert error={attempt.error} />}
    </div>
  );
}

type GuessProps = { guess: Refuser | undefined; onGuess: (guess: Refuser) => void };

function Guess({ guess, onGuess }: GuessProps) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">What will stop it?</legend>
      <div className="flex flex-wrap gap-2">
        {(Object.keys(refusers) as Refuser[]).map((each) => (
          <label
            key={each}
            className="relative flex min-h-9 cursor-pointer items-center rounded-lg border border-line px-3 py-1 text-muted text-sm hover:text-ink has-checked:border-ink has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2 forced-colors:has-checked:border-[Highlight]"
          >
            <input
              type="radio"
              name={name}
              checked={guess === each}
              onChange={() => onGuess(each)}
              className="absolute inset-0 size-full cursor-pointer appearance-none rounded-lg outline-none"
            />
            <span>{refusers[each]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

type Tried = Extract<Outcome, { kind: 'tried' }>;

function Result({ attack, outcome, guess }: { attack: Attack; outcome: Tried; guess: Refuser | undefined }) {
  const { request, isRefused, answer, seen, cookies, requestId, rule } = outcome;
  if (!isRefused)
    return (
      <Alert title={`The API accepted it: ${answer}`}>
        <p>This must not happen. Please report it, with the version of Signet.</p>
      </Alert>
    );
  return (
    <div className="grid gap-4 rounded-xl border border-line bg-sunken p-4">
      <p className="font-semibold">
        {`Stopped by: ${lowerFirst(refusers[attack.refuser])}.`}
        {guess && (guess === attack.refuser ? ' Your guess was right.' : ' You guessed another one.')}
      </p>
      <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[8rem_minmax(0,1fr)]">
        <Fact term="Request">
          <code className="font-mono">{request}</code>
        </Fact>
        <Fact term="Cookies with it">
          {cookies.length === 0 ? 'none' : <code className="font-mono">{cookies.join(', ')}</code>}
        </Fact>
        <Fact term="Answer">
          <code className="font-mono">{answer}</code>
        </Fact>
        <Fact term="The page got">{seen}</Fact>
        {rule && (
          <Fact term="Rule">
            <code className="font-mono">{rule.name}</code>
            {`: refused, because ${rule.because} (${rule.source})`}
          </Fact>
        )}
        <Fact term="In the source">
          <code className="font-mono [overflow-wrap:anywhere]">{attack.source.file}</code>
          <code className="mt-1 block overflow-x-auto rounded-lg border border-line bg-surface px-2.5 py-1.5 font-mono text-[0.8125rem]">
            {attack.source.code}
          </code>
        </Fact>
      </dl>
      {attack.lesson && <p className="max-w-prose text-pretty text-sm">{attack.lesson}</p>}
      <Link
        to={generatePath(paths.exchange, { id: requestId })}
        className="justify-self-start text-sm underline underline-offset-4"
      >
        Show the exchange
      </Link>
    </div>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-muted">{term}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
