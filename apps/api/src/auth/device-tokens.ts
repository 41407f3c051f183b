import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A device on which a user has signed in before. */
export type Device = { readonly user_id: number; readonly id: string };

const pattern = /^([1-9]\d{0,15})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** More people than this seldom share a browser, and a cookie has 4096 bytes at most. */
const maxDevices = 5;

export type DeviceTokens = ReturnType<typeof createDeviceTokens>;

/**
 * Device tokens, `user.device.mac`, up to five in one cookie ("device cookies", OWASP). They select a budget
 * for guesses and never sign anybody in. Nothing of them is stored.
 */
export function createDeviceTokens([key, ...previousKeys]: readonly Buffer[]) {
  if (!key) throw new Error('A key for device tokens is needed');

  return {
    /** The devices in these cookies. What no key of the ring made is ignored. */
    read: (cookies: readonly string[]): Device[] =>
      cookies
        .flatMap((cookie) => cookie.split('~').slice(0, maxDevices))
        .flatMap((token) => readOne(token) ?? []),

    /**
     * The cookie after a sign-in: this user's device first, which stays the same, then those of other users.
     */
    renew(user_id: number, known: readonly Device[]): string {
      const own = known.find((device) => device.user_id === user_id);
      const others = known.filter((device) => device.user_id !== user_id);
      const devices = [own ?? { user_id, id: randomBytes(16).toString('base64url') }, ...others];
      return devices.slice(0, maxDevices).map(make).join('~');
    },
  };

  function make(device: Device): string {
    const message = messageOf(device);
    return `${message}.${mac(key as Buffer, message)}`;
  }

  function readOne(token: string): Device | undefined {
    const [, user, id, given] = pattern.exec(token) ?? [];
    if (!user || !id || !given) return undefined;
    const device = { user_id: Number(user), id };
    const candidates = [key as Buffer, ...previousKeys].map((each) => mac(each, messageOf(device)));
    // In constant time, and as text: see refresh-tokens.ts.
    const made = candidates.some((expected) => timingSafeEqual(Buffer.from(expected), Buffer.from(given)));
    return made ? device : undefined;
  }
}

function messageOf({ user_id, id }: Device): string {
  return `${user_id}.${id}`;
}

function mac(key: Buffer, message: string): string {
  return createHmac('sha256', key).update(message).digest('base64url');
}
