import type { Endpoint } from '@signet/contracts';
import type { Request } from 'express';
import { AppError } from '../errors.ts';
import type { Principal, RequestSource } from './call.ts';
import type { Outcome, Step } from './observe.ts';

/** What decides who may pass, and what learns of the decisions. */
export type Gate = {
  /** Throws `origin_refused`. */
  readonly guardOrigin: (request: Request, guarded: boolean) => void;
  /** Resolves to the principal that the request's token stands for, or throws one of the 401 problems. */
  readonly authenticate: (request: Request) => Promise<Principal>;
  /** Called after each step that the endpoint asks for, whether it granted or refused. */
  readonly onDecision: (request: Request, step: Step, outcome: Outcome) => void;
  /** Called before a request is refused for its origin or its role; the refusal waits for it. */
  readonly onRefusal: (
    event: 'origin_refused' | 'role_refused',
    from: RequestSource,
    principal?: Principal,
  ) => Promise<void>;
};

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
  from: RequestSource,
): Promise<Principal | undefined> {
  try {
    gate.guardOrigin(request, guarded ?? false);
  } catch (refusal) {
    gate.onDecision(request, 'origin', outcomeOf(refusal));
    await gate.onRefusal('origin_refused', from);
    throw refusal;
  }
  gate.onDecision(request, 'origin', 'granted');
  if (access === 'anyone') return undefined;
  const principal = await identify(request, gate);
  if (access !== 'admin') return principal;
  if (principal.role !== 'admin') {
    gate.onDecision(request, 'role', 'forbidden');
    await gate.onRefusal('role_refused', from, principal);
    throw new AppError('forbidden', 'Only an admin may do this');
  }
  gate.onDecision(request, 'role', 'granted');
  return principal;
}

async function identify(request: Request, gate: Gate): Promise<Principal> {
  try {
    const principal = await gate.authenticate(request);
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
