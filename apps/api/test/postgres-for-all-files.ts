import { startPostgres } from '@signet/rig';
import type { TestProject } from 'vitest/node';

/** Starts a PostgreSQL server in a temporary folder for the whole run, and stops it afterwards. */
export default async function setup(project: TestProject) {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  project.provide('serverUrl', server.url);
  return server.stop;
}
