import { type Endpoint, endpoints, isLimitedWrite, maxImageBytes } from '@signet/contracts';
import cookieParser from 'cookie-parser';
import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { createAssayHandlers } from './assay/handlers.ts';
import { createAuditHandlers } from './audit/handlers.ts';
import { createRefusals } from './audit/refusals.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { createCookies } from './auth/cookies.ts';
import type { Config } from './config/config.ts';
import { isUnavailable } from './db/failures.ts';
import { AppError } from './errors.ts';
import type { Principal } from './http/call.ts';
import { createCors } from './http/cors.ts';
import { createErrorHandler } from './http/error-handler.ts';
import { createForwardedCheck } from './http/forwarded-address.ts';
import { refuseUnclearFraming } from './http/framing.ts';
import { createHostGuard } from './http/host-check.ts';
import { inTurn } from './http/in-turn.ts';
import { mount } from './http/mount.ts';
import { createObserver, type RequestRecord } from './http/observe.ts';
import { createOriginGuard } from './http/origin-guard.ts';
import { parseQuery } from './http/query.ts';
import { refusalOf } from './http/refusal-of.ts';
import { createRequestLog } from './http/request-log.ts';
import { createRequestMetrics } from './http/request-metrics.ts';
import { securityHeaders } from './http/security-headers.ts';
import { addressOf, recordedRefusals } from './limits/service.ts';
import type { Metrics } from './metrics.ts';
import { createPlayerHandlers } from './players/handlers.ts';
import { createPostHandlers } from './posts/handlers.ts';
import type { Services } from './services.ts';
import { createSessionHandlers } from './sessions/handlers.ts';
import { createTokenHandlers } from './sessions/token-handlers.ts';
import { createSystemHandlers } from './system/handlers.ts';
import { createTraceHandlers } from './trace/handlers.ts';
import { createRecorder } from './trace/recorder.ts';
import type { Trace } from './trace/trace.ts';
import { createUserHandlers } from './users/handlers.ts';

type AppDeps = {
  readonly config: Config;
  readonly services: Services;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Where every request is recorded; only on one's own machine is there one. */
  readonly trace: Trace | undefined;
};

/** Composes the API: what a request meets, in order. Listens to nothing and starts nothing. */
export function createApp({ config, services, log, metrics, trace }: AppDeps): Express {
  const {
    keys,
    tokens,
    posts,
    players,
    users,
    sessions,
    principals,
    authority,
    audit,
    limits,
    room,
    clock,
    isReady,
  } = services;
  const {
    signIn,
    sessionService,
    refresh,
    changePassword,
    userService,
    presentUser,
    postService,
    playerService,
  } = services;
  const tokenSeconds = tokens.lifetimeSeconds;
  const cookies = createCookies({
    ...config.cookies,
    tokenSeconds,
    refreshSeconds: config.sessions.idleSeconds,
  });
  const recordRefusal = createRefusals({
    run: authority.run,
    count: limits.countRefusal,
    limit: recordedRefusals,
    addressOf,
    record: audit.record,
    now: clock.now,
    onFailure: (err, { request_id }) =>
      log.error({ err, request_id }, 'a refusal is missing in the audit log'),
  });
  const handlers = {
    ...createTokenHandlers({
      signIn,
      refresh,
      changePassword,
      sessionsOf: sessionService.sessionsOf,
      cookies,
      deviceTokens: services.deviceTokens,
      identifyDevice: tokens.identifyDevice,
      tokenSeconds,
      presentSelf: (user) => presentUser(user, { user_id: user.id, role: user.role }),
    }),
    ...createSessionHandlers({ service: sessionService, sessions, cookies, readUser: userService.read }),
    ...createUserHandlers({
      service: userService,
      setPassword: services.setPassword,
      present: presentUser,
      readActivity: services.readActivity,
      users,
      limits,
    }),
    ...createPostHandlers({ service: postService, posts }),
    ...createPlayerHandlers({ service: playerService, players }),
    ...createAuditHandlers({ audit, askPrincipal: principals.ask }),
    ...createTraceHandlers({ trace }),
    ...createAssayHandlers({ profile: config.cookies.profile, now: clock.now }),
    ...createSystemHandlers({
      jwks: keys.jwks,
      isReady,
      readMetrics: metrics.text,
      metricsAccess: config.metrics,
    }),
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('trust proxy', config.server.trustProxy);
  app.set('query parser', parseQuery);

  const trustsProxy = config.server.trustProxy > 0;
  const recorder =
    trace &&
    createRecorder({
      trace,
      statementTime: services.statementTime,
      readTokens: (headers) => cookies.readAll(headers).tokens,
      clock,
    });
  const subscribers = [
    createRequestLog(log),
    createRequestMetrics(metrics.observeRequest),
    ...(recorder ? [recorder.record] : []),
  ];
  // `listen` has the app emit this for a request whose head could not be read.
  app.addListener('unreadable', (record: RequestRecord) => {
    for (const subscriber of subscribers) subscriber(record);
  });
  app.use(
    inTurn([
      createObserver(subscribers, { trustsProxy }),
      ...(recorder ? [recorder.measure] : []),
      ...(trustsProxy ? [createForwardedCheck(log)] : []),
      securityHeaders,
      // Before everything that can refuse: an error without these headers reaches a page as an unexplained
      // network error.
      createCors(config.origins),
      createHostGuard(config.hosts),
      refuseUnclearFraming,
      cookieParser(),
    ]),
  );
  mount(app, endpoints, handlers, {
    guardOrigin: createOriginGuard({
      origins: config.origins,
      hasSessionCookie: ({ headers }) => cookies.arePresent(headers),
    }),
    authenticate: createAuthenticate({ tokens, cookies, findPrincipal: principals.find }),
    callerOf: ({ ip }, principal) => (principal ? `user ${principal.user_id}` : addressOf(ip)),
    admitGrowth(endpoint, principal, bytes) {
      const counted = isLimitedWrite(endpoint) ? principal : undefined;
      return counted || endpoint.grows ? admitWrite(endpoint, counted, bytes) : undefined;
    },
    isOwnMachine: config.isOwnMachine,
    askPrincipal: principals.ask,
  });
  async function admitWrite({ grows, multipart }: Endpoint, counted: Principal | undefined, bytes: number) {
    const quota = counted && (await limits.takeWrite(counted.user_id));
    // A caller can announce any length; no more than this is ever stored, so no more is subtracted from
    // the room.
    if (grows) await room.require(Math.min(bytes, multipart ? maxImageBytes : 10_000));
    return quota;
  }

  app.use(() => {
    throw new AppError('not_found', 'There is nothing at this path');
  });
  app.use(
    createErrorHandler({
      log,
      isUnavailable,
      onProblem: metrics.countProblem,
      onRefusal: (request, refusal) => recordRefusal(refusalOf(request, refusal)),
    }),
  );
  return app;
}
