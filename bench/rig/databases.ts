import { randomBytes } from 'node:crypto';
import { startPostgres } from '@signet/rig';
import { temporaryFolder } from './api.ts';
import type { Stage } from './stage.ts';

export const engines = ['SQLite', 'PostgreSQL'] as const;
export type Engine = (typeof engines)[number];

/** The settings for an empty database of this engine, which writes to the disk as in production. */
export async function freshDatabase(
  stage: Stage,
  engine: Engine,
): Promise<{ env: Record<string, string>; folder: string }> {
  const folder = temporaryFolder(stage);
  if (engine === 'SQLite') return { env: {}, folder };
  const server = await startPostgres({ isDurable: true });
  stage.onEnd(server.stop);
  return { env: { DATABASE_URL: server.url, SECRET_KEY: randomBytes(48).toString('base64url') }, folder };
}
