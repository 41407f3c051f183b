import { ApiError, type ProblemCode } from '@signet/contracts';
import { z } from 'zod';
import type { StoredSession } from './flow.ts';

/** Why the user was signed out. The sign-in page has a text for each. */
export const Notice = z.enum([
  'signed_out',
  'signed_out_elsewhere',
  'server_not_told',
  'sessions_ended',
  'account_deleted',
  'password_changed',
  'session_ended',
  'token_invalid',
  'token_missing',
  'refresh_invalid',
  'refresh_reused',
  'cookies_ambiguous',
]);
export type Notice = z.infer<typeof Notice>;

export type SessionState =
  | {
      readonly status: 'signed-out';
      readonly notice: Notice | null;
      /** The access token that the API refused to this tab, for the reader who wants to know why. */
      readonly refusedToken?: string;
    }
  | { readonly status: 'signed-in'; readonly stored: StoredSession };

/** What a tab posts to the others when it signs out. */
export const SignedOutMessage = z.strictObject({ sign_in_id: z.string(), notice: Notice });
export type SignedOutMessage = z.infer<typeof SignedOutMessage>;

/** Problems that no refresh solves: the session is over. */
const endingCodes: readonly ProblemCode[] = [
  'session_ended',
  'token_invalid',
  'token_missing',
  'refresh_invalid',
  'refresh_reused',
  'cookies_ambiguous',
];

export function toState(stored: StoredSession | null, notice: Notice | null): SessionState {
  return stored ? { status: 'signed-in', stored } : { status: 'signed-out', notice };
}

/** The notice for an error that ends the session; undefined for any other error. */
export function endingNotice(error: unknown): Notice | undefined {
  if (!(error instanceof ApiError) || !endingCodes.includes(error.problem.code)) return undefined;
  return Notice.safeParse(error.problem.code).data;
}

/** The access token that `error` refuses, as script can read it. */
export function refusedTokenOf({ token }: StoredSession, error: unknown): string | undefined {
  const isRefused =
    error instanceof ApiError && ['token_invalid', 'session_ended'].includes(error.problem.code);
  return isRefused ? (token ?? undefined) : undefined;
}

/** Notices for what the user did. */
const userActions: readonly Notice[] = ['signed_out', 'sessions_ended', 'account_deleted'];

/**
 * Whether `notice`, an action of the user, caused the error `known`. After a sign-out or the deletion of the account, the
 * API may refuse other calls before it has answered the one that ended the session.
 */
export function isCauseOf(notice: Notice, known: Notice | null): boolean {
  return userActions.includes(notice) && endingCodes.some((code) => code === known);
}
