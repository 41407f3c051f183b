import type { Session } from '@signet/contracts';
import { type DeviceKind, deviceOf } from '../device-name.ts';

/** Sessions that look alike in a list: the same kind of device and the same carrier. */
export type DeviceGroup = {
  readonly name: string;
  readonly kind: DeviceKind;
  /** In the order of the list; never empty. */
  readonly sessions: readonly [Session, ...Session[]];
};

/** Folds sessions that look alike, in the order of the first of each. The current session stays alone, and first. */
export function groupDevices(sessions: readonly Session[]): DeviceGroup[] {
  const groups = new Map<string, DeviceGroup>();
  const ordered = [...sessions].sort((a, b) => Number(b.current) - Number(a.current));
  for (const session of ordered) {
    const { name, kind } = deviceOf(session.user_agent);
    const key = session.current ? 'current' : JSON.stringify([name, session.carrier]);
    const [first, ...rest] = groups.get(key)?.sessions ?? [];
    groups.set(key, { name, kind, sessions: first ? [first, ...rest, session] : [session] });
  }
  return [...groups.values()];
}

const newDays = 7;

/**
 * The sessions of the last seven days that came from a network which neither an earlier session had nor the current one
 * has. The first session of all is not one of them, because there is nothing to compare it with.
 */
export function findNewAddresses(sessions: readonly Session[], now: number): ReadonlySet<string> {
  const own = networkOf(sessions.find(({ current }) => current)?.ip ?? null);
  const known = new Set<string | null>();
  const found = new Set<string>();
  const oldestFirst = [...sessions].sort((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  for (const { id, ip, created_at } of oldestFirst) {
    const network = networkOf(ip);
    const isNew = now - Date.parse(created_at) < newDays * 86_400_000;
    if (isNew && known.size > 0 && network !== null && network !== own && !known.has(network)) found.add(id);
    known.add(network);
  }
  return found;
}

/**
 * An IPv4 address or an IPv6 /64, as the API compares them: a device changes its address within the latter. Where `::`
 * shortens the first half of an address, more of it counts, so that a sign-in is marked rather than missed.
 */
function networkOf(ip: string | null): string | null {
  if (ip === null) return null;
  return ip.includes(':') ? ip.split(':', 4).join(':') : ip;
}
