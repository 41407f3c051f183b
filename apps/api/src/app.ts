import { endpoints } from '@signet/contracts';
import cookieParser from 'cookie-parser';
import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { createAuditHandlers } from './audit/handlers.ts';
import { createAuditStore } from './audit/store.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { createCookies } from './auth/cookies.ts';
import { createKeyRing } from './auth/keys.ts';
import type { Passwords } from './auth/passwords.ts';
import { createRefreshTokens } from './auth/refresh-tokens.ts';
import { createTokens } from './auth/tokens.ts';
import type { Config } from './config.ts';
import type { Database } from './db/connect.ts';
import { isUnavailable } from './db/failures.ts';
import { isMigrated } from './db/migrate.ts';
import { AppError } from './errors.ts';
import type { Principal } from './http/call.ts';
import { createCors } from './http/cors.ts';
import { createErrorHandler } from './http/error-handler.ts';
import { mount } from './http/mount.ts';
import { createOriginGuard } from './http/origin-guard.ts';
import { createRequestLog } from './http/request-log.ts';
import { createRequestMetrics } from './http/request-metrics.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createImageStore } from './images/store.ts';
import { createLimits } from './limits/service.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createPlayerHandlers } from './players/handlers.ts';
import { createPlayerService } from './players/service.ts';
import { createPlayerStore } from './players/store.ts';
import { createPostHandlers } from './posts/handlers.ts';
import { createPostService } from './posts/service.ts';
import { createPostStore } from './posts/store.ts';
import { createSessionHandlers } from './sessions/handlers.ts';
import { createSessionService } from './sessions/service.ts';
import { createSessionStore } from './sessions/store.ts';
import { createSystemHandlers } from './system/handlers.ts';
import { createUserHandlers } from './users/handlers.ts';
import { createUserService } from './users/service.ts';
import { createUserStore } from './users/store.ts';

type AppDeps = {
  readonly config: Config;
  readonly secret: Buffer;
  readonly db: Database;
  /** For what only reads; see `connectReader`. */
  readonly reader: Database;
  readonly log: Logger;
  readonly passwords: Passwords;
  /** Where to count; a registry of its own where none is given. */
  readonly metrics?: Metrics;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

export type Services = ReturnType<typeof createServices>;

/** The stores and the rules over them, without HTTP: what the API and the command line have in common. */
export function createServices({
  config,
  secret,
  db,
  reader,
  passwords,
  metrics,
  now = Date.now,
}: Omit<AppDeps, 'log'>) {
  const keys = createKeyRing({ ...config.keys, secret });
  const tokens = createTokens({ keys, ...config.tokens, now });
  const images = createImageStore({ reader });
  const posts = createPostStore({ db, reader, images, now });
  const players = createPlayerStore({ db, reader });
  const users = createUserStore({ db, reader, removePosts: posts.removeAllOf, now });
  const sessions = createSessionStore({ db, reader, now, ...config.sessions });
  const audit = createAuditStore({ db, now, onRecord: metrics?.countEvent });
  const limits = createLimits({ db, now });
  const { record } = audit;

  const sessionService = createSessionService({
    sessions,
    users,
    passwords,
    tokens,
    refreshTokens: createRefreshTokens(keys.refreshKeys),
    limits,
    record,
    graceSeconds: config.sessions.graceSeconds,
    now,
  });
  const userService = createUserService({
    users,
    passwords,
    checkPassword: sessionService.checkPassword,
    changePassword: sessions.changePassword,
    record,
    signup: config.signup,
    now,
  });
  const postService = createPostService({ posts, images });
  const playerService = createPlayerService({ players, passwords });
  return {
    keys,
    tokens,
    posts,
    players,
    users,
    sessions,
    audit,
    limits,
    sessionService,
    userService,
    postService,
    playerService,
  };
}

/** Composes the whole API out of its parts. It listens to nothing and starts nothing. */
export function createApp(deps: AppDeps): Express {
  const { config, db, log, metrics = createMetrics(deps) } = deps;
  const { keys, tokens, posts, players, users, sessions, audit, limits, ...services } = createServices({
    ...deps,
    metrics,
  });
  const { sessionService, userService, postService, playerService } = services;
  const tokenSeconds = tokens.lifetimeSeconds;
  const cookies = createCookies({
    ...config.cookies,
    tokenSeconds,
    refreshSeconds: config.sessions.idleSeconds,
  });
  const { record } = audit;
  const handlers = {
    ...createSessionHandlers({
      service: sessionService,
      sessions,
      cookies,
      limits,
      tokenSeconds,
      presentSelf: (user) => userService.present(user, { user_id: user.id, role: user.role }),
      readUser: userService.read,
    }),
    ...createUserHandlers({ service: userService, users, limits }),
    ...createPostHandlers({ service: postService, posts }),
    ...createPlayerHandlers({ service: playerService, players }),
    ...createAuditHandlers({ audit }),
    ...createSystemHandlers({ jwks: keys.jwks, isReady: () => isMigrated(db), readMetrics: metrics.text }),
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.set('trust proxy', config.server.trustProxy);
  app.set('query parser', 'simple');

  app.use(createRequestMetrics(metrics.observeRequest));
  app.use(createRequestLog(log));
  app.use(securityHeaders);
  // Before everything that can refuse: an error without these headers reaches a page as an unexplained network error.
  app.use(createCors(config.origins));
  app.use(cookieParser());
  mount(app, endpoints, handlers, {
    guardOrigin: createOriginGuard({
      origins: config.origins,
      hasSessionCookie: ({ headers }) => cookies.arePresent(headers),
    }),
    authenticate: createAuthenticate({ tokens, cookies, findPrincipal: sessions.findPrincipal }),
    async onRefusal(event, from, principal?: Principal) {
      try {
        // Bounded, or anybody could fill the database with refusals.
        await limits.take('refusal', from.ip);
        await record(event, from, {
          user_id: principal?.user_id ?? null,
          session_id: principal?.session_id ?? null,
        });
      } catch (error) {
        // Whoever was refused is refused, whether or not it can be written down.
        if (!(error instanceof AppError))
          log.error({ err: error, request_id: from.request_id }, 'a refusal is missing in the audit log');
      }
    },
  });
  app.use(() => {
    throw new AppError('not_found', 'There is nothing at this path');
  });
  app.use(createErrorHandler({ log, isUnavailable, onProblem: metrics.countProblem }));
  return app;
}
