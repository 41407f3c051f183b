import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/db/connect.ts';
import { createRoom } from '../../src/db/room.ts';

const mebibyte = 1024 * 1024;

/** The room of a new SQLite file on a disk with so much space. */
function roomOn(freeBytes: number) {
  const folder = mkdtempSync(join(tmpdir(), 'signet-room-'));
  const config = { engine: 'sqlite', file: join(folder, 'signet.db') } as const;
  const reader = connect(config);
  onTestFinished(async () => {
    await reader.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  return createRoom({ config, reader, readFreeBytes: async () => freeBytes });
}

const refusal = { code: 'not_ready', retryAfterSeconds: 60 };

test('an SQLite database does not grow into the last 64 MiB of its disk', async () => {
  await expect(roomOn(64 * mebibyte - 1).require()).rejects.toMatchObject(refusal);
  await expect(roomOn(64 * mebibyte).require()).resolves.toBeUndefined();
  await expect(roomOn(65 * mebibyte).require(2 * mebibyte)).rejects.toMatchObject(refusal);
});

test('what was admitted since the disk was measured counts against its room', async () => {
  const room = roomOn(70 * mebibyte);
  const uploads = await Promise.allSettled([1, 2, 3].map(() => room.require(4 * mebibyte)));
  expect(uploads.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
});

test('a disk that cannot be measured fails the request and is measured again for the next one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signet-room-'));
  const config = { engine: 'sqlite', file: join(folder, 'signet.db') } as const;
  const reader = connect(config);
  onTestFinished(async () => {
    await reader.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  const answers = [Promise.reject(new Error('EIO')), Promise.resolve(100 * mebibyte)];
  const room = createRoom({ config, reader, readFreeBytes: async () => answers.shift() ?? 0 });
  await expect(room.require()).rejects.toThrow('EIO');
  await expect(room.require()).resolves.toBeUndefined();
});
