import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './errors.ts';

/**
 * Makes a folder, and the folders above it, if they do not exist. Throws the error of the system.
 *
 * Not by `recursive`: with it Node 20 tries without end where the system refuses with ENOENT to make a folder
 * in one that exists, as it does in /proc, and in /sys of a container.
 */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
