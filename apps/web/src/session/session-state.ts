import { ApiError, type ProblemCode } from '@signet/contracts';
import { z } from 'zod';
import type { StoredSession } from './flow.ts';

/** Why nobody is signed in any more. The sign-in page puts it into words. */
export const Notice = z.enum([
  'signed_out',
  'signed_out_elsewhere',
  'server_not_told',
  'sessions_ended',
  'account_deleted',
  'session_ended',
  'token_invalid',
  'token_missing',
  'refresh_invalid',
  'refresh_reused',
]);
export type Notice = z.infer<typeof Notice>;

export type SessionState =
  | { readonly status: 'signed-out'; readonly notice: Notice | null }
  | { readonly status: 'signed-in'; readonly stored: StoredSession };

/** What a tab tells the others when it signs out. */
export const SignedOutMessage = z.strictObject({ sign_in_id: z.string(), notice: Notice });
export type SignedOutMessage = z.infer<typeof SignedOutMessage>;

/** Refusals that no refresh cures: the session is over. */
const endingCodes: readonly ProblemCode[] = [
  'session_ended',
  'token_invalid',
  'token_missing',
  'refresh_invalid',
  'refresh_reused',
];

export function toState(stored: StoredSession | null, notice: Notice | null): SessionState {
  return stored ? { status: 'signed-in', stored } : { status: 'signed-out', notice };
}

/** The notice with which an error ends the session, if it ends it. */
export function endingNotice(error: unknown): Notice | undefined {
  if (!(error instanceof ApiError) || !endingCodes.includes(error.problem.code)) return undefined;
  return Notice.safeParse(error.problem.code).data;
}

/** What the user does oneself, and is told of so. */
const userActions: readonly Notice[] = ['signed_out', 'sessions_ended', 'account_deleted'];

/** Whether a notice is the reason for the one that is known: another call is refused as soon as the API has done what was wished, which may be before it says so. */
export function isCauseOf(notice: Notice, known: Notice | null): boolean {
  return userActions.includes(notice) && endingCodes.some((code) => code === known);
}
