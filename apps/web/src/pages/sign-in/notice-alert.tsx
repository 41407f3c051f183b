import { useAuth } from '../../session/auth-context.tsx';
import type { Notice } from '../../session/session-state.ts';
import { Alert } from '../../ui/alert.tsx';

const words: Record<Notice, { title: string; text?: string }> = {
  signed_out: {
    title: 'You are signed out',
    text: 'The session has ended at the API too: its token is worth nothing any more.',
  },
  signed_out_elsewhere: { title: 'You signed out in another tab' },
  server_not_told: {
    title: 'You are signed out here, and the API does not know',
    text: 'It could not be reached. The session stays open there until it runs out; you can end it under Account, Devices, the next time you sign in.',
  },
  sessions_ended: { title: 'All your sessions are ended' },
  account_deleted: { title: 'Your account is deleted' },
  session_ended: {
    title: 'This session was ended elsewhere',
    text: 'By you on another device, by a change of password, by an admin, or because its time was up.',
  },
  token_invalid: {
    title: 'The API refused the token',
    text: 'It was altered, or the API has changed its key. Sign in for another one.',
  },
  token_missing: { title: 'The token did not arrive', text: 'The call reached the API without it.' },
  refresh_invalid: {
    title: 'The session could not be renewed',
    text: 'It was ended elsewhere or its time was up. In the cookie flow it can also mean that the browser holds the cookie back: then page and API are on different sites, or third-party cookies are blocked.',
  },
  refresh_reused: {
    title: 'This session was ended for your safety',
    text: 'A refresh token of it was used twice, so somebody may hold a copy. If you do not know why, change your password.',
  },
};

/** Why the sign-in page is here again. */
export function NoticeAlert({ notice }: { notice: Notice }) {
  const { apiUrl } = useAuth();
  const { title, text } = words[notice];
  return (
    <Alert tone="info" title={title}>
      {text && <p className="text-muted">{text}</p>}
      {notice === 'server_not_told' && <p className="font-mono text-muted text-xs">{apiUrl}</p>}
    </Alert>
  );
}
