import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startApi, temporaryFolder } from '../rig/api.ts';
import { type Caller, startLoops } from '../rig/calls.ts';
import { tally } from '../rig/figures.ts';
import { claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { signInNewUsers } from '../rig/users.ts';

const rounds = 10;
/** The writers take turns with these, because one user may write 120 times a minute. */
const users = 40;

/** SIGTERM under load: the API answers the requests in progress and exits. */
export async function sigterm(stage: Stage) {
  say(`sigterm: SIGTERM ${rounds} times under sign-ins, writes and reads`);
  let cut = 0;
  let refused = 0;
  const late = { direct: 0, proxied: 0 };
  const statuses: number[] = [];
  const exits: string[] = [];
  const seconds: number[] = [];
  const folder = temporaryFolder(stage);
  const first = await startApi(stage, { folder });
  const tokens = await signInNewUsers(first.port, users);
  await first.end('SIGTERM');
  let turn = 0;

  for (let round = 1; round <= rounds; round += 1) {
    const isBehindProxy = round % 2 === 0;
    const api = await startApi(stage, { folder, env: { TRUST_PROXY: isBehindProxy ? '1' : '0' } });
    const unanswered: string[] = [];
    const send = async ({ call }: Caller, method: string, path: string, body?: unknown) => {
      const id = randomUUID();
      const token = tokens[turn++ % users] ?? '';
      const { status, failure } = await call(method, path, { token, body, headers: { 'x-request-id': id } });
      if (failure === undefined) statuses.push(status);
      else if (/ECONNREFUSED/.test(failure)) refused += 1;
      else unanswered.push(id);
    };
    const loops = startLoops(12, api.port, async (caller, index) => {
      if (index < 4) await send(caller, 'POST', '/token', { username: 'toby', password: '123toby' });
      else if (index < 8)
        await send(caller, 'POST', '/api/posts', { note: 'Written while it is told to stop' });
      else await send(caller, 'GET', '/api/posts');
      if (api.hasEnded()) await delay(5);
    });
    await delay(500 + Math.random() * 500);
    const began = performance.now();
    const { code, signal } = await api.end('SIGTERM');
    seconds.push((performance.now() - began) / 1000);
    exits.push(String(signal ?? code));
    await loops.stop();
    // The log has a line for every request that the API has begun to serve. A request that arrived on a kept
    // connection while the API closed it has none, and a client may retry it (RFC 9112, section 9.3.1).
    const log = api.output();
    cut += unanswered.filter((id) => log.includes(id)).length;
    if (isBehindProxy) late.proxied += unanswered.length;
    else late.direct += unanswered.length;
  }
  say(`  ${statuses.length} answers (${tally(statuses)}), ${refused} connections refused after the end`);
  say(
    `  requests that arrived while their connection was closed, and were not served: ${late.direct}, behind a proxy ${late.proxied}`,
  );
  return [
    claim(cut === 0, `no request in progress is cut off: ${cut}`),
    claim(
      late.proxied === 0,
      `behind a proxy (TRUST_PROXY) no kept connection is closed under a request: ${late.proxied}`,
    ),
    claim(
      statuses.every((status) => status < 500),
      'no answer is 5xx',
    ),
    claim(
      exits.every((exit) => exit === '0'),
      `it exits with 0: ${tally(exits)}`,
    ),
    claim(Math.max(...seconds) < 10, `within 10 s: ${Math.max(...seconds).toFixed(2)} s at most`),
  ];
}
