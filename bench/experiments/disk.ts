import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runApi, startApi } from '../rig/api.ts';
import { fill, freeze, mountExt4, mountTiny, thaw } from '../rig/file-systems.ts';
import { type Claim, claim, say } from '../rig/report.ts';
import type { Stage } from '../rig/stage.ts';
import { diskOfPostgres } from './disk-of-postgres.ts';
import { visitDisk } from './disk-visit.ts';

/** The API refuses growth below 64 MiB of free disk, so there must be more than that at first. */
const diskMegabytes = 128;

/**
 * The disk becomes full or read-only while the API runs: writes get 503,
 * reads work, no acknowledged write is lost.
 */
export async function disk(stage: Stage): Promise<Claim[]> {
  if (userInfo().uid !== 0) return [claim(false, 'only root may mount the file systems that this needs')];
  return [
    ...(await full(stage)),
    ...(await frozen(stage)),
    ...(await failed(stage)),
    ...(await readOnlyAtStart(stage)),
    ...(await diskOfPostgres(stage)),
  ];
}

async function full(stage: Stage): Promise<Claim[]> {
  say(`disk: full (a tmpfs of ${diskMegabytes} MB, filled up), on SQLite`);
  const folder = mountTiny(stage, diskMegabytes);
  const filler = join(folder, 'filler');
  const visit = await visitDisk(stage, folder);
  return visit.through('full', {
    begin: () => fill(filler),
    end: () => rmSync(filler),
  });
}

async function frozen(stage: Stage): Promise<Claim[]> {
  say('disk: read-only (ext4, every file immutable, also for processes that have it open), on SQLite');
  const disk = mountExt4(stage, diskMegabytes);
  const visit = await visitDisk(stage, disk.folder);
  return visit.through('read-only', { begin: () => freeze(disk.folder), end: () => thaw(disk.folder) });
}

/**
 * On a disk error the kernel makes the file system read-only. Only a repair,
 * on an unmounted file system, ends that.
 */
async function failed(stage: Stage): Promise<Claim[]> {
  say('disk: failed (ext4 after an error, errors=remount-ro), on SQLite');
  const disk = mountExt4(stage, diskMegabytes);
  const visit = await visitDisk(stage, disk.folder);
  say(`  mount -o remount,ro while the API runs: ${disk.remount('ro') ?? 'done'}`);
  disk.remount('rw');
  // By then everything is on the disk, so that every page that SQLite
  // changes from now on needs the file system.
  execFileSync('sync', ['-f', disk.folder]);
  disk.fail();
  const during = await visit.whileAway('failed');
  say(`  mount -o remount,rw afterwards: ${disk.remount('rw') ?? 'done'}`);
  const { code } = await visit.api.end('SIGTERM');
  disk.repairAndMount('errors=remount-ro');
  const again = await startApi(stage, { folder: disk.folder });
  const after = await visit.whatIsThere(again, 'failed, repaired and started again');
  await again.end('SIGTERM');
  return [...during, claim(code === 0, `failed: it ends in good order on SIGTERM (${code})`), ...after];
}

async function readOnlyAtStart(stage: Stage): Promise<Claim[]> {
  say('disk: read-only at start');
  const claims: Claim[] = [];
  for (const state of ['with data', 'empty'] as const) {
    const disk = mountExt4(stage, diskMegabytes);
    if (state === 'with data') await (await startApi(stage, { folder: disk.folder })).end('SIGTERM');
    disk.repairAndMount('ro');
    const api = runApi(stage, { DATA_DIR: disk.folder });
    const began = performance.now();
    const { code } = await Promise.race([api.exit, delay(15_000).then(() => api.end('SIGKILL'))]);
    const message = api.errors().trim();
    say(`  ${message.replaceAll('\n', '\n  ')}`);
    const isClear =
      [disk.folder, 'read-only', 'DATA_DIR'].every((word) => message.includes(word)) &&
      message.split('\n').length === 1;
    claims.push(
      claim(
        code === 1 && isClear,
        `${state}: it exits with 1 after ${(performance.now() - began).toFixed(0)} ms and says why`,
      ),
    );
  }
  return claims;
}
