import fc, { type Arbitrary, type AsyncCommand } from 'fast-check';
import { type Action, type Ask, deviceNames, thiefName } from './clients.ts';
import type { Run } from './run.ts';
import { userNames } from './state.ts';

/** A step of a schedule, and how it prints. */
export type Step = AsyncCommand<Run, object>;

/** Requests at the same time; one alone, if it is only one. */
export function ask(...asks: readonly Ask[]): Step {
  return step(`ask(${asks.map((each) => fc.stringify(each)).join(', ')})`, (run) => run.perform(asks));
}

/** The clocks of all processes move. */
export function wait(seconds: number): Step {
  return step(`wait(${seconds})`, async (run) => run.step(seconds));
}

/** Every process learns what the others have changed. */
export function pause(): Step {
  return step('pause()', (run) => run.pause());
}

/** The thief copies the device's tokens. */
export function steal(device: (typeof deviceNames)[number]): Step {
  return step(`steal('${device}')`, async (run) => run.clients.steal(device));
}

/** The device changes its network. */
export function move(device: (typeof deviceNames)[number]): Step {
  return step(`move('${device}')`, async (run) => run.clients.move(device));
}

export function backUp(): Step {
  return step('backUp()', (run) => run.backUp());
}

export function restore(endsSessions: boolean): Step {
  return step(
    `restore(${endsSessions})`,
    (run) => run.restore(endsSessions),
    (run) => run.hasBackup(),
  );
}

/** Steps that follow one another at once. */
function inTurn(steps: readonly Step[]): Step {
  return step(`inTurn(${steps.join(', ')})`, async (run) => {
    for (const each of steps) if (each.check(run)) await each.run(run, {});
  });
}

function step(
  text: string,
  run: (run: Run) => Promise<void>,
  check: (run: Readonly<Run>) => boolean = () => true,
): Step {
  return { check, run, toString: () => text };
}

/** Seconds around every bound: the leeway, the grace window, a token's, a session's idle and its longest life. */
const waits = [1, 9, 11, 60, 3601, 6 * 86_400, 8 * 86_400, 31 * 86_400, -3, -60, -3601, -86_400];

const plain = <Name extends Action['do']>(name: Name) => fc.constant({ do: name } as const);
const userName = fc.constantFrom(...userNames);
const isRight = fc.nat(9).map((n) => n > 0);

const deviceAction: Arbitrary<Action> = fc.oneof(
  { weight: 10, arbitrary: plain('refresh') },
  { weight: 6, arbitrary: plain('call') },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('sign in' as const), isRight }) },
  { weight: 2, arbitrary: plain('sign out') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end session' as const), nth: fc.nat(5) }) },
  { weight: 1, arbitrary: plain('end others') },
  { weight: 1, arbitrary: plain('end all') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change password' as const), isRight }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end all of' as const), user: userName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set password' as const), user: userName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete user' as const), user: userName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sign up' as const), user: userName }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('give role' as const),
      user: userName,
      role: fc.constantFrom('admin', 'user'),
    }),
  },
);
const thiefAction: Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: plain('refresh') },
  { weight: 1, arbitrary: plain('call') },
);
const death = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({
      statement: fc.integer({ min: 1, max: 24 }),
      when: fc.constantFrom('before', 'after', 'during'),
    }),
  },
);
const circumstances = fc.record({
  process: fc.nat(2),
  isUnheard: fc.nat(9).map((n) => n === 9),
  death,
});
const anAsk: Arbitrary<Ask> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...deviceNames), deviceAction, circumstances)
      .map(([by, action, more]) => ({ ...action, by, ...more })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(thiefAction, circumstances)
      .map(([action, more]) => ({ ...action, by: thiefName, ...more }) as const),
  },
);

/** Two requests of or about ben that must not both go as if the other were not there. */
const contest: Arbitrary<readonly Ask[]> = fc
  .tuple(
    fc.constantFrom<Action>(
      { do: 'sign in', isRight: true },
      { do: 'refresh' },
      { do: 'change password', isRight: true },
    ),
    fc.constantFrom<Action & { by: 'ada' | 'phone' }>(
      { do: 'change password', isRight: true, by: 'phone' },
      { do: 'end all', by: 'phone' },
      { do: 'refresh', by: 'phone' },
      { do: 'set password', user: 'ben', by: 'ada' },
      { do: 'give role', user: 'ben', role: 'admin', by: 'ada' },
      { do: 'delete user', user: 'ben', by: 'ada' },
    ),
    circumstances,
    circumstances,
    fc.constantFrom('browser', 'phone'),
  )
  .map(([one, other, first, second, by]) => [
    { ...one, by, ...first },
    { ...other, ...second },
  ]);

const device = fc.constantFrom(...deviceNames);

/** A device calls every process, so that each has its session in memory. */
const callsEverywhere: Arbitrary<readonly Ask[]> = device.map((by) =>
  [0, 1, 2].map((process) => ({ do: 'call', by, process, isUnheard: false, death: undefined })),
);

/** Seconds that a device or a thief lets pass: mostly none, else up to the end of the grace window and beyond it. */
const hesitation = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.constantFrom(1, 5) },
  { weight: 1, arbitrary: fc.constantFrom(9, 11) },
);

/**
 * A theft, and what follows it within the grace window: the owner and the thief refresh with the same generation, one
 * after the other or at the same time, at any process, and some answers get lost. Chosen one by one, steps come
 * together in this way in one of several hundred schedules.
 */
const theft: Arbitrary<Step> = device.chain((victim) => {
  const refreshes = fc
    .array(fc.tuple(fc.constantFrom(victim, thiefName), circumstances), { minLength: 1, maxLength: 3 })
    .map((several) =>
      ask(...several.map(([by, more]) => ({ do: 'refresh', by, ...more }) as const satisfies Ask)),
    );
  const turn = fc
    .tuple(hesitation, refreshes)
    .map(([seconds, asks]) => [...(seconds > 0 ? [wait(seconds)] : []), asks]);
  return fc
    .array(turn, { minLength: 2, maxLength: 4 })
    .map((turns) => inTurn([steal(victim), ...turns.flat()]));
});

/** Any step of a schedule. */
export const anyStep: Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: anAsk.map((one) => ask(one)) },
  { weight: 6, arbitrary: fc.array(anAsk, { minLength: 1, maxLength: 3 }).map((several) => ask(...several)) },
  { weight: 4, arbitrary: callsEverywhere.map((calls) => ask(...calls)) },
  { weight: 3, arbitrary: contest.map((both) => ask(...both)) },
  { weight: 4, arbitrary: fc.constantFrom(...waits).map(wait) },
  { weight: 3, arbitrary: device.map(steal) },
  { weight: 3, arbitrary: theft },
  { weight: 1, arbitrary: device.map(move) },
  { weight: 2, arbitrary: fc.constant(pause()) },
  { weight: 1, arbitrary: fc.constant(backUp()) },
  { weight: 1, arbitrary: fc.boolean().map(restore) },
);
