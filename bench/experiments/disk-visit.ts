import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import knex from 'knex';
import { type Api, startApi } from '../rig/api.ts';
import { type Answer, createCaller, isRefusalForNow, json, signIn } from '../rig/calls.ts';
import { type Claim, claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';

/** An API with its data in the folder, one signed-in user and one post. */
export async function visitDisk(stage: Stage, folder: string) {
  const api = await startApi(stage, { folder });
  const { token, refresh_token } = await signIn(api.port);
  const { call, close } = createCaller({ port: api.port });
  stage.onEnd(close);
  /** By id, the note that the API acknowledged. */
  const acknowledged = new Map<number, string>();

  const write = async (): Promise<Answer> => {
    const note = `Note ${Math.random()} `.padEnd(9000, 'x');
    const answer = await call('POST', '/api/posts', { token, body: { note } });
    if (answer.status === 201) acknowledged.set(json<{ id: number }>(answer).id, note);
    return answer;
  };
  for (let count = 0; count < 50; count += 1) await write();

  return {
    api,

    async through(state: string, { begin, end }: { begin: () => void; end: () => void }): Promise<Claim[]> {
      begin();
      try {
        const during = await this.whileAway(state);
        end();
        const ended = performance.now();
        while ((await write()).status !== 201 && performance.now() - ended < 15_000) await delay(100);
        const seconds = (performance.now() - ended) / 1000;
        const { status } = await call('POST', '/token', { body: { username: 'niko', password: '123niko' } });
        const well = claim(
          seconds < 5 && status === 200 && !api.hasEnded(),
          `${state}: well again without a restart after ${seconds.toFixed(2)} s`,
        );
        const there = await this.whatIsThere(api, state);
        await api.end('SIGTERM');
        const again = await startApi(stage, { folder });
        const still = await this.whatIsThere(again, `${state}, and started again`);
        await again.end('SIGTERM');
        return [...during, well, ...there, ...still];
      } catch (error) {
        end();
        throw error;
      }
    },

    async whileAway(state: string): Promise<Claim[]> {
      // Writes into pages that are allocated already still succeed, so a full disk shows only after a while.
      let admitted = 0;
      while ((await write()).status === 201 && admitted < 1000) admitted += 1;
      const writes = {
        'POST /api/posts': await write(),
        'PATCH /api/posts/1': await call('PATCH', '/api/posts/1', {
          token,
          body: { note: 'y'.repeat(9000) },
        }),
        'POST /token': await call('POST', '/token', { body: { username: 'niko', password: '123niko' } }),
        'POST /token, wrong password': await call('POST', '/token', {
          body: { username: 'niko', password: 'not this one' },
        }),
        'POST /api/users/authenticate': await call('POST', '/api/users/authenticate', {
          body: { uid: 'niko', password: '123niko' },
        }),
        'POST /api/users/signup': await call('POST', '/api/users/signup', {
          body: { name: 'Too Late', uid: 'too-late', password: 'no room for this one' },
        }),
        'POST /api/sessions/refresh': await call('POST', '/api/sessions/refresh', {
          body: { refresh_token },
        }),
        'DELETE /api/posts/2': await call('DELETE', '/api/posts/2', { token }),
      };
      const reads = {
        'GET /protected': await call('GET', '/protected', { token }),
        'GET /api/users': await call('GET', '/api/users', { token }),
        'GET /api/users/me': await call('GET', '/api/users/me', { token }),
        'GET /api/posts': await call('GET', '/api/posts?limit=500', { token }),
        'GET /api/posts/1/image': await call('GET', '/api/posts/1/image', { token }),
        'GET /api/players': await call('GET', '/api/players', { token }),
        'GET /api/sessions': await call('GET', '/api/sessions', { token }),
        'GET /api/audit': await call('GET', '/api/audit', { token }),
        'GET /healthz': await call('GET', '/healthz'),
        'GET /metrics': await call('GET', '/metrics'),
      };
      const crowd = await readAtOnce(api.port, token);
      say(`  ${admitted} more writes went through, then:`);
      const show = (answers: Record<string, Answer>) =>
        Object.entries(answers)
          .map(([what, { status, failure, ms }]) => `${what} ${failure ?? status} (${ms.toFixed(0)} ms)`)
          .join(', ');
      say(`  ${show(writes)}`);
      say(`  ${show(reads)}, GET /readyz ${(await call('GET', '/readyz')).status}`);
      // Some pages still have room, so a write that needs no new page may succeed.
      const mayPass = state === 'full' ? [200, 201, 204, 401] : [];
      const isRefusal = (answer: Answer) => isUnready(answer) || mayPass.includes(answer.status);
      return [
        claim(
          Object.values(writes).every(isRefusal) && isUnready(writes['POST /api/posts']),
          `${state}: writes are problems 503 with Retry-After`,
        ),
        claim(
          [...Object.values(reads), ...crowd].every(({ status }) => status === 200),
          `${state}: reads and token checks go on, one by one and ${crowd.length} at once`,
        ),
      ];
    },

    async whatIsThere({ port }: Pick<Api, 'port'>, state: string): Promise<Claim[]> {
      const other = createCaller({ port });
      const lost: number[] = [];
      for (const [id, note] of acknowledged) {
        const answer = await other.call('GET', `/api/posts/${id}`, { token });
        if (answer.status !== 200 || json<{ note: string }>(answer).note !== note) lost.push(id);
      }
      other.close();
      const db = knex({
        client: 'sqlite3',
        connection: { filename: join(folder, 'signet.db') },
        useNullAsDefault: true,
      });
      const [{ integrity_check }] = await db.raw('PRAGMA integrity_check');
      await db.destroy();
      return [
        claim(
          lost.length === 0 && integrity_check === 'ok',
          `${state}: all ${acknowledged.size} acknowledged posts are there, and the file is sound (${integrity_check}); lost: ${lost.length}`,
        ),
      ];
    },
  };
}

/** So many reads at a time that the API opens all its read connections. */
export async function readAtOnce(port: number, token: string): Promise<Answer[]> {
  const callers = Array.from({ length: 40 }, () => createCaller({ port }));
  const answers = await Promise.all(callers.map(({ call }) => call('GET', '/api/users', { token })));
  for (const { close } of callers) close();
  return answers;
}

/** Whether a write was refused because the database cannot write at the moment. */
export function isUnready(answer: Answer): boolean {
  return (
    answer.status === 503 && isRefusalForNow(answer) && json<{ code: string }>(answer).code === 'not_ready'
  );
}
