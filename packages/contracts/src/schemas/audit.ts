import { z } from 'zod';
import { Timestamp } from './time.ts';

export const AuditEventName = z.enum([
  'sign_in',
  'sign_in_failed',
  'sign_out',
  'session_ended',
  'refresh_reused',
  'refresh_repeated',
  'password_changed',
  'role_changed',
  'user_created',
  'user_deleted',
  'origin_refused',
  'role_refused',
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
