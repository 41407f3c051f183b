import { createAuditStore } from './audit/store.ts';
import { createDeviceTokens } from './auth/device-tokens.ts';
import { createKeyRing } from './auth/keys.ts';
import type { Passwords } from './auth/passwords.ts';
import { createRefreshTokens } from './auth/refresh-tokens.ts';
import { createTokens } from './auth/tokens.ts';
import { createUidDigest } from './auth/uid-digest.ts';
import { type Clock, createClock } from './clock.ts';
import type { Config } from './config/config.ts';
import type { Database } from './db/connect.ts';
import { isMigrated } from './db/migrate.ts';
import { createRoom } from './db/room.ts';
import { createStatementTime } from './db/statement-time.ts';
import { watchConnections, watchWrites } from './db/watch.ts';
import { createImageStore } from './images/store.ts';
import { createLimits } from './limits/service.ts';
import type { Metrics } from './metrics.ts';
import { createPlayerService } from './players/service.ts';
import { createPlayerStore } from './players/store.ts';
import { createPostService } from './posts/service.ts';
import { createPostStore } from './posts/store.ts';
import { createUsageStore } from './posts/usage-store.ts';
import { createAttempts } from './sessions/attempts.ts';
import { createAuthority } from './sessions/authority-store.ts';
import { createPasswordChange } from './sessions/change-password.ts';
import { createPasswordCheck } from './sessions/check-password.ts';
import { createSessionEnds } from './sessions/end-store.ts';
import { createIssueTokens } from './sessions/issue-tokens.ts';
import { createSessionLifetimes } from './sessions/lifetime-store.ts';
import { createPrincipalMemory } from './sessions/principal-memory.ts';
import { createPrincipalStore } from './sessions/principal-store.ts';
import { createRefresh } from './sessions/refresh.ts';
import { createSessionService } from './sessions/service.ts';
import { createSignIn } from './sessions/sign-in.ts';
import { createSessionStore } from './sessions/store.ts';
import { createReadiness } from './system/readiness.ts';
import { createReadActivity } from './users/activity.ts';
import { createDemoUsers } from './users/demo-store.ts';
import { createPresentUser } from './users/present.ts';
import { createUserService } from './users/service.ts';
import { createSetPassword } from './users/set-password.ts';
import { createUserStore } from './users/store.ts';

/** After so long a request whose session the database does not confirm is answered 503. */
const questionDeadlineMs = 1000;

type ServiceDeps = {
  readonly config: Config;
  readonly secret: Buffer;
  readonly db: Database;
  /** A connection for statements that only read; see `connectReader`. */
  readonly reader: Database;
  readonly passwords: Passwords;
  /** Counts the audit events. The command line has none. */
  readonly metrics?: Pick<Metrics, 'countEvent'>;
  readonly clock?: Clock;
};

export type Services = ReturnType<typeof createServices>;

/** Makes the stores and the rules over them, without HTTP: what the API and the command line share. */
export function createServices({
  config,
  secret,
  db,
  reader,
  passwords,
  metrics,
  clock = createClock(),
}: ServiceDeps) {
  const keys = createKeyRing({ ...config.keys, secret });
  const tokens = createTokens({ keys, ...config.tokens, now: clock.now });
  const images = createImageStore({ reader });
  const room = createRoom({ config: config.database, reader });
  const usage = createUsageStore({ ...config.quota, requireRoom: room.require });
  const posts = createPostStore({ reader, images, usage, clock });
  const players = createPlayerStore({ reader });
  const authority = createAuthority({ db, clock });
  const sessions = createSessionStore({ db, reader, clock });
  const lifetimes = createSessionLifetimes({ db, clock, ...config.sessions });
  const ends = createSessionEnds({ clock, maxSessions: config.quota.maxSessions });
  const users = createUserStore({
    db,
    reader,
    removePosts: posts.removeAllOf,
    endSessions: (trx, user_id) => ends.endAll(trx, user_id, 'password_changed'),
    clock,
  });
  const audit = createAuditStore({ db, reader, clock, onRecord: metrics?.countEvent });
  const limits = createLimits({ db, clock });
  const { record } = audit;
  const principals = createPrincipalMemory({
    store: createPrincipalStore({
      reader,
      clock,
      allowDemoUsers: config.demoData,
      giveUpMs: 2 * questionDeadlineMs,
    }),
    clock,
    stalenessMs: config.sessions.stalenessMs,
    deadlineMs: questionDeadlineMs,
  });
  watchWrites(db, principals.noteWrite);
  watchConnections(reader, principals.empty);

  const refreshTokens = createRefreshTokens(keys.refreshKeys);
  const issueTokens = createIssueTokens({ tokens, refreshTokens });
  const attempts = createAttempts({ limits });
  const requirePassword = createPasswordCheck({ attempts, users, passwords, limits });
  const signIn = createSignIn({
    attempts,
    lifetimes,
    ends,
    users,
    passwords,
    limits,
    record,
    issueTokens,
    digestUid: createUidDigest(secret),
    allowDemoUsers: config.demoData,
  });
  const sessionService = createSessionService({ sessions, ends, authority, tokens, refreshTokens, record });
  const refresh = createRefresh({
    sessions,
    lifetimes,
    ends,
    authority,
    users,
    tokens,
    refreshTokens,
    limits,
    issueTokens,
    record,
    allowDemoUsers: config.demoData,
    graceSeconds: config.sessions.graceSeconds,
    now: clock.now,
  });
  const changePassword = createPasswordChange({
    users,
    lifetimes,
    authority,
    passwords,
    requirePassword,
    issueTokens,
    record,
  });
  const userService = createUserService({
    users,
    authority,
    passwords,
    requirePassword,
    record,
    signup: config.signup,
  });
  const demoUsers = createDemoUsers({
    db,
    removePosts: posts.removeAllOf,
    endSessions: (trx, user_id) => ends.endAll(trx, user_id, 'demo_not_allowed'),
    record,
  });
  return {
    statementTime: createStatementTime(new Set([db, reader])),
    keys,
    deviceTokens: createDeviceTokens(keys.deviceKeys),
    tokens,
    posts,
    players,
    users,
    sessions,
    principals,
    authority,
    audit,
    limits,
    clock,
    room,
    signIn,
    sessionService,
    refresh,
    changePassword,
    userService,
    setPassword: createSetPassword({ users, authority, passwords, record }),
    presentUser: createPresentUser({ clock }),
    readActivity: createReadActivity({
      users,
      findLastSignIn: audit.findLastSignIn,
      countSessions: sessions.countLive,
      countPosts: (user_id) => usage.countPosts(reader, user_id),
    }),
    demoUsers,
    postService: createPostService({ posts, images, authority, record }),
    playerService: createPlayerService({ players, authority, passwords, record }),

    /** Whether the database answers and has every migration. */
    // By the reader: on SQLite these questions would otherwise queue with the writes.
    isReady: createReadiness(() => isMigrated(reader)),

    /** Removes the rows that have run out. Any number of processes may do so at once: each only deletes. */
    async sweep(): Promise<void> {
      await limits.sweep();
      await lifetimes.sweep();
      await audit.sweep(config.audit.days);
    },
  };
}
