import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createDeviceTokens, type Device } from '../../src/auth/device-tokens.ts';

const key = randomBytes(32);
const devices = createDeviceTokens([key]);
const device = (user_id: number): Device => ({ user_id, id: randomBytes(16).toString('base64url') });

/** A cookie with these devices: the last that signed in is the first. */
const cookieOf = (tokens: typeof devices, ...known: Device[]) => {
  const [first, ...others] = known;
  if (!first) throw new Error('At least one device');
  return tokens.renew(first.user_id, [first, ...others]);
};

test('a first sign-in gives a browser a device of its own, which later sign-ins of the same user keep', () => {
  const first = devices.renew(2, []);
  expect(devices.read([first])).toEqual([{ user_id: 2, id: expect.stringMatching(/^[\w-]{22}$/) }]);
  expect(devices.renew(2, devices.read([first]))).toBe(first);
  expect(devices.renew(2, [])).not.toBe(first);
});

test('a browser keeps the devices of the five users who signed in last, the newest first', () => {
  const known = [1, 2, 3, 4, 5, 60].map(device);
  const cookie = cookieOf(devices, ...known);
  // A longer cookie would pass the 4096 bytes of a browser.
  expect(cookie.split('~')).toHaveLength(5);
  expect(devices.read([cookie])).toEqual(known.slice(0, 5));
  const renewed = devices.read([devices.renew(3, known.slice(0, 5))]);
  expect(renewed.map(({ user_id }) => user_id)).toEqual([3, 1, 2, 4, 5]);
  expect(renewed[0]).toEqual(known[2]);
});

test('no more than five devices of one cookie are read, and those of every cookie are', () => {
  const [one, two] = [device(1), device(2)];
  const token = cookieOf(devices, one);
  expect(devices.read([Array.from({ length: 6 }, () => token).join('~')])).toHaveLength(5);
  expect(devices.read([token, cookieOf(devices, two)])).toEqual([one, two]);
});

test('a device that was made under the previous key is still known, and is renewed under the new one', () => {
  const rotated = createDeviceTokens([randomBytes(32), key]);
  const own = device(2);
  const known = rotated.read([cookieOf(devices, own)]);
  expect(known).toEqual([own]);
  expect(devices.read([rotated.renew(2, known)])).toEqual([]);
  expect(rotated.read([rotated.renew(2, known)])).toEqual([own]);
});

test('a device token that no key of ours made, in this very form, is ignored, and those beside it are not', () => {
  const own = device(41);
  const token = cookieOf(devices, own);
  const [user = '', id = '', mac = ''] = token.split('.');
  const foreign = cookieOf(createDeviceTokens([randomBytes(32)]), own);
  const others = [
    '',
    'undefined',
    foreign,
    `1.${id}.${mac}`,
    `${user}.${'A'.repeat(22)}.${mac}`,
    `${user}.${id}.${'A'.repeat(43)}`,
    `${user}.${id}`,
    `${user}.${id}.`,
    `0${token}`,
    ` ${token}`,
    `${token} `,
    `${token}A`,
    `${user}.${id}.${mac}.${mac}`,
  ];
  for (const other of others) expect(devices.read([other]), other).toEqual([]);
  expect(devices.read([[foreign, token].join('~')])).toEqual([own]);
});

test('without a key no device tokens are made, because anyone could make them', () => {
  expect(() => createDeviceTokens([])).toThrow('A key for device tokens is needed');
});
