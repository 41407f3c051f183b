import { userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { waitForOutput } from '@signet/rig';
import { runScript, startApi } from '../rig/api.ts';
import { type Answer, createCaller, json, signIn } from '../rig/calls.ts';
import { type Engine, engines, freshDatabase } from '../rig/databases.ts';
import { percentile, tally } from '../rig/figures.ts';
import { mountTiny } from '../rig/file-systems.ts';
import { type Claim, claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { memoryMegabytes } from '../rig/usage.ts';
import { copyUser, openDatabase, password } from '../rig/users.ts';
import type { Culprit } from './abuse-acts.ts';
import { startBystanders } from './abuse-bystanders.ts';
import { welcomeFleet } from './abuse-fleet.ts';

const program = fileURLToPath(new URL('abuse-culprit.ts', import.meta.url));
const diskMegabytes = 256;
const maxPeakMegabytes = 400;
const maxMs = 1000;
const culpritAddress = '198.51.100.7';

/**
 * One plain account does its worst on 20 connections while others work: they are slowed down by less than a
 * second and not refused, and an admin can delete the account. Then many honest users share one address, and
 * none is refused.
 */
export async function abuse(stage: Stage, { seconds, fleet }: { seconds: number; fleet: number }) {
  if (userInfo().uid !== 0) return [claim(false, 'only root may mount the file system that this needs')];
  const claims: Claim[] = [];
  for (const engine of engines) {
    claims.push(...(await sufferCulprit(stage, engine, seconds)));
    claims.push(...(await welcomeFleet(stage, engine, fleet)));
  }
  return claims;
}

async function sufferCulprit(stage: Stage, engine: Engine, seconds: number): Promise<Claim[]> {
  say(`abuse: one account on 20 connections for ${seconds} s, room for ${diskMegabytes} MB, on ${engine}`);
  const { env, folder } = await freshDatabase(stage, engine);
  const limit = { DATABASE_MAX_BYTES: String(diskMegabytes * 1024 * 1024) };
  const room = engine === 'SQLite' ? { folder: mountTiny(stage, diskMegabytes) } : { folder };
  const api = await startApi(stage, {
    ...room,
    env: { ...env, ...(engine === 'PostgreSQL' && limit), TRUST_PROXY: '1' },
  });
  const admin = await signIn(api.port);
  const { call, close } = createCaller({ port: api.port });
  stage.onEnd(close);
  const made = await call('POST', '/api/users/signup', { body: { name: 'User', uid: 'user', password } });
  if (made.status !== 201) throw new Error(`Sign-up: ${made.status} ${made.text}`);
  const db = openDatabase(stage, room.folder, env.DATABASE_URL);
  const [uid = '', ...others] = await copyUser(db, 'user', 12);
  const { token } = await signIn(api.port, uid, password);
  const { id } = json<{ id: number }>(await call('GET', '/api/users/me', { token }));

  const bystanders = await startBystanders(api.port, others, culpritAddress);
  const culprit: Culprit = {
    port: api.port,
    id,
    uid,
    password,
    address: culpritAddress,
    victims: others,
    tokens: [token],
    posts: [],
  };
  const abuser = runScript(stage, program, [JSON.stringify(culprit)]);
  await delay(seconds * 1000);
  const deleted = await call('DELETE', `/api/users/${id}`, { token: admin.token });
  await delay(1000);
  abuser.kill('SIGTERM');
  const [, report = ''] = await waitForOutput(abuser, /^report (.*)$/m);
  const seen = await bystanders.stop();
  const { peak } = memoryMegabytes(api.pid);
  await api.end('SIGTERM');
  return judge(engine, { report: JSON.parse(report), seen, deleted, peak });
}

type Observed = {
  readonly report: { counts: Record<string, Record<string, number>>; unexpected: string[] };
  readonly seen: Awaited<ReturnType<Awaited<ReturnType<typeof startBystanders>>['stop']>>;
  readonly deleted: Answer;
  readonly peak: number;
};

function judge(engine: Engine, { report, seen, deleted, peak }: Observed): Claim[] {
  for (const [name, outcomes] of Object.entries(report.counts))
    say(
      `  culprit  ${name}: ${Object.entries(outcomes)
        .map(([outcome, times]) => `${outcome}: ${times}`)
        .join(', ')}`,
    );
  for (const each of new Set(report.unexpected.slice(0, 5))) say(`  culprit, unexpected  ${each}`);
  const refused = Object.values(seen).flatMap(({ unexpected }) => unexpected);
  for (const each of new Set(refused.slice(0, 10))) say(`  others, unexpected  ${each}`);
  const claims = Object.entries(seen).map(([name, { ms, unexpected }]) =>
    claim(
      ms.length > 0 && unexpected.length === 0 && percentile(ms, 0.99) < maxMs,
      `${engine}: ${name}: p99 of ${ms.length} is below 1 s: ${percentile(ms, 0.99).toFixed(0)} ms ` +
        `(p50 ${percentile(ms, 0.5).toFixed(0)}, most ${Math.max(...ms).toFixed(0)}); unexpected: ${unexpected.length}`,
    ),
  );
  return [
    ...claims,
    claim(
      report.unexpected.length === 0,
      `${engine}: the culprit gets what the contract says, and 503 only with Retry-After: ${report.unexpected.length} others`,
    ),
    claim(
      deleted.status === 204 && deleted.ms < maxMs,
      `${engine}: an admin deletes the culprit meanwhile in less than 1 s: ${tally([deleted.failure ?? deleted.status])} after ${deleted.ms.toFixed(0)} ms`,
    ),
    claim(
      peak < maxPeakMegabytes,
      `${engine}: the API's memory stays below ${maxPeakMegabytes} MB: peak ${peak.toFixed(0)} MB`,
    ),
  ];
}
