import { Writable } from 'node:stream';
import type { Endpoint } from '@signet/contracts';
import express from 'express';
import type { Gate } from '../src/http/admit.ts';
import type { HandlersOf, Principal } from '../src/http/call.ts';
import { createErrorHandler } from '../src/http/error-handler.ts';
import { mount } from '../src/http/mount.ts';
import { createObserver, type RequestRecord } from '../src/http/observe.ts';
import { createLog } from '../src/log.ts';
import { serveForTest } from './listen-for-test.ts';
import { type SendOptions, send } from './start-api.ts';

/** The principal that the gate of `serveTable` lets in. */
export const niko: Principal = {
  user_id: 2,
  uid: 'niko',
  role: 'user',
  session_id: 'a session',
  carrier: 'bearer',
};

/**
 * A server with these endpoints alone, on a free port, until the test finishes. Its gate lets every request
 * in as niko; `gate` replaces parts of it.
 */
export async function serveTable<T extends Record<string, Endpoint>>(
  table: T,
  handlers: HandlersOf<T>,
  gate: Partial<Gate> = {},
) {
  const records: RequestRecord[] = [];
  const lines: string[] = [];
  const destination = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(`${chunk}`)) });
  const app = express();
  app.use(createObserver([(record) => void records.push(record)], { trustsProxy: false }));
  mount(app, table, handlers, {
    guardOrigin: () => {},
    authenticate: async () => niko,
    isOwnMachine: true,
    askPrincipal: async () => niko,
    admitGrowth: async () => undefined,
    callerOf: () => 'niko',
    ...gate,
  });
  const log = createLog({ level: 'trace' }, destination);
  app.use(
    createErrorHandler({ log, isUnavailable: () => false, onProblem: () => {}, onRefusal: async () => {} }),
  );
  const { server, url } = await serveForTest(app);
  return {
    url,
    server,
    /** What the subscribers of the observer were given. */
    records,
    /** What was logged, as text. */
    logged: () => lines.join(''),
    send: (method: string, path: string, options?: SendOptions) => send(url, method, path, options),
  };
}
