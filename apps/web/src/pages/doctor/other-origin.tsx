import { type FormEvent, Suspense, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Panel } from '../../ui/panel.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { useSubmit } from '../use-submit.ts';

const OriginVerdict = lazyPart(() => import('./origin-verdict.tsx'), 'OriginVerdict');

/** Looks at the API as a page at another origin would meet it, from outside of the browser. */
export function OtherOrigin() {
  const [text, setText] = useState('');
  const [isRefused, setIsRefused] = useState(false);
  const ask = useSubmit({
    mutationFn: async (origin: string) => {
      const { examineOrigin } = await import('./examine.ts');
      return { origin, report: await examineOrigin(origin) };
    },
    networkMode: 'always',
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const origin = originIn(text);
    setIsRefused(origin === undefined);
    if (origin === undefined) return;
    setText(origin);
    ask.mutate(origin);
  };
  return (
    <>
      <Panel
        title="Ask about another origin"
        description="Whether a page at another address could call the API, as far as this can be seen without a browser."
      >
        <form noValidate onSubmit={submit} className="flex flex-wrap items-start gap-3">
          <div className="min-w-0 grow">
            <Field
              label="Origin or address of the page"
              error={isRefused ? 'Write it like https://app.example or http://localhost:3000.' : undefined}
            >
              {(attributes) => (
                <TextInput
                  {...attributes}
                  name="origin"
                  inputMode="url"
                  autoComplete="off"
                  spellCheck={false}
                  placeholder="https://app.example"
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                />
              )}
            </Field>
          </div>
          <Button type="submit" busy={ask.isPending} className="sm:mt-7">
            Ask
          </Button>
        </form>
      </Panel>
      <div role="status" className="grid min-w-0 gap-5 empty:hidden sm:gap-6">
        {ask.data && (
          <Suspense>
            <OriginVerdict {...ask.data} />
          </Suspense>
        )}
      </div>
      {ask.isError && <ErrorAlert error={ask.error} />}
    </>
  );
}

/** The origin of what a person typed or pasted: an origin, or the address of a page there. */
function originIn(text: string): string | undefined {
  const given = text.trim();
  return /^https?:\/\//i.test(given) && URL.canParse(given) ? new URL(given).origin : undefined;
}
