import { z } from 'zod';
import { Timestamp } from './time.ts';

/** Changes, and refusals. A refusal is recorded by the code of its problem, which is in the detail. */
export const AuditEventName = z.enum([
  'sign_in',
  'sign_in_failed',
  'sign_out',
  'session_ended',
  'refresh_reused',
  'refresh_repeated',
  'refresh_refused',
  'password_changed',
  'password_refused',
  'role_changed',
  'role_refused',
  'user_created',
  'user_changed',
  'user_deleted',
  'users_imported',
  'post_changed',
  'post_deleted',
  'player_created',
  'player_changed',
  'player_deleted',
  'host_refused',
  'origin_refused',
  'token_refused',
  'limit_reached',
  'request_refused',
  'refusals_not_recorded',
]);
export type AuditEventName = z.infer<typeof AuditEventName>;

/** An event that matters to security. `detail` never holds a password, a token or a cookie. */
export const AuditEvent = z.strictObject({
  id: z.int().positive(),
  at: Timestamp,
  event: AuditEventName,
  user_id: z.int().nullable(),
  session_id: z.string().nullable(),
  ip: z.string().nullable(),
  request_id: z.string().nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type AuditEvent = z.infer<typeof AuditEvent>;
