import { useNavigate } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import type { Notice } from '../../session/session-state.ts';
import { Alert } from '../../ui/alert.tsx';
import { Button } from '../../ui/button.tsx';
import { paths } from '../paths.ts';
import { keepRefusedToken } from '../refused-token.ts';
import { cookieNeedsHttps, isPlainHttp } from './plain-http.ts';

const texts: Record<Notice, { title: string; text?: string }> = {
  signed_out: {
    title: 'You are signed out',
    text: 'Your session has ended. The old token no longer works.',
  },
  signed_out_elsewhere: { title: 'You signed out in another tab' },
  server_not_told: {
    title: 'Signed out on this device only',
    text: 'The API could not be reached, so the session is still open there. Next time you sign in, end it under Account → Devices.',
  },
  sessions_ended: { title: 'You are signed out everywhere' },
  account_deleted: { title: 'Your account was deleted' },
  password_changed: {
    title: 'Your password was changed, but the answer was lost',
    text: 'Sign in with the new password.',
  },
  session_ended: {
    title: 'Your session has ended',
    text: 'You signed out on another device, the password changed, an admin ended it, or it expired.',
  },
  token_invalid: {
    title: 'Your token was rejected',
    text: "It was changed, or the API's key was replaced. Sign in again.",
  },
  token_missing: {
    title: 'The request had no token',
    text: 'The browser or the page did not send it.',
  },
  refresh_invalid: {
    title: 'The token could not be refreshed',
    text: 'The session was ended elsewhere, or it expired. With the cookie flow, the browser may be blocking the cookie: the page and the API are on different sites, or third-party cookies are off.',
  },
  refresh_reused: {
    title: 'Your session was ended for your safety',
    text: 'A refresh token was used twice, so someone may have a copy. If that was not you, change your password.',
  },
  cookies_ambiguous: {
    title: 'Two cookies have the same name',
    text: "Another app set one. A new sign-in by cookie does not help. Clear this site's cookies in your browser, or sign in with a bearer token.",
  },
};

/** Where the browser keeps no Secure cookie, these follow from it. */
const plainHttpTexts: { readonly [Name in Notice]?: string } = {
  token_missing: cookieNeedsHttps,
  refresh_invalid: `If you used a cookie: ${cookieNeedsHttps}`,
};

/** Says why the user is back on the sign-in page. */
export function NoticeAlert({ notice, refusedToken }: { notice: Notice; refusedToken?: string | undefined }) {
  const { apiUrl, tabStorage } = useAuth();
  const navigate = useNavigate();
  const { title } = texts[notice];
  const text = (isPlainHttp(window.location.href) && plainHttpTexts[notice]) || texts[notice].text;
  return (
    <Alert
      tone="info"
      title={title}
      actions={
        refusedToken && (
          <Button
            size="small"
            onClick={() => {
              keepRefusedToken(tabStorage, refusedToken);
              navigate(paths.inspector);
            }}
          >
            Look at the refused token
          </Button>
        )
      }
    >
      {text && <p className="text-muted">{text}</p>}
      {notice === 'server_not_told' && <p className="font-mono text-muted text-xs">{apiUrl}</p>}
      {refusedToken && (
        <p className="text-muted">If you look at it, this tab keeps it until you close the tab.</p>
      )}
    </Alert>
  );
}
