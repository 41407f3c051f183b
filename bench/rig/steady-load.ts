import { type Answer, createCaller } from './calls.ts';

export type Sent = { readonly at: number; readonly kind: 'read' | 'write'; readonly answer: Answer };

const callers = 60;

/**
 * Reads and writes (one in three) at a steady rate, whether or not earlier requests were answered: a caller who waits
 * for answers would ask less while nothing works, and hide the outage. `stop` resolves with all of them.
 */
export function startSteadyLoad(
  port: number,
  { perSecond, tokens }: { perSecond: number; tokens: readonly string[] },
) {
  const newCaller = () => createCaller({ port, patienceMs: 30_000 });
  const idle = Array.from({ length: callers }, newCaller);
  const sent: Sent[] = [];
  const inProgress = new Set<Promise<void>>();
  let turn = 0;

  const send = async () => {
    const caller = idle.pop() ?? newCaller();
    const token = tokens[turn % tokens.length] ?? '';
    turn += 1;
    const at = performance.now();
    if (turn % 3 === 0) {
      const body = { note: `note ${turn}` };
      sent.push({ at, kind: 'write', answer: await caller.call('POST', '/api/posts', { token, body }) });
    } else {
      sent.push({ at, kind: 'read', answer: await caller.call('GET', '/api/users/me', { token }) });
    }
    idle.push(caller);
  };
  const timer = setInterval(() => {
    const request = send().finally(() => inProgress.delete(request));
    inProgress.add(request);
  }, 1000 / perSecond);

  return {
    async stop(): Promise<readonly Sent[]> {
      clearInterval(timer);
      await Promise.all(inProgress);
      for (const caller of idle) caller.close();
      return sent;
    },
  };
}
