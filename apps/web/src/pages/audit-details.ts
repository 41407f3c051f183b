import type { AuditEvent } from '@signet/contracts';
import { times } from '../ui/time.tsx';
import { deviceOf } from './device-name.ts';

type Detail = AuditEvent['detail'];
type Words = (value: string, detail: Detail) => string;

const members: Readonly<Record<string, string>> = { uid: 'user ID', dob: 'date of birth', note: 'text' };

/** What the name of the event does not say already. */
const codes: Readonly<Record<string, string>> = {
  token_missing: 'no token',
  token_not_yet_valid: 'not valid yet',
  session_ended: 'its session has ended',
  cookies_ambiguous: 'two cookies with one name',
  uid_taken: 'the user ID is in use',
  last_admin: 'the only admin',
  body_too_large: 'too large',
  quota_reached: 'no room for more',
  too_many_requests: 'too many attempts',
};

const reasons: Readonly<Record<string, string>> = {
  replaced_by_sign_in: 'replaced by a new sign-in',
  too_many_sessions: 'too many sessions',
};

const words: Readonly<Record<string, Words>> = {
  // The row names who did it.
  by: () => '',
  // Part of what was tried.
  id: () => '',
  code: (code) => codes[code] ?? '',
  tried: (call, { id }) => call.replace(/ none$/, ' to an unknown path').replace(':id', String(id ?? ':id')),
  carrier: (carrier) => (carrier === 'bearer' ? 'by bearer token' : 'by cookie'),
  // Only the program and the system.
  user_agent: (text) => deviceOf(text).name,
  unknown_uid: () => 'unknown user ID',
  granted: (isGranted) => (isGranted === 'true' ? 'granted' : 'refused'),
  count: (count) => counted(count, 'session'),
  reason: (reason) => reasons[reason] ?? reason,
  role: (role) => `role ${role}`,
  uid: (uid) => `user ID ${uid}`,
  former_uid: (uid) => `formerly ${uid}`,
  members: (names) =>
    names
      .split(' ')
      .map((name) => members[name] ?? name)
      .join(' and '),
  users: (count) => counted(count, 'user'),
  players: (count) => counted(count, 'player'),
  posts: (count) => counted(count, 'post'),
  post_id: (id) => `post ${id}`,
  player_id: (id) => `player ${id}`,
  address: (address) => `from ${address}`,
  recorded: (count) => `only the first ${count} are here`,
  until: (time) => `until ${times.clock(Date.parse(time))}`,
};

/** The detail of an event in words, for one line. */
export function detailInWords({ detail }: AuditEvent): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => words[name]?.(String(value), detail) ?? `${name.replaceAll('_', ' ')}: ${value}`)
    .filter((text) => text !== '')
    .join(', ');
}

function counted(count: string, what: string): string {
  return `${count} ${what}${count === '1' ? '' : 's'}`;
}
