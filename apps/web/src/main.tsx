import './browser/zod-without-eval.ts';
import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App, loadPage } from './app.tsx';
import { tolerateForeignChanges } from './browser/foreign-changes.ts';
import { createKeptStorage } from './browser/storage.ts';
import { findLocks, openChannel } from './browser/tabs.ts';
import { ConfigError, loadConfig } from './config.ts';
import { beginFirstQueries } from './first-queries.ts';
import type { PageName } from './page-modules.ts';
import { BareWindow, ErrorBoundary, Message, ReloadButton } from './pages/errors/error-page.tsx';
import { createAuthClient } from './session/auth-client.ts';
import { createQueryClient } from './session/query-client.ts';
import { send } from './session/transport.ts';

declare global {
  interface Window {
    /** The answer to the request for config.json that `public/start.js` has begun. */
    signetConfig?: Promise<Response>;
  }
}

tolerateForeignChanges(Node.prototype);

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no #root');
const root = createRoot(container);

/** Draws the app, beginning with the page that this visitor will see, or why it cannot start. */
export function start(firstPage: PageName, isSignedIn: boolean): void {
  draw(firstPage, isSignedIn).catch((error: unknown) => {
    root.render(
      <ErrorBoundary>
        {error instanceof ConfigError ? <ConfigErrorPage error={error} /> : <Throw error={error} />}
      </ErrorBoundary>,
    );
  });
}

async function draw(firstPage: PageName, isSignedIn: boolean) {
  const storage = createKeptStorage(() => window.localStorage);
  // Beside the configuration, and both before the app is drawn: the frame of index.html stays until the page is there.
  const page = loadPage(firstPage, isSignedIn);
  const { apiUrl } = await loadConfig((...call) => window.signetConfig ?? fetch(...call), window.location);
  const auth = createAuthClient({
    apiUrl,
    fetch: send,
    storage,
    tabStorage: createKeptStorage(() => window.sessionStorage),
    locks: findLocks(),
    channel: openChannel('signet'),
    window,
    now: Date.now,
  });
  const queryClient = createQueryClient(auth);
  if (isSignedIn) beginFirstQueries(firstPage, auth, queryClient);
  // A cookie may have outlived the note of it, which this browser does not keep.
  if (!storage.keepsData()) await auth.resumeByCookie();
  await page;
  // A transition, because React then renders in slices, between which the browser answers. Not in StrictMode, because in
  // development that starts each call twice and stops the first, and the exchange log would show both.
  startTransition(() => root.render(<App auth={auth} queryClient={queryClient} />));
}

function ConfigErrorPage({ error }: { error: ConfigError }) {
  return (
    <BareWindow>
      <Message title="Configuration error" action={<ReloadButton />}>
        <p className="whitespace-pre-line">{error.message}</p>
        <p>To fix it, edit config.json next to index.html.</p>
      </Message>
    </BareWindow>
  );
}

/** Brings an error that happened outside React to the boundary. */
function Throw({ error }: { error: unknown }): never {
  throw error;
}
