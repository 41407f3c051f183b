import { Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useAuth, useStoredSession } from '../../session/auth-context.tsx';
import { judge } from '../../token/inspect.ts';
import { TokenString } from '../../token/token-string.tsx';
import type { Verdict } from '../../token/verify.ts';
import { Alert } from '../../ui/alert.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Field } from '../../ui/field.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { useNow } from '../../ui/time.tsx';
import { useKey } from '../../ui/use-key.ts';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { findRefusedToken } from '../refused-token.ts';
import { useSubmit } from '../use-submit.ts';
import type { ApiVerdict } from './ask-api.ts';
import { HiddenToken } from './hidden-token.tsx';
import { withVerdicts } from './ladder.ts';
import { LifeBar } from './life-bar.tsx';
import { PartPanel } from './part-panel.tsx';
import { useInspectedToken } from './use-inspected-token.ts';
import { VerdictLadder } from './verdict-ladder.tsx';

const ApiAnswer = lazyPart(() => import('./api-answer.tsx'), 'ApiAnswer');
const ChecksGuide = lazyPart(() => import('./checks-guide.tsx'), 'ChecksGuide');
const TracedTokens = lazyPart(() => import('./traced-tokens.tsx'), 'TracedTokens');
const VerifyPanel = lazyPart(() => import('./verify-panel.tsx'), 'VerifyPanel');

/** Any token, explained: its parts, its claims, and who judges what. Works signed in and signed out. */
export function InspectorPage() {
  const auth = useAuth();
  const stored = useStoredSession();
  const now = useNow(auth.serverNow);
  const refusedToken = findRefusedToken(auth.tabStorage);
  const inspector = useInspectedToken(stored ? stored.token : refusedToken);
  const { token, inspected, recognised, changed } = inspector;
  const [secret, setSecret] = useState('');
  const [isVerifying, setIsVerifying] = useState(false);
  const [isJson, setIsJson] = useState(false);
  // An exchange of the log leads here by its id, because a token never stands in an address.
  const exchange = useSearchParams()[0].get('exchange') ?? undefined;
  const [isLog, setIsLog] = useState(exchange !== undefined);
  const [verdict, setVerdict] = useState<{ token: string; verdict: Verdict }>();
  const ask = useSubmit({
    mutationFn: async (asked: string): Promise<{ token: string; verdict: ApiVerdict }> => ({
      token: asked,
      // Loaded when asked for, like the other parts that many readers never press.
      verdict: await (await import('./ask-api.ts')).askApi(auth, asked),
    }),
  });
  const showExample = async () => {
    const { createExample, exampleSecret } = await import('./example.ts');
    inspector.paste(await createExample(auth.serverNow() / 1000));
    setSecret(exampleSecret);
    setIsVerifying(true);
  };
  useKey('v', () => setIsVerifying(true));
  useKey('a', () => token !== undefined && ask.mutate(token));
  useKey('z', inspector.putBack);
  // A verdict is about one token, and says nothing of another.
  const local = verdict?.token === token ? verdict?.verdict : undefined;
  const fromApi = ask.data?.token === token ? ask.data?.verdict : undefined;
  const { iat, exp } = inspected?.payload.members ?? {};

  return (
    <Page
      title="Token inspector"
      description="Paste any JWT. Nothing leaves this page until you ask the API."
    >
      {stored && stored.token === null && <HiddenToken />}
      <div className="grid gap-5 sm:gap-6 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
        <div className="grid content-start gap-5 sm:gap-6">
          <Panel title="Token">
            <div className="grid gap-4">
              <Field
                label="A token, or text with a token in it"
                hint="An Authorization header, a cookie, a curl command or JSON works too."
              >
                {(attributes) => (
                  <TextArea
                    {...attributes}
                    name="token"
                    autoComplete="off"
                    spellCheck={false}
                    value={inspector.text}
                    onChange={(event) => inspector.paste(event.target.value)}
                    onDrop={(event) => {
                      const [file] = event.dataTransfer.files;
                      if (!file) return;
                      // The browser would open the file in the place of this page.
                      event.preventDefault();
                      void file.text().then(inspector.paste);
                    }}
                    className="font-mono text-[0.8125rem]"
                  />
                )}
              </Field>
              <div className="flex flex-wrap gap-2">
                {stored?.token && (
                  <Button size="small" onClick={() => inspector.paste(stored.token ?? '')}>
                    My token
                  </Button>
                )}
                {refusedToken && (
                  <Button size="small" onClick={() => inspector.paste(refusedToken)}>
                    The refused token
                  </Button>
                )}
                {globalThis.crypto?.subtle && (
                  <Button size="small" onClick={showExample}>
                    An example
                  </Button>
                )}
                <Button size="small" aria-pressed={isLog} onClick={() => setIsLog(!isLog)}>
                  From the log
                </Button>
                {token !== undefined && <CopyButton text={token} label="Copy the token" />}
              </div>
              {isLog && (
                <Suspense>
                  <TracedTokens exchange={exchange} />
                </Suspense>
              )}
              {recognised?.kind === 'other' && (
                <Alert tone="info" title="No token in this text">
                  <p>{recognised.says}</p>
                </Alert>
              )}
              {recognised?.kind === 'token' && recognised.where && (
                <p className="text-muted text-sm">Found in {recognised.where}.</p>
              )}
              {inspected && (
                <div className="wire rounded-xl p-4">
                  <TokenString
                    parts={[inspected.header.text, inspected.payload.text, inspected.signature.text]}
                  />
                </div>
              )}
              {typeof iat === 'number' && typeof exp === 'number' && exp > iat && (
                <LifeBar iat={iat} exp={exp} now={now} />
              )}
            </div>
          </Panel>
        </div>
        {!inspected && (
          <Suspense>
            <ChecksGuide />
          </Suspense>
        )}
        {inspected && (
          <div className="grid content-start gap-5 sm:gap-6">
            <PartPanel
              title="Header"
              description="How it is signed."
              colour="text-header"
              part={inspected.header}
              now={now}
              isJson={isJson}
            />
            <PartPanel
              title="Payload"
              description="The claims. Change one and see what becomes of the signature."
              colour="text-payload"
              part={inspected.payload}
              now={now}
              isJson={isJson}
              onChange={inspector.setClaim}
              changed={changed}
              actions={
                <div className="flex flex-wrap gap-2">
                  {changed.length > 0 && (
                    <Button size="small" aria-keyshortcuts="z" onClick={inspector.putBack}>
                      Put back
                    </Button>
                  )}
                  <Button size="small" aria-pressed={isJson} onClick={() => setIsJson(!isJson)}>
                    JSON
                  </Button>
                </div>
              }
            />
          </div>
        )}
      </div>
      {inspected && token !== undefined && (
        <>
          <Panel
            title="Is it valid?"
            description="The API makes these checks in this order and stops at the first that fails."
            actions={
              <div className="flex flex-wrap gap-2">
                {!isVerifying && (
                  <Button aria-keyshortcuts="v" onClick={() => setIsVerifying(true)}>
                    Verify here
                  </Button>
                )}
                <Button
                  look="primary"
                  aria-keyshortcuts="a"
                  busy={ask.isPending}
                  onClick={() => ask.mutate(token)}
                >
                  Ask the API
                </Button>
              </div>
            }
          >
            <VerdictLadder
              rungs={withVerdicts(judge(inspected, now / 1000), { changed, local, api: fromApi })}
            />
            {ask.isError && <ErrorAlert error={ask.error} onRetry={() => ask.mutate(token)} />}
            <div role="status">
              <Suspense>{fromApi && <ApiAnswer verdict={fromApi} />}</Suspense>
            </div>
          </Panel>
          {isVerifying && (
            <Suspense>
              <VerifyPanel
                token={token}
                algorithm={String(inspected.header.members?.alg ?? '')}
                kid={String(inspected.header.members?.kid ?? '')}
                secret={secret}
                onSecret={setSecret}
                onVerdict={(result) => setVerdict({ token, verdict: result })}
              />
            </Suspense>
          )}
        </>
      )}
    </Page>
  );
}
