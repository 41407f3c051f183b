import { execFileSync } from 'node:child_process';
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './api.ts';
import type { Stage } from './stage.ts';

/** A small file system in memory that can be filled quickly. Needs root. */
export function mountTiny(stage: Stage, megabytes: number): string {
  const folder = temporaryFolder(stage);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'signet-bench', folder]);
  stage.onEnd(() => unmount(folder));
  return folder;
}

/**
 * An ext4 file system in a file. Like a server's disk, it becomes read-only at the first error. Needs root.
 */
export function mountExt4(stage: Stage, megabytes: number) {
  const folder = temporaryFolder(stage);
  const image = `${folder}.image`;
  writeFileSync(image, '');
  truncateSync(image, megabytes * 1024 * 1024);
  stage.onEnd(() => stage.remove(image));
  execFileSync('mkfs.ext4', ['-q', '-F', image]);
  const mount = (options: string) => execFileSync('mount', ['-o', `loop,${options}`, image, folder]);
  mount('errors=remount-ro');
  stage.onEnd(() => unmount(folder));
  return {
    folder,
    /** Remounts the file system as an operator would. Returns the message of `mount` if that fails. */
    remount: (option: 'ro' | 'rw'): string | undefined => {
      try {
        execFileSync('mount', ['-o', `remount,${option}`, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
        return undefined;
      } catch (error) {
        return String((error as { stderr?: unknown }).stderr ?? error).split('\n', 1)[0];
      }
    },
    /** Makes the kernel find an error: the file system is read-only at once, until it is repaired. */
    fail: () => writeFileSync(`/sys/fs/ext4/${deviceOf(folder)}/trigger_fs_error`, 'bench'),
    repairAndMount: (options: string) => {
      unmount(folder);
      try {
        execFileSync('e2fsck', ['-y', '-f', image], { stdio: 'ignore' });
      } catch (error) {
        // Exit code 1 means that e2fsck has corrected errors.
        if ((error as { status?: unknown }).status !== 1) throw error;
      }
      mount(options);
    },
  };
}

/** Writes until not one more byte fits. */
export function fill(file: string): void {
  for (let chunk = 1024 * 1024; chunk >= 1; chunk = Math.floor(chunk / 2)) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(chunk), { flag: 'a' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }
}

/** Makes the folder and every file in it immutable, also for processes that have a file open. */
export function freeze(folder: string): void {
  for (const path of [...readdirSync(folder).map((name) => join(folder, name)), folder])
    changeAttributes('+i', path);
}

export function thaw(folder: string): void {
  for (const path of [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    changeAttributes('-i', path);
}

function changeAttributes(change: string, path: string): void {
  execFileSync('chattr', [change, path], { stdio: ['ignore', 'ignore', 'ignore'] });
}

function unmount(folder: string): void {
  execFileSync('umount', [folder]);
}

function deviceOf(folder: string): string {
  const source = execFileSync('findmnt', ['-n', '-o', 'SOURCE', folder], { encoding: 'utf8' }).trim();
  return source.replace('/dev/', '');
}
