import { z } from 'zod';
import { maxId } from './id.ts';
import { PageQuery } from './page.ts';
import { Moment, Timestamp } from './time.ts';
import { UserId } from './user.ts';

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

/** The events that record a refusal. */
export const refusalEvents: readonly AuditEventName[] = [
  'sign_in_failed',
  'refresh_refused',
  'password_refused',
  'role_refused',
  'host_refused',
  'origin_refused',
  'token_refused',
  'limit_reached',
  'request_refused',
  'refusals_not_recorded',
];

/**
 * An event that matters to security. `detail` never holds a password, a token or a cookie.
 *
 * `user_id` is the user whom the event is about, and `user` names them while they exist. `actor` is who did
 * it, if that is another user who still exists.
 */
export const AuditEvent = z.strictObject({
  id: z.int().positive(),
  at: Timestamp,
  event: AuditEventName,
  user_id: z.int().nullable(),
  user: z.strictObject({ uid: z.string(), name: z.string() }).nullable(),
  actor: z.strictObject({ id: UserId, uid: z.string(), name: z.string() }).nullable(),
  session_id: z.string().nullable(),
  ip: z.string().nullable(),
  request_id: z.string().nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** The columns of an audit event as CSV: its members, those of an object by their path. */
export const auditColumns = [
  'id',
  'at',
  'event',
  'user_id',
  'user.uid',
  'user.name',
  'actor.id',
  'actor.uid',
  'actor.name',
  'session_id',
  'ip',
  'request_id',
  'detail',
] as const;

const unknownEvent = { error: 'event must be names of audit events, with commas between them' };

/**
 * Which audit events are meant: those of the names in `event` (one or more, with commas), about `user` or
 * done by them, since `from` and before `to`.
 */
export const AuditQuery = z.strictObject({
  ...PageQuery.shape,
  event: z
    .preprocess(
      (given) => [given].flat().flatMap((each) => (typeof each === 'string' ? each.split(',') : [each])),
      z.array(z.enum(AuditEventName.options, unknownEvent), unknownEvent).max(AuditEventName.options.length),
    )
    .optional(),
  user: z
    .preprocess(
      (given) => (typeof given === 'string' && /^[1-9]\d{0,9}$/.test(given) ? Number(given) : given),
      z.int({ error: 'user must be the id of a user' }).positive().max(maxId, 'user is too large'),
    )
    .optional(),
  from: Moment.optional(),
  to: Moment.optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;
