import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { createPasswords } from './auth/passwords.ts';
import { resolveSecret } from './auth/secret-file.ts';
import { createClock } from './clock.ts';
import { checkSettings } from './db/check-settings.ts';
import { claimDatabase } from './db/claim.ts';
import { connect, connectReader } from './db/connect.ts';
import { loadDemoData } from './db/demo-data.ts';
import { explaining } from './db/explain.ts';
import { migrate } from './db/migrate.ts';
import { requireOwnFile, requireOwnSchema } from './db/ownership.ts';
import { waitForDatabase } from './db/wait.ts';
import { explainStart } from './explain-start.ts';
import { drain } from './http/drain.ts';
import { listen } from './http/listen.ts';
import { urlOf } from './http/url.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { readProcessConfig } from './process-config.ts';
import { createServices } from './services.ts';
import { listenForReports } from './trace/report-listener.ts';
import { createTrace } from './trace/trace.ts';

/** While draining behind a proxy, idle connections stay open for longer than the proxy keeps them. */
const idleSecondsBehindProxy = 5;
const drainSeconds = 9;
const hourMs = 60 * 60 * 1000;

/**
 * Before it listens it exits at once. The first process of a container ignores SIGTERM unless it has
 * a handler.
 */
let stop: (signal: NodeJS.Signals) => void = () => process.exit(0);
process.on('SIGTERM', (signal) => stop(signal));
process.on('SIGINT', (signal) => stop(signal));

try {
  await start();
} catch (error) {
  process.stderr.write(`${explainStart(error)}\n`);
  process.exit(1);
}

async function start(): Promise<void> {
  const config = readProcessConfig();
  const clock = createClock();
  const log = createLog(config.log);
  const secret = resolveSecret(config.keys.secret);
  await requireOwnFile(config.database);
  const release = await claimDatabase(config.database);
  const db = connect(config.database);
  await explaining(config.database, async () => {
    await waitForDatabase(db, log);
    await checkSettings(db);
    await requireOwnSchema(db);
    await migrate(db);
  });
  if (config.demoData) await loadDemoData(db, clock);

  const reader = connectReader(config.database, db);
  const passwords = createPasswords(config.passwords);
  const metrics = createMetrics({ passwords });
  metrics.watchProcess();
  const services = createServices({ config, secret, db, reader, passwords, metrics, clock });
  if (!config.demoData) await services.demoUsers.shutOut((message) => log.warn(message));
  const trace = config.trace && createTrace();
  const reports =
    trace && (await listenForReports({ ...config.trace, trace, clock, log, count: metrics.countReport }));
  const server = await listen(createApp({ config, services, log, metrics, trace }), config.server);
  const stopSweeping = sweepHourly(services.sweep, log);
  log.info(
    { origins: config.origins, cookie_profile: config.cookies.profile },
    `API at ${urlOf(server.address())}`,
  );
  announcePort(server);
  stop = createStop({
    server,
    log,
    idleSeconds: config.server.trustProxy > 0 ? idleSecondsBehindProxy : 0,
    close: [
      stopSweeping,
      () => reports?.close(),
      passwords.close,
      () => reader.destroy(),
      () => db.destroy(),
      release,
    ],
  });
}

/** Sweeps now and every hour; returns a function that stops it. */
function sweepHourly(sweep: () => Promise<void>, log: Logger): () => void {
  const run = () =>
    sweep().catch((err) => log.warn({ err }, 'Removing expired rows failed; the next attempt is in an hour'));
  void run();
  const timer = setInterval(run, hourMs);
  return () => clearInterval(timer);
}

type Stopping = {
  readonly server: Server;
  readonly log: Logger;
  readonly idleSeconds: number;
  readonly close: readonly (() => unknown)[];
};

/**
 * On SIGTERM or SIGINT: accept nothing new, finish the requests in progress, exit 0. A second signal
 * changes nothing.
 */
function createStop({
  server,
  log,
  idleSeconds,
  close,
}: Stopping): (signal: NodeJS.Signals) => Promise<void> {
  let stopping = false;
  return async (signal) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'finishing the requests in progress');
    await drain(server, { idleSeconds, totalSeconds: drainSeconds });
    for (const each of close) await each();
    process.exit(0);
  };
}

/**
 * Tells the port to the parent process, if that started this one with an IPC channel: under `PORT=0` the
 * system chooses the port, and tests and benches must not depend on the text of a log line.
 */
function announcePort(server: Server): void {
  const address = server.address();
  if (process.connected && typeof address === 'object' && address !== null)
    process.send?.({ ready: { port: address.port } });
}
