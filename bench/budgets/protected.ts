import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitForOutput } from '@signet/rig';
import { runScript, startApi, temporaryFolder } from '../rig/api.ts';
import { type Blast, blast, type Target } from '../rig/blast.ts';
import { signIn } from '../rig/calls.ts';
import { median } from '../rig/figures.ts';
import { claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';

const rounds = 7;
const seconds = 3;
const path = '/protected';

/** Compares GET /protected with the bare framework, and with the same endpoint built on other libraries. */
export async function protectedRoute(stage: Stage) {
  say(`protected: GET ${path} by bearer, on SQLite, ${rounds} rounds of ${seconds} s each, in turn`);
  const api = await startApi(stage);
  const { token } = await signIn(api.port);
  const targets: Record<string, Target> = {
    Signet: { pid: api.pid, port: api.port, path, token },
    'bare Express': await startRival(stage, 'bare-express'),
    'passport-jwt + knex + sqlite3': await startRival(stage, 'passport'),
    'better-auth': await startRival(stage, 'better-auth'),
  };
  const blasts: Record<string, Blast[]> = {};
  for (const target of Object.values(targets)) await blast(target, 2);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, target] of Object.entries(targets))
      blasts[name] = [...(blasts[name] ?? []), await blast(target, seconds)];
  }
  for (const [name, each] of Object.entries(blasts)) {
    const [cpu, rate] = [
      median(each.map(({ cpuMicroseconds }) => cpuMicroseconds)),
      median(each.map(({ perSecond }) => perSecond)),
    ];
    say(
      `  ${name.padEnd(30)} ${cpu.toFixed(0).padStart(5)} µs of CPU a request, ${rate.toFixed(0).padStart(6)} requests a second`,
    );
  }
  /** The median of the rounds' ratios, because the machine's speed may change between rounds. */
  const ratio = (other: string, pick: (each: Blast) => number) =>
    median((blasts.Signet ?? []).map((each, round) => pick(each) / pick(blasts[other]?.[round] ?? each)));
  const cpu = ratio('bare Express', ({ cpuMicroseconds }) => cpuMicroseconds);
  const passport = ratio('passport-jwt + knex + sqlite3', ({ perSecond }) => perSecond);
  const betterAuth = ratio('better-auth', ({ perSecond }) => perSecond);
  return [
    claim(cpu <= 1.3, `CPU per request is ≤ 1.3 × bare Express: ${cpu.toFixed(2)} ×`),
    claim(passport >= 3, `throughput is ≥ 3 × passport-jwt + knex + sqlite3: ${passport.toFixed(2)} ×`),
    claim(betterAuth >= 4, `throughput is ≥ 4 × better-auth: ${betterAuth.toFixed(2)} ×`),
  ];
}

async function startRival(stage: Stage, name: string): Promise<Target> {
  const main = fileURLToPath(new URL(`../rivals/${name}.ts`, import.meta.url));
  const rival = runScript(stage, main, [join(temporaryFolder(stage), 'rival.db')]);
  const [, port] = await waitForOutput(rival, /API at http:\/\/localhost:(\d+)/);
  const token = /^token (.*)$/m.exec(rival.output())?.[1];
  return { pid: rival.pid, port: Number(port), path, ...(token !== undefined && { token }) };
}
