import { setTimeout as delay } from 'node:timers/promises';
import type { Scheduler } from 'fast-check';
import { type Ask, beginnings, type Clients, createClients, thiefName } from './clients.ts';
import { explain, type Observed, type Performed, textOf } from './order.ts';
import { createPasts } from './pasts.ts';
import { createPromises, type Group } from './promises.ts';
import type { Operation, State } from './state.ts';
import { isHashOf, type System } from './system.ts';
import { Violation } from './violation.ts';

const users = [
  { name: 'ada', role: 'admin', password: 'the first passphrase of ada' },
  { name: 'ben', role: 'user', password: 'the first passphrase of ben' },
] as const;

/** So many refreshes of one session get a repeated successor or a refusal before they are not recorded any more. */
const recordedRepeats = 9;

/** A process waits for so long for the database to confirm a session. A busy machine may need it. */
const questionDeadlineMs = 1000;

export type Run = Awaited<ReturnType<typeof beginRun>>;

/** One schedule under way: the real system beside the model, and what was promised. */
export async function beginRun(system: System, scheduler: Scheduler) {
  const { rules, stalenessMs, clock, turns } = system;
  const clients: Clients = createClients(await system.reset(users, beginnings));
  const promises = createPromises({ rules, stalenessMs, thief: thiefName });
  const began = (await system.observe()).state;
  let state: State = {
    users: new Map(users.map(({ name, role, password }) => [name, { role, password }])),
    sessions: began.sessions,
  };
  let snapshot: State | undefined;
  const pasts = createPasts({ rules, stalenessMs });
  const attempts = new Map<string, number>();
  const repeats = new Map<string, number>();
  /** The sessions that a refresh of this group may rotate: every other refresh of the group is a repeat. */
  const rotating = new Set<string>();

  return {
    clients,

    /** Performs the requests at the same time, and checks everything that is promised of them. */
    async perform(asks: readonly Ask[]): Promise<void> {
      rotating.clear();
      const prepared = asks.flatMap((ask) => {
        const operation = clients.prepare(ask, state);
        return operation && isWithinLimits(operation) ? [{ ask, operation }] : [];
      });
      if (prepared.length === 0) return;
      for (const { ask } of prepared) if (ask.death) system.process(ask.process).plan(ask.death);
      const beganAt = performance.now();
      const work = prepared.map(({ operation }) => async (): Promise<Performed> => {
        const outcome = await system.process(operation.process).perform(operation);
        return { operation, outcome, answeredAt: performance.now() };
      });
      const [first] = work;
      const performed =
        work.length === 1 && first ? [await first()] : await turns.interleave(scheduler, work);
      for (const { ask } of prepared) system.process(ask.process).plan(undefined);
      await system.revive();
      const observed = await system.observe();
      const unheard = new Set(prepared.filter(({ ask }) => ask.isUnheard).map(({ operation }) => operation));
      const group = { performed, unheard, before: state, observed, now: clock.ms, beganAt };
      settle(group);
      for (const each of performed) if (!unheard.has(each.operation)) clients.receive(each);
    },

    /** Moves the clock of all processes, forwards or backwards. */
    step(seconds: number): void {
      clock.ms += seconds * 1000;
    },

    /** Lets the time pass for which a process may remember what others have changed. */
    pause: () => (stalenessMs > 0 ? delay(stalenessMs + 1) : Promise.resolve()),

    hasBackup: () => snapshot !== undefined,

    async backUp(): Promise<void> {
      await system.backUp();
      snapshot = state;
    },

    /** Puts the backup back. `signet restore` ends every session; a copy of the files or rows does not. */
    async restore(endsSessions: boolean): Promise<void> {
      if (!snapshot) return;
      await system.restore(endsSessions);
      pasts.clear();
      promises.forget([...state.sessions.keys(), ...snapshot.sessions.keys()]);
      const ended = [...snapshot.sessions].map(([id, session]) => {
        const endReason = session.endReason ?? (endsSessions ? 'ended_by_admin' : undefined);
        return [id, { ...session, endReason }] as const;
      });
      state = { users: snapshot.users, sessions: new Map(ended) };
      const observed = await system.observe();
      if (textOf(observed.state) !== textOf(state))
        throw new Violation('The restored rows are not those of the backup');
    },
  };

  function settle(group: Group): void {
    const { performed, observed, before } = group;
    promises.check(group);
    const decided = performed.filter((each) => !isTurnedAway(each, group) && !pasts.allow(each, group));
    const after = explain(before, decided, observed, { rules, now: clock.ms, isHashOf });
    if (!after)
      throw new Violation(`No order explains what happened.\n${describe(performed, before, observed)}`);
    pasts.add(group, after);
    state = after;
  }

  /** Whether a request was refused for a reason that has nothing to do with sessions. Then it has no effect. */
  function isTurnedAway({ operation: { by }, outcome, answeredAt }: Performed, { beganAt }: Group): boolean {
    if (outcome.is !== 'refused') return false;
    if (outcome.code === 'too_many_requests') {
      if ((attempts.get(by) ?? 0) >= 10) return true;
      throw new Violation(`${by} is refused for too many requests, and made fewer`);
    }
    if (outcome.code !== 'not_ready') return false;
    if (answeredAt - beganAt >= questionDeadlineMs) return true;
    throw new Violation(`${by} is told at once that the database does not answer`);
  }

  /** Keeps a schedule below the limits whose effects the model leaves out. */
  function isWithinLimits({ do: what, by, ...operation }: Operation): boolean {
    if (what === 'sign in' || what === 'change password') attempts.set(by, (attempts.get(by) ?? 0) + 1);
    if (what !== 'refresh' || !('session' in operation)) return true;
    const { session, generation } = operation;
    if (state.sessions.get(session)?.generation === generation && !rotating.has(session)) {
      rotating.add(session);
      return true;
    }
    repeats.set(session, (repeats.get(session) ?? 0) + 1);
    return (repeats.get(session) ?? 0) <= recordedRepeats;
  }
}

function describe(performed: readonly Performed[], before: State, observed: Observed): string {
  const lines = performed.map(({ operation, outcome }) => {
    const { from, process, by, ...request } = operation;
    const shown = JSON.stringify({
      ...request,
      token: undefined,
      access: 'access' in request && request.access.session,
    });
    return `${from.request_id} by ${by} at process ${process + 1}: ${shown} → ${JSON.stringify({ ...outcome, tokens: undefined })}`;
  });
  const events = observed.events.map(({ event, session, request }) => `${request} ${event} ${session}`);
  return [...lines, 'Before:', textOf(before), 'After:', textOf(observed.state), 'Events:', ...events].join(
    '\n',
  );
}
