import { Alert } from '../../ui/alert.tsx';

/** Says why the reader's own token is not here, where the browser keeps it in an HttpOnly cookie. */
export function HiddenToken() {
  return (
    <Alert tone="info" title="Your own token is in an HttpOnly cookie, so this page cannot read it">
      <p>
        JavaScript sees <code className="font-mono">{document.cookie || '(no cookie)'}</code>. Neither does an
        injected script see more. Paste a token, or sign in with a bearer token to inspect your own.
      </p>
    </Alert>
  );
}
