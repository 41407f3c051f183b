import { z } from 'zod';
import { Timestamp } from './time.ts';
import { User, UserId } from './user.ts';

/** How a token travels: in `Authorization: Bearer`, or in an HttpOnly cookie. */
export const Carrier = z.enum(['bearer', 'cookie']);
export type Carrier = z.infer<typeof Carrier>;

/** 128 random bits in base64url. */
export const SessionId = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'Not a session id');

/**
 * One sign-in on one device, in either flow. `current` is true on the session that asks. `last_used_at` and
 * `expires_at` are rounded down to 5 minutes.
 */
export const Session = z.strictObject({
  id: SessionId,
  carrier: Carrier,
  created_at: Timestamp,
  last_used_at: Timestamp,
  expires_at: Timestamp,
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  current: z.boolean(),
});
export type Session = z.infer<typeof Session>;

/** The answer to a sign-in by cookie: the tokens are in `Set-Cookie`, never here. */
export const Authenticated = z.strictObject({ message: z.string(), data: z.strictObject({ user: User }) });
export type Authenticated = z.infer<typeof Authenticated>;

/** The answer to a bearer sign-in (RFC 6749, section 5.1); `expires_in` in seconds. */
export const TokenAnswer = z.strictObject({
  token: z.string(),
  user_id: UserId,
  token_type: z.literal('Bearer'),
  expires_in: z.int().positive(),
  refresh_token: z.string(),
});
export type TokenAnswer = z.infer<typeof TokenAnswer>;

/**
 * Only in the bearer flow: in the cookie flow the refresh cookie is read, and the body is empty or absent.
 */
export const RefreshRequest = z.strictObject({
  refresh_token: z.string({ error: 'refresh_token must be a string' }).max(512, 'refresh_token is too long'),
});

/** How many live sessions were ended. */
export const EndedSessions = z.strictObject({ ended: z.int().nonnegative() });
export type EndedSessions = z.infer<typeof EndedSessions>;

/** A bearer session gets its tokens in the body, a cookie session in `Set-Cookie`. */
export const Refreshed = z.union([TokenAnswer, Authenticated]);
export type Refreshed = z.infer<typeof Refreshed>;
