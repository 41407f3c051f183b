import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../errors.ts';
import type { Database, DatabaseConfig } from './connect.ts';
import { inMemory } from './sqlite.ts';

const mebibyte = 1024 * 1024;

/**
 * What growth leaves free on SQLite's disk: signing in, refreshing and deleting write as well, and must go on
 * when growth is refused.
 */
const reserveBytes = 64 * mebibyte;

/**
 * Pages that SQLite will use again are room too, but a write is in the WAL first, which needs disk that
 * is free.
 */
const walBytes = 24 * mebibyte;

/** A measurement is good for this long; growth that it admits meanwhile is subtracted from it. */
const measuredForMs = { sqlite: 250, postgres: 5000 };

export type Room = ReturnType<typeof createRoom>;

type RoomDeps = {
  readonly config: DatabaseConfig;
  readonly reader: Database;
  /** Bytes that are free on the disk of this folder. */
  readonly readFreeBytes?: (folder: string) => Promise<number>;
};

/** Whether the database may grow. */
export function createRoom({ config, reader, readFreeBytes = freeBytesOf }: RoomDeps) {
  /** How many bytes there is room for, and until when that counts as measured. */
  let latest: Promise<{ bytes: number }> | undefined;
  let end = 0;

  return {
    /** Throws `not_ready` if there is no room for `bytes` more. */
    async require(bytes = 0): Promise<void> {
      if (!latest || performance.now() >= end) {
        latest = measure().then((room) => ({ bytes: room }));
        end = performance.now() + measuredForMs[config.engine];
        // The next caller measures again; this one gets the error below.
        latest.catch(() => {
          latest = undefined;
        });
      }
      const room = await latest;
      room.bytes -= bytes;
      if (room.bytes >= 0) return;
      throw new AppError('not_ready', 'The database has no room for anything new at the moment', {
        retryAfterSeconds: 60,
      });
    },
  };

  async function measure(): Promise<number> {
    if (config.engine === 'postgres') {
      if (config.maxBytes === undefined) return Number.POSITIVE_INFINITY;
      const { rows } = await reader.raw('select pg_database_size(current_database()) as bytes');
      return config.maxBytes - rows[0].bytes;
    }
    if (config.file === inMemory) return Number.POSITIVE_INFINITY;
    const free = await readFreeBytes(dirname(config.file));
    const [{ freelist_count: pages }] = await reader.raw('PRAGMA freelist_count');
    const [{ page_size: size }] = await reader.raw('PRAGMA page_size');
    return Math.min(free + pages * size - reserveBytes, free - walBytes);
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
