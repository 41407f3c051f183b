export { type CallOptions, type Client, createClient } from './client.ts';
export { ApiError, NetworkError, UnexpectedAnswerError } from './client-errors.ts';
export {
  type Access,
  type Answer,
  type AnswerOf,
  asCsv,
  type BodyOf,
  type CsvPage,
  type Endpoint,
  isLimitedWrite,
  type Method,
  type Page,
  type ParamsOf,
  problemCodesOf,
  type QueryOf,
} from './endpoint.ts';
export { type EndpointKey, type Endpoints, endpoints } from './endpoints.ts';
export { compareTemplates, expandPath, matchEndpoint, type PathParams, pathOf } from './paths.ts';
export {
  type CookiePolicy,
  type CookieProfile,
  cookiePaths,
  cookiePolicy,
  cookieProfiles,
} from './policy/cookies.ts';
export { corsPolicy, safelistedMethods } from './policy/cors.ts';
export { createHostCheck, hostOfUrl, problemOfHost } from './policy/hosts.ts';
export { isLoopback } from './policy/loopback.ts';
export { isBare, isHostName, problemOfOrigin } from './policy/origins.ts';
export { pageHeaders } from './policy/page-headers.ts';
export { type DetailedCode, problems } from './problems.ts';
export { type RuledCode, refusalRules } from './refusal-rules.ts';
export { AuditEvent, AuditEventName, AuditQuery, auditColumns, refusalEvents } from './schemas/audit.ts';
export { AssayCookie, CookieAssay } from './schemas/cookie-assay.ts';
export { Exchange, ExchangeQuery } from './schemas/exchange.ts';
export { Alive, Ready } from './schemas/health.ts';
export { IdParams, maxId } from './schemas/id.ts';
export { PageQuery } from './schemas/page.ts';
export { CreatePlayer, Player, Tokens, UpdatePlayer } from './schemas/player.ts';
export {
  CreatePost,
  ImageId,
  MediaType,
  maxImageBytes,
  maxImagePixels,
  maxNoteLength,
  Note,
  Post,
  UpdatePost,
} from './schemas/post.ts';
export { Issue, Problem, ProblemCode, problemCodes } from './schemas/problem.ts';
export { RefusalRule } from './schemas/refusal-rule.ts';
export {
  Authenticated,
  Carrier,
  EndedSessions,
  Refreshed,
  RefreshRequest,
  Session,
  SessionId,
  TokenAnswer,
} from './schemas/session.ts';
export { isDay, Moment, Timestamp } from './schemas/time.ts';
export { Algorithm, Claims, JwkSet, TokenHeader } from './schemas/token.ts';
export {
  ChangePassword,
  CreateUser,
  Credentials,
  DateOfBirth,
  DeleteUser,
  Identity,
  Name,
  NewName,
  NewPassword,
  NewUid,
  ReplaceUser,
  Role,
  SetPassword,
  SignUp,
  TokenRequest,
  Uid,
  UpdateUser,
  User,
  UserActivity,
  UserCount,
  UserFilter,
  UserQuery,
  UserSort,
} from './schemas/user.ts';
