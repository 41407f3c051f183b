import { randomUUID } from 'node:crypto';
import { constants, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A file for the output of a process. It has no name any more, so
 * nothing is left to remove, even after a kill.
 *
 * A file and not a pipe: a process under load never waits until its output is read, and everything that it
 * wrote is there as soon as it has ended.
 */
export function createOutputFile() {
  const path = join(tmpdir(), `signet-output-${randomUUID()}`);
  const { O_APPEND, O_CREAT, O_EXCL, O_RDWR } = constants;
  const descriptor = openSync(path, O_APPEND | O_CREAT | O_EXCL | O_RDWR, 0o600);
  unlinkSync(path);
  return {
    descriptor,
    /** What has been written so far. */
    read(): string {
      const bytes = Buffer.alloc(fstatSync(descriptor).size);
      return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, 0));
    },
  };
}
