import { startPooler, startPostgres } from '@signet/rig';
import type { TestProject } from 'vitest/node';

/** Starts a PostgreSQL server and a pooler in front of it, for the whole run, and stops both afterwards. */
export default async function setup(project: TestProject) {
  const server = await startPostgres();
  const pooler = await startPooler(server.url).catch(async (error) => {
    await server.stop();
    throw error;
  });
  project.provide('postgresUrl', pooler.url);
  project.provide('serverUrl', server.url);
  return async () => {
    await pooler.stop();
    await server.stop();
  };
}
