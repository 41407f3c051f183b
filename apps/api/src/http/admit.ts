import { type Endpoint, isLoopback } from '@signet/contracts';
import type { Request } from 'express';
import { AppError, type Quota, refusal } from '../errors.ts';
import { isPending } from '../pending.ts';
import type { Principal, RequestSource } from './call.ts';
import { type Outcome, recordDecision } from './observe.ts';
import { requireAdmin } from './require-admin.ts';

/** What decides who may pass, and what learns of the decisions. */
export type Gate = {
  /** Whether nobody but this machine reaches the API. */
  readonly isOwnMachine: boolean;
  /** Throws `origin_refused`. */
  readonly guardOrigin: (request: Request, guarded: boolean) => void;
  /** The principal that the request's token stands for. Throws, or rejects with, one of the 401 problems. */
  readonly authenticate: (request: Request) => Principal | Promise<Principal>;
  /**
   * Counts the write of a signed-in caller and looks whether there is room for `bytes` more, before the body
   * is read. Throws `too_many_requests`, `not_ready`.
   */
  readonly admitGrowth: (
    endpoint: Endpoint,
    principal: Principal | undefined,
    bytes: number,
  ) => Promise<Quota | undefined> | undefined;
  /** Names the caller whose bodies and answers under way are counted together. */
  readonly callerOf: (from: RequestSource, principal: Principal | undefined) => string;
  /**
   * The principal of a session as the database has it now, or undefined if the session has ended or its user was
   * deleted.
   */
  readonly askPrincipal: (session_id: string) => Promise<Principal | undefined>;
};

declare module 'node:http' {
  interface IncomingMessage {
    /** Who calls, once that is known: the audit log names them if they are refused. */
    principal?: Principal;
  }
}

/**
 * Decides whether a request may reach the handler of its endpoint: origin guard, then authentication,
 * then role.
 *
 * The principal, or undefined where anyone may call. Throws, or rejects with, `origin_refused`, `forbidden` and
 * the 401 problems of `authenticate`.
 */
export function admit(
  request: Request,
  { guarded, access, ownMachine }: Endpoint,
  gate: Gate,
): Principal | undefined | Promise<Principal> {
  try {
    // A foreign page could otherwise point a name of its own at the API (DNS rebinding).
    if (ownMachine && !isLoopback(request.hostname)) throw refusal('host-name');
    gate.guardOrigin(request, guarded ?? false);
  } catch (refusal) {
    recordDecision(request, 'origin', outcomeOf(refusal));
    throw refusal;
  }
  recordDecision(request, 'origin', 'granted');
  if (access === 'anyone') return undefined;
  const identified = (principal: Principal): Principal => {
    request.principal = principal;
    recordDecision(request, 'authentication', 'granted');
    if (access === 'admin') decideRole(request, principal);
    return principal;
  };
  const refused = (refusal: unknown): never => {
    recordDecision(request, 'authentication', outcomeOf(refusal));
    throw refusal;
  };
  const found = identify(request, gate, refused);
  return isPending(found) ? found.then(identified, refused) : identified(found);
}

/**
 * Asks again once a body has arrived: a caller can keep it back for minutes, in which a session ends or an
 * admin is demoted. Resolves to the principal of now. Throws `session_ended`, `forbidden`.
 */
export async function readmit(
  request: Request,
  { access }: Endpoint,
  { session_id }: Principal,
  gate: Gate,
): Promise<Principal> {
  const principal = await gate.askPrincipal(session_id);
  if (!principal) {
    recordDecision(request, 'authentication', 'session_ended');
    throw refusal('session');
  }
  request.principal = principal;
  if (access === 'admin') decideRole(request, principal);
  return principal;
}

function decideRole(request: Request, principal: Principal): void {
  recordDecision(request, 'role', principal.role === 'admin' ? 'granted' : 'forbidden');
  requireAdmin(principal);
}

function identify(request: Request, gate: Gate, refused: (refusal: unknown) => never) {
  try {
    return gate.authenticate(request);
  } catch (refusal) {
    return refused(refusal);
  }
}

function outcomeOf(error: unknown): Outcome {
  return error instanceof AppError ? error.code : 'failed';
}
