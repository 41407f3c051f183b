import type { Performed } from './order.ts';
import type { Group } from './promises.ts';
import { apply } from './rules.ts';
import type { Rules, State } from './state.ts';

/** A change of the state. */
type Past = {
  readonly before: State;
  readonly after: State;
  /** When the change was answered, by a monotonic clock in milliseconds. */
  readonly until: number;
  /** The processes that made it. */
  readonly changedBy: ReadonlySet<number>;
};

/**
 * The states of the last moments. A process may answer a call by a state that another process has changed less than
 * `stalenessMs` before, because it remembers sessions for so long; never by one that it has changed itself.
 */
export function createPasts({ rules, stalenessMs }: { rules: Rules; stalenessMs: number }) {
  let pasts: Past[] = [];

  return {
    add({ performed, before }: Group, after: State): void {
      if (stalenessMs === 0) return;
      const until = Math.max(...performed.map(({ answeredAt }) => answeredAt));
      const changes = performed.filter(({ operation }) => operation.do !== 'call');
      pasts = [
        { before, after, until, changedBy: new Set(changes.map(({ operation }) => operation.process)) },
        ...pasts.filter((past) => until - past.until <= stalenessMs),
      ];
    },

    /** Whether a past state explains the answer to a call. */
    allow({ operation, outcome }: Performed, { beganAt, now }: Group): boolean {
      if (operation.do !== 'call' || outcome.is !== 'granted') return false;
      const { process, access, by, from } = operation;
      const answerIn = (state: State) => {
        const call = { do: 'call', access, process, by, from } as const;
        const { outcome: expected } = apply(state, call, { rules, now, begun: (request) => request });
        return expected.is === 'granted' ? (expected.role ?? 'no role') : 'refused';
      };
      for (const { before, after, until, changedBy } of pasts) {
        if (beganAt - until > stalenessMs) return false;
        const isOwn = changedBy.size === 1 && changedBy.has(process);
        if (isOwn && answerIn(before) !== answerIn(after)) return false;
        if (answerIn(before) === outcome.role) return true;
      }
      return false;
    },

    clear(): void {
      pasts = [];
    },
  };
}
