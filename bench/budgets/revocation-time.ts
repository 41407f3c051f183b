import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../rig/calls.ts';

/** `others`: until a process that did not make the change refuses. */
export type Times = { own: number[]; others: number[] };

/** `make` may resolve to the time of the change, if it knows that better than by its own end. */
export type Change = { readonly token: string; readonly make: () => Promise<number | undefined> };

/**
 * Asks all processes without a pause while the change is made. A time is that from the answer to the change until the
 * last granted request *began*: what began before the change may still be granted.
 */
export async function measureOne(
  askers: readonly Caller[],
  path: string,
  { token, make }: Change,
  times: Times,
) {
  let changedAt = Number.POSITIVE_INFINITY;
  const lastGrants = askers.map(async ({ call }) => {
    let lastGrant = Number.NEGATIVE_INFINITY;
    for (;;) {
      const began = performance.now();
      const { status, failure } = await call('GET', path, { token });
      if (status === 0 || status >= 500) throw new Error(`GET ${path}: ${failure ?? status}`);
      if (status === 200) lastGrant = began;
      // Refused: a while longer, because a grant after a refusal would be the worst of all.
      else if (began > changedAt + 20) return lastGrant;
      if (began > changedAt + 5000) return lastGrant;
      await delay(1);
    }
  });
  const all = Promise.all(lastGrants);
  // Awaited below; until then a failure would end this process.
  all.catch(() => {});
  await delay(15);
  changedAt = (await make()) ?? performance.now();
  const [own = 0, ...others] = (await all).map((at) => Math.max(0, at - changedAt));
  times.own.push(own);
  times.others.push(...others);
}
