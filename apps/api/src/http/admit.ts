import type { Endpoint } from '@signet/contracts';
import type { Request } from 'express';
import { AppError, type Quota, refusal } from '../errors.ts';
import type { Principal, RequestSource } from './call.ts';
import type { Outcome, Step } from './observe.ts';
import { requireAdmin } from './require-admin.ts';

/** What decides who may pass, and what learns of the decisions. */
export type Gate = {
  /** Throws `origin_refused`. */
  readonly guardOrigin: (request: Request, guarded: boolean) => void;
  /** Resolves to the principal that the request's token stands for, or throws one of the 401 problems. */
  readonly authenticate: (request: Request) => Promise<Principal>;
  /**
   * Counts the write of a signed-in caller and looks whether there is room for `bytes` more, before the body is read.
   * Throws `too_many_requests`, `not_ready`.
   */
  readonly admitGrowth: (
    endpoint: Endpoint,
    principal: Principal | undefined,
    bytes: number,
  ) => Promise<Quota | undefined>;
  /** Names the caller whose bodies and answers under way are counted together. */
  readonly callerOf: (from: RequestSource, principal: Principal | undefined) => string;
  /** Called after each step that the endpoint asks for, whether it granted or refused. */
  readonly onDecision: (request: Request, step: Step, outcome: Outcome) => void;
  /** The principal of a session, or undefined if the session has ended or its user was deleted. */
  readonly findPrincipal: (session_id: string) => Promise<Principal | undefined>;
};

declare module 'node:http' {
  interface IncomingMessage {
    /** Who calls, once that is known: the audit log names them if they are refused. */
    principal?: Principal;
  }
}

/**
 * Decides whether a request may reach the handler of its endpoint: origin guard, then authentication, then
 * role.
 *
 * Resolves to the principal, or to undefined where anyone may call. Throws `origin_refused`, `forbidden` and
 * the 401 problems of `authenticate`.
 */
export async function admit(
  request: Request,
  { guarded, access }: Endpoint,
  gate: Gate,
): Promise<Principal | undefined> {
  try {
    gate.guardOrigin(request, guarded ?? false);
  } catch (refusal) {
    gate.onDecision(request, 'origin', outcomeOf(refusal));
    throw refusal;
  }
  gate.onDecision(request, 'origin', 'granted');
  if (access === 'anyone') return undefined;
  const principal = await identify(request, gate);
  if (access === 'admin') decideRole(request, principal, gate);
  return principal;
}

/**
 * Asks again once a body has arrived: a caller can keep it back for minutes, in which a session ends or an admin is
 * demoted. Resolves to the principal of now. Throws `session_ended`, `forbidden`.
 */
export async function readmit(
  request: Request,
  { access }: Endpoint,
  { session_id }: Principal,
  gate: Gate,
): Promise<Principal> {
  const principal = await gate.findPrincipal(session_id);
  if (!principal) {
    gate.onDecision(request, 'authentication', 'session_ended');
    throw refusal('session');
  }
  request.principal = principal;
  if (access === 'admin') decideRole(request, principal, gate);
  return principal;
}

function decideRole(request: Request, principal: Principal, gate: Gate): void {
  gate.onDecision(request, 'role', principal.role === 'admin' ? 'granted' : 'forbidden');
  requireAdmin(principal);
}

async function identify(request: Request, gate: Gate): Promise<Principal> {
  try {
    const principal = await gate.authenticate(request);
    request.principal = principal;
    gate.onDecision(request, 'authentication', 'granted');
    return principal;
  } catch (error) {
    gate.onDecision(request, 'authentication', outcomeOf(error));
    throw error;
  }
}

function outcomeOf(error: unknown): Outcome {
  return error instanceof AppError ? error.code : 'failed';
}
