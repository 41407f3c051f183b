import { setTimeout as delay } from 'node:timers/promises';
import { startApi } from '../rig/api.ts';
import { type Answer, type Caller, createCaller, json } from '../rig/calls.ts';
import { percentile, slope, tally } from '../rig/figures.ts';
import { formHeaders, formOf, pictureOf } from '../rig/pictures.ts';
import { claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { cpuSeconds, descriptorCount, memoryMegabytes } from '../rig/usage.ts';

const callers = 10;
/**
 * The pause between two steps of one caller. The load is moderate, because the soak tests time and not load.
 */
const pauseMs = 200;
const sampleSeconds = 10;

/**
 * Everything that users do, for half an hour or `--minutes`: nothing fails,
 * and neither memory nor descriptors grow.
 */
export async function soak(stage: Stage, { minutes }: { minutes: number }) {
  say(`soak: ${callers} users do what users do for ${minutes} minutes, on SQLite`);
  const api = await startApi(stage);
  const answers: Pick<Answer, 'status' | 'ms'>[] = [];
  const unexpected: string[] = [];
  const samples: { seconds: number; rss: number; fds: number }[] = [];
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  let isOver = false;

  const { call, close } = createCaller({ port: api.port });
  for (let index = 0; index < callers; index += 1) {
    const made = await call('POST', '/api/users/signup', {
      body: { name: `User ${index}`, uid: uidOf(index), password },
    });
    if (made.status !== 201) throw new Error(`Sign-up: ${made.status} ${made.text}`);
  }
  close();

  const loops = Array.from({ length: callers }, async (_, index) => {
    while (!isOver) {
      const caller = createCaller({ port: api.port });
      await visit(caller, index, async (expected, answering) => {
        const answer = await answering;
        // Without the text: this process would leak memory if it kept the texts of half an hour.
        answers.push({ status: answer.status, ms: answer.ms });
        if (answer.status !== expected)
          unexpected.push(answer.failure ?? `${answer.status} ${answer.text.slice(0, 200)}`);
        await delay(pauseMs * (0.5 + Math.random()));
        return answer;
      });
      caller.close();
    }
  });

  say('   minute   answers     p50 ms    p99 ms   CPU of a core   RSS MB   descriptors');
  let cpu = cpuSeconds(api.pid);
  let seen = 0;
  for (let sample = 1; sample * sampleSeconds <= minutes * 60; sample += 1) {
    await delay(sample * sampleSeconds * 1000 - elapsed() * 1000);
    samples.push({ seconds: elapsed(), rss: memoryMegabytes(api.pid).now, fds: descriptorCount(api.pid) });
    if ((sample * sampleSeconds) % 60 !== 0) continue;
    const recent = answers.slice(seen).map(({ ms }) => ms);
    seen = answers.length;
    const used = cpuSeconds(api.pid);
    const { rss = 0, fds = 0 } = samples.at(-1) ?? {};
    const cells = [
      (sample * sampleSeconds) / 60,
      recent.length,
      percentile(recent, 0.5).toFixed(1),
      percentile(recent, 0.99).toFixed(1),
    ];
    say(
      [...cells, `${(((used - cpu) / 60) * 100).toFixed(0)} %`, rss.toFixed(1), fds]
        .map((cell) => String(cell).padStart(9))
        .join('  '),
    );
    cpu = used;
  }
  isOver = true;
  await Promise.all(loops);

  // In the first half the heap is still growing to its normal size.
  const settled = samples.slice(Math.floor(samples.length / 2));
  const perHour = (pick: (sample: (typeof samples)[number]) => number) =>
    slope(settled.map((sample) => [sample.seconds / 3600, pick(sample)] as const));
  const rssPerHour = perHour(({ rss }) => rss);
  const fdsPerHour = perHour(({ fds }) => fds);
  const spanHours = ((settled.at(-1)?.seconds ?? 0) - (settled[0]?.seconds ?? 0)) / 3600;
  const meanRss = settled.reduce((sum, { rss }) => sum + rss, 0) / settled.length;
  const most = Math.max(...samples.map(({ fds }) => fds));
  say(
    `  ${answers.length} answers (${tally(answers.map(({ status }) => status))}); peak RSS ${memoryMegabytes(api.pid).peak.toFixed(0)} MB`,
  );
  for (const each of new Set(unexpected.slice(0, 5))) say(`  unexpected: ${each}`);
  return [
    claim(
      unexpected.length === 0,
      `every answer is the expected one, none is 5xx: ${unexpected.length} others`,
    ),
    claim(
      rssPerHour * spanHours < 0.05 * meanRss,
      `memory is flat: ${rssPerHour.toFixed(1)} MB an hour over the second half, at ${meanRss.toFixed(0)} MB; it grew by less than 5 % there`,
    ),
    claim(
      fdsPerHour * spanHours < 2,
      `descriptors are flat: ${fdsPerHour.toFixed(1)} an hour over the second half, ${most} at most`,
    ),
  ];
}

type Step = (expected: number, answering: Promise<Answer>) => Promise<Answer>;

const password = 'a password for half an hour';
const uidOf = (index: number) => `user-${index}`;

/** One visit: signs in, reads, writes, renews the session, signs out. */
async function visit({ call }: Caller, index: number, step: Step): Promise<void> {
  const username = uidOf(index);
  const signedIn = await step(200, call('POST', '/token', { body: { username, password } }));
  if (signedIn.status !== 200) return;
  let { token, refresh_token } = json<{ token: string; refresh_token: string }>(signedIn);

  for (let round = 0; round < 10; round += 1) {
    await step(200, call('GET', '/protected', { token }));
    await step(200, call('GET', '/api/users', { token }));
    await step(200, call('GET', '/api/users?q=t', { token }));
    await step(200, call('GET', '/api/posts?limit=20', { token }));
    await step(200, call('GET', '/api/players', { token }));
    const made = await step(
      201,
      call('POST', '/api/posts', { token, body: { note: `Written by ${username} in a long test` } }),
    );
    if (made.status !== 201) continue;
    const { id } = json<{ id: number }>(made);
    await step(200, call('PATCH', `/api/posts/${id}`, { token, body: { note: 'Changed in a long test' } }));
    await step(204, call('DELETE', `/api/posts/${id}`, { token }));
  }
  const pictured = await step(201, postPicture(call, token));
  if (pictured.status === 201) {
    const { id } = json<{ id: number }>(pictured);
    await step(200, call('GET', `/api/posts/${id}/image`, { token }));
    await step(204, call('DELETE', `/api/posts/${id}`, { token }));
  }
  const renewed = await step(200, call('POST', '/api/sessions/refresh', { body: { refresh_token } }));
  if (renewed.status === 200)
    ({ token, refresh_token } = json<{ token: string; refresh_token: string }>(renewed));
  await step(200, call('GET', '/api/sessions', { token }));
  // All callers have one address, which has 300 failed sign-ins in 15 minutes.
  if (index < 2)
    await step(
      401,
      call('POST', '/token', { body: { username: `nobody-${Math.random()}`, password: 'not the password' } }),
    );
  await step(404, call('GET', '/api/posts/999999999', { token }));
  await step(204, call('DELETE', '/api/sessions/current', { token }));
  await step(401, call('GET', '/protected', { token }));
}

function postPicture(call: Caller['call'], token: string): Promise<Answer> {
  const body = formOf('A picture', pictureOf(100));
  return call('POST', '/api/posts', { token, body, headers: formHeaders });
}
