import type { ProblemCode } from '@signet/contracts';

type ProblemText = { readonly title?: string; readonly hint?: string | null };

/** The app's own words for problems whose texts are fixed by the API's contract, or written for developers. */
export const problemTexts: { readonly [Code in ProblemCode]?: ProblemText } = {
  // The hint is about the request's members; the issues say it in words of the form.
  invalid_request: { hint: null },
  // The hint is for developers: where the endpoints are listed.
  not_found: { hint: 'It was deleted, or the address is mistyped.' },
  token_not_yet_valid: { title: 'The token is not valid yet' },
  credentials_invalid: {
    title: 'Wrong user ID or password',
    hint: 'Check both. For security we do not say which one is wrong.',
  },
  cookies_ambiguous: {
    title: 'Two cookies have the same name',
    hint: 'Clear the cookies of this site in your browser, or sign in with a bearer token.',
  },
  refresh_elsewhere: {
    title: 'The token was just refreshed elsewhere',
    hint: 'Reload the page. If that does not help, sign in again.',
  },
  uid_taken: { title: 'This user ID is already in use', hint: null },
  host_unknown: { title: 'The API does not know its own host name' },
  last_admin: { title: 'You are the only admin', hint: 'Make another user an admin first.' },
  unsupported_media_type: { hint: 'Use a PNG, JPEG, GIF or WebP image.' },
  quota_reached: {
    title: 'You have reached your limit',
    hint: 'Delete some of your posts, or remove images from them, to make room.',
  },
  too_many_requests: { title: 'Too many attempts' },
  internal: {
    title: 'The API failed',
    hint: 'If it happens again, send this request id to the operator.',
  },
  overloaded: { title: 'The API is busy' },
  not_ready: { hint: 'Saved data is safe. Try again in a moment.' },
};

const shortText = 'Enter at least 2 characters';

/** By the message of a rule in the contract. */
const fieldTexts: Readonly<Record<string, string>> = {
  'Name is missing, or is less than 2 characters': shortText,
  'User ID is missing, or is less than 2 characters': shortText,
  'User ID may have letters, digits and _ . - @ only': 'Use letters, digits, and _ . - @ only',
  'Password is less than 8 characters': 'Use at least 8 characters',
  'This password is one of the most common': 'This password is too common. Choose another.',
  "The password is little more than the user's own id or name":
    'Do not use your name or user ID as the password',
};

/** What to show of an error beside its field. A message without words of our own is shown as it is. */
export function fieldText(error: { message?: string | undefined } | undefined): string | undefined {
  return error?.message && (fieldTexts[error.message] ?? error.message);
}
