import { Suspense, useState } from 'react';
import { Alert } from '../../ui/alert.tsx';
import { Button } from '../../ui/button.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';

const CookieFactsList = lazyPart(() => import('./cookie-facts-list.tsx'), 'CookieFactsList');

/** Says why the reader's own token is not here, where the browser keeps it in an HttpOnly cookie, and what is known of it. */
export function HiddenToken() {
  const [isAsked, setIsAsked] = useState(false);
  return (
    <Alert tone="info" title="Your own token is in an HttpOnly cookie, so this page cannot read it">
      <p>
        JavaScript sees <code className="font-mono">{document.cookie || '(no cookie)'}</code>. Neither does an
        injected script see more. Paste a token, or sign in with a bearer token to inspect your own.
      </p>
      {isAsked ? (
        <Suspense>
          <CookieFactsList />
        </Suspense>
      ) : (
        <Button size="small" className="mt-3" onClick={() => setIsAsked(true)}>
          Ask the API about it
        </Button>
      )}
    </Alert>
  );
}
