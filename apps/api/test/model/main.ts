import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '@signet/rig';
import fc from 'fast-check';
import knex from 'knex';
import { runSchedules } from './schedules.ts';
import { startSystem } from './system.ts';

/** Each batch gets a fresh database, so that it stays small. */
const batchSize = 200;

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'both' },
    schedules: { type: 'string', default: '100000' },
    seed: { type: 'string' },
    path: { type: 'string' },
    'replay-path': { type: 'string' },
  },
});
const count = Number(values.schedules);
const firstSeed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 30));
const engines = values.engine === 'both' ? ['sqlite', 'postgres'] : [values.engine];

let stop = async () => {};
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    isStopped = true;
    await stop();
    process.exit(1);
  });
}

for (const engine of engines) {
  const databases = engine === 'postgres' ? await postgresDatabases() : sqliteDatabases();
  stop = databases.stop;
  try {
    await runAll(engine, databases.next);
  } finally {
    await databases.stop();
  }
}

async function runAll(engine: string, nextDatabase: () => Promise<string>): Promise<void> {
  const beganAt = performance.now();
  say(`${engine}: begins with seed ${firstSeed}\n`);
  for (let done = 0, seed = firstSeed; done < count && process.exitCode === undefined; seed += 1) {
    const batch = Math.min(batchSize, count - done);
    const system = await startSystem(await nextDatabase());
    const details = await runSchedules(system, {
      count: batch,
      seed,
      path: values.path,
      replayPath: values['replay-path'],
    });
    if (isStopped) return;
    await system.stop();
    if (details.failed) {
      const report = fc.defaultReportMessage(details) ?? '';
      const [, replayPath] = /replayPath="([^"]+)"/.exec(report) ?? [];
      const replay = `--seed ${seed} --path ${details.counterexamplePath} --replay-path ${replayPath}`;
      say(`${report}\n${details.errorInstance}\n`);
      say(`Replay: npm run model -- --engine ${engine} --schedules 1 ${replay}\n`);
      process.exitCode = 1;
    }
    done += batch;
    const seconds = (performance.now() - beganAt) / 1000;
    say(`${engine}: ${done} of ${count} schedules, seed ${seed}, ${(done / seconds).toFixed(0)} a second\n`);
  }
}

function sqliteDatabases() {
  // Processes die here, never the machine, so the files may stay in memory.
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(parent, 'signet-model-'));
  let made = 0;
  return {
    next: async () => {
      made += 1;
      return `sqlite:${join(folder, `${made}.db`)}`;
    },
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function postgresDatabases() {
  const server = await startPostgres();
  const admin = knex({ client: 'pg', connection: server.url });
  let made = 0;
  return {
    next: async () => {
      if (made > 0) await admin.raw('drop database ??', [`model_${made}`]);
      made += 1;
      await admin.raw('create database ??', [`model_${made}`]);
      return Object.assign(new URL(server.url), { pathname: `/model_${made}` }).href;
    },
    stop: async () => {
      await server.stop();
      await admin.destroy();
    },
  };
}

function say(text: string): void {
  process.stdout.write(text);
}
