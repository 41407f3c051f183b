import { useState } from 'react';
import { Link } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { chooseFault, faultUrlOf, type LabSetup } from '../lab-setup.ts';
import { paths } from '../paths.ts';
import { useSubmit } from '../use-submit.ts';
import type { Trial } from './trials.ts';

const kinds = {
  reach: 'Who answers',
  permission: 'The permission',
  preflight: 'The preflight',
  cookie: 'Cookies',
  request: 'What is lost on the way',
} as const;

const surprise = 'surprise';

/** A proxy before the API: break it, call through it, find the cause with the doctor, and fix it. */
export function FaultLab({ setup, onChange }: { setup: LabSetup; onChange: () => void }) {
  const auth = useAuth();
  const [chosen, setChosen] = useState(surprise);
  // A fault of another tab, or of before a reload, is as good as a surprise.
  const [isSecret, setIsSecret] = useState(setup.fault !== null);
  const trials = useSubmit({
    mutationFn: async () => (await import('./trials.ts')).runTrials(auth, faultUrlOf(setup)),
    networkMode: 'always',
  });
  const change = useSubmit({
    mutationFn: (id: string | null) => chooseFault(id),
    onSuccess: () => {
      onChange();
      trials.mutate();
    },
    networkMode: 'always',
  });
  const breakIt = () => {
    setIsSecret(chosen === surprise);
    change.mutate(chosen === surprise ? anyOf(setup) : chosen);
  };
  const fault = setup.faults.find(({ id }) => id === setup.fault);
  return (
    <Panel
      title="Faults"
      description="A proxy before your API, which breaks one thing. The app itself does not use it."
      actions={
        fault ? (
          <Badge tone="danger">broken</Badge>
        ) : (
          <Badge tone={trials.data ? 'ok' : 'neutral'}>changes nothing</Badge>
        )
      }
    >
      <div className="grid gap-5">
        <div className="flex flex-wrap items-end gap-3">
          <div className="min-w-0 grow basis-64">
            <Field label="What to break">
              {(attributes) => (
                <Select {...attributes} value={chosen} onChange={(event) => setChosen(event.target.value)}>
                  <option value={surprise}>Surprise me: any of them, untold</option>
                  {Object.entries(kinds).map(([kind, title]) => (
                    <optgroup key={kind} label={title}>
                      {setup.faults
                        .filter((each) => each.kind === kind)
                        .map(({ id, of }) => (
                          <option key={id} value={id}>
                            {upperFirst(of)}
                          </option>
                        ))}
                    </optgroup>
                  ))}
                </Select>
              )}
            </Field>
          </div>
          <Button look="primary" busy={change.isPending} onClick={breakIt}>
            Break it
          </Button>
        </div>
        {fault && (
          <p>{isSecret ? 'Something is broken. What is it?' : `The way to the API has ${fault.of}.`}</p>
        )}
        <div role="status" className="grid min-w-0 gap-5 empty:hidden">
          {trials.data && !change.isPending && (
            <TrialList trials={trials.data} isBroken={fault !== undefined} />
          )}
        </div>
        {(trials.isError || change.isError) && <ErrorAlert error={trials.error ?? change.error} />}
        <div className="flex flex-wrap gap-3">
          <Link to={`${paths.doctor}?through=lab`} className={buttonClass()}>
            Ask the doctor
          </Link>
          <Button busy={trials.isPending} onClick={() => trials.mutate()}>
            Call through it
          </Button>
          {fault && (
            <Button busy={change.isPending} onClick={() => change.mutate(null)}>
              Fix it
            </Button>
          )}
        </div>
      </div>
    </Panel>
  );
}

function TrialList({ trials, isBroken }: { trials: readonly Trial[]; isBroken: boolean }) {
  const isQuiet = trials.every(({ isRight }) => isRight !== false);
  return (
    <>
      <ol aria-label="Calls through the proxy" className="divide-y divide-line border-line border-y">
        {trials.map(({ what, expected, got, isRight }) => (
          <li
            key={what}
            className="grid items-baseline gap-x-4 gap-y-0.5 py-2 text-sm sm:grid-cols-[minmax(0,1fr)_11rem_12rem]"
          >
            <span className="[overflow-wrap:anywhere]">{what}</span>
            <span className={isRight === false ? 'font-medium text-danger' : 'text-muted'}>
              {got ?? 'not made'}
            </span>
            <span className="text-muted">
              {got === undefined
                ? 'it would replace your session'
                : isRight
                  ? 'right'
                  : `expected ${expected}`}
            </span>
          </li>
        ))}
      </ol>
      <p className="text-muted text-sm">
        {isBroken && isQuiet
          ? 'This fault does not show in these calls. It waits for another page, another browser or a cache.'
          : 'A page learns no more than this. The console, F12, has the browser’s own words in red.'}
      </p>
    </>
  );
}

function anyOf({ faults }: LabSetup): string | null {
  return faults[Math.floor(Math.random() * faults.length)]?.id ?? null;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
