import type { Endpoint } from '@signet/contracts';
import type { Request } from 'express';
import { AppError } from '../errors.ts';
import type { Principal, RequestSource } from './call.ts';

/** What decides who may pass, and what learns of refusals. */
export type Gate = {
  /** Throws `origin_refused`. */
  readonly guardOrigin: (request: Request, guarded: boolean) => void;
  /** Resolves to the principal that the request's token stands for, or throws one of the 401 problems. */
  readonly authenticate: (request: Request) => Promise<Principal>;
  /** Called before a request is refused for its origin or its role. */
  readonly onRefusal: (
    event: 'origin_refused' | 'role_refused',
    from: RequestSource,
    principal?: Principal,
  ) => Promise<void>;
};

/**
 * Decides whether a request may reach the handler of its endpoint: origin guard, then authentication, then role.
 *
 * Resolves to the principal, or to undefined where anyone may call. Throws `origin_refused`, `forbidden` and the
 * 401 problems of `authenticate`.
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
    await gate.onRefusal('origin_refused', from);
    throw refusal;
  }
  if (access === 'anyone') return undefined;
  const principal = await gate.authenticate(request);
  if (access === 'admin' && principal.role !== 'admin') {
    await gate.onRefusal('role_refused', from, principal);
    throw new AppError('forbidden', 'Only an admin may do this');
  }
  return principal;
}
