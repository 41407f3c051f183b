import type { Clock } from '../clock.ts';
import type { Database } from '../db/connect.ts';

/** A session is live until it is ended, idle for too long, or past its absolute end. */
export function liveSessions(from: Database, clock: Pick<Clock, 'timestamp'>) {
  return from('sessions').whereNull('sessions.ended_at').where('sessions.expires_at', '>', clock.timestamp());
}
