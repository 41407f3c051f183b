export { type Breakage, change, createBrokenProxy, type Line, remove } from './broken-proxy.ts';
export { type Fault, type FaultKind, faults } from './faults.ts';
export {
  findChromium,
  findFirefox,
  findInitdb,
  findMiniBrowser,
  findNginx,
  type TestTool,
  testTools,
} from './find-tools.ts';
export { freePorts } from './free-ports.ts';
export { installNode, nodeMajors, nodeVersions } from './install-node.ts';
export { createOutputFile } from './output-file.ts';
export type { PostgresServer } from './postgres-server.ts';
export { runApi, startApi } from './run-api.ts';
export { type NodeProcess, runNode, runProgram, waitForOutput } from './run-node.ts';
export { startPooler } from './start-pooler.ts';
export { ordinaryUser, startPostgres } from './start-postgres.ts';
export { type PostgresPair, startPostgresPair } from './start-postgres-pair.ts';
