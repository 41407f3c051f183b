import { EventEmitter } from 'node:events';
import { type Endpoint, endpoints, maxImageBytes } from '@signet/contracts';
import type { Response } from 'express';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createInFlight } from '../../src/http/in-flight.ts';
import { requestOf } from '../request-of.ts';

const mebibyte = 1024 * 1024;
const { createPost, createToken } = endpoints;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Whether there is room for what is taken, once those who must wait for it have waited. */
async function hasRoom(taking: Promise<unknown>): Promise<boolean> {
  const outcome = taking.then(
    () => true,
    ({ code }) => code !== 'overloaded',
  );
  await vi.runAllTimersAsync();
  return outcome;
}

describe('a body', () => {
  const body = (inFlight: ReturnType<typeof createInFlight>, endpoint: Endpoint, headers: object) =>
    inFlight.takeBody(requestOf({ headers }), endpoint, 'niko');

  test.each([
    ['JSON without a length as the longest', createToken, {}, 20],
    ['JSON that says it is longer', createToken, { 'content-length': '100001' }, 20],
    ['JSON of half the length', createToken, { 'content-length': '50000' }, 41],
    ['a form where none is read', createToken, { 'content-type': 'multipart/form-data' }, 20],
    ['JSON where a form is read', createPost, { 'content-type': 'application/json' }, 20],
    ['a body of no type', createPost, {}, 20],
    ['a type that only begins alike', createPost, { 'content-type': 'multipart/form-databank' }, 20],
    ['a type that has a form within', createPost, { 'content-type': 'x; multipart/form-data' }, 20],
    ['a form', createPost, { 'content-type': 'Multipart/Form-Data; boundary=x' }, 3],
    [
      'a form with an image of the largest size',
      createPost,
      { 'content-type': 'multipart/form-data', 'content-length': String(maxImageBytes + 200_000) },
      3,
    ],
    [
      'a form that says it is longer',
      createPost,
      { 'content-type': 'multipart/form-data', 'content-length': '1000000000' },
      3,
    ],
  ] as const)('of one caller is one of a few: %s', async (_kind, endpoint, headers, most) => {
    const inFlight = createInFlight();
    for (let count = 0; count < most; count += 1)
      expect(await hasRoom(body(inFlight, endpoint, headers)), `the ${count + 1}th`).toBe(true);
    expect(await hasRoom(body(inFlight, endpoint, headers))).toBe(false);
  });

  test('in a form without a length counts as its file and 200 kB more', async () => {
    const inFlight = createInFlight();
    let callers = 0;
    const fits = (bytes?: number) => {
      const length = bytes === undefined ? {} : { 'content-length': String(bytes) };
      const form = requestOf({ headers: { 'content-type': 'multipart/form-data', ...length } });
      callers += 1;
      return hasRoom(inFlight.takeBody(form, createPost, `caller ${callers}`));
    };
    for (let count = 0; count < 5; count += 1) expect(await fits()).toBe(true);
    for (let count = 0; count < 3; count += 1) expect(await fits(4 * mebibyte)).toBe(true);
    const rest = (40 - 3 * 4) * mebibyte - 5 * (maxImageBytes + 200_000);
    expect(await fits(rest + 1)).toBe(false);
    expect(await fits(rest)).toBe(true);
  });

  test('gives its room back', async () => {
    const inFlight = createInFlight();
    const release = await body(inFlight, createPost, { 'content-type': 'multipart/form-data' });
    for (let count = 0; count < 2; count += 1)
      await body(inFlight, createPost, { 'content-type': 'multipart/form-data' });
    release();
    expect(await hasRoom(body(inFlight, createPost, { 'content-type': 'multipart/form-data' }))).toBe(true);
  });
});

describe('an answer', () => {
  const answer = (state: object = {}) =>
    Object.assign(new EventEmitter(), { closed: false, destroyed: false, ...state });
  const hold = (
    inFlight: ReturnType<typeof createInFlight>,
    to: EventEmitter,
    bytes: number,
    caller = 'niko',
  ) =>
    // What is read of a response; a real one needs a connection.
    inFlight.holdAnswer(to as Response, bytes, caller);

  test('holds its bytes until it is closed, and small ones are not counted', async () => {
    const inFlight = createInFlight();
    const first = answer();
    await hold(inFlight, first, 20 * mebibyte);
    expect(await hasRoom(hold(inFlight, answer(), 16 * 1024 - 1))).toBe(true);
    expect(await hasRoom(hold(inFlight, answer(), 16 * 1024))).toBe(false);
    first.emit('close');
    expect(await hasRoom(hold(inFlight, answer(), 20 * mebibyte))).toBe(true);
  });

  test('has room beside others up to 20 MiB of its caller, and 64 MiB of all', async () => {
    const inFlight = createInFlight();
    for (const [caller, mebibytes, fits] of [
      ['toby', 12, true],
      ['toby', 8, true],
      ['toby', 1, false],
      ['niko', 20, true],
      ['lex', 5, true],
      ['hop', 5, true],
      ['ada', 5, true],
      ['eve', 5, true],
      ['mal', 5, false],
      ['mal', 4, true],
    ] as const)
      expect([caller, await hasRoom(hold(inFlight, answer(), mebibytes * mebibyte, caller))]).toEqual([
        caller,
        fits,
      ]);
  });

  test.each([{ closed: true }, { destroyed: true }])('holds nothing where it is %j', async (state) => {
    const inFlight = createInFlight();
    await hold(inFlight, answer(state), 20 * mebibyte);
    expect(await hasRoom(hold(inFlight, answer(), 20 * mebibyte))).toBe(true);
  });
});
