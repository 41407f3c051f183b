import type { Request } from 'express';
import type { AppError } from '../errors.ts';
import type { Principal, RequestSource } from './call.ts';
import { sourceOf } from './request-source.ts';

type RefusedRequest = {
  readonly code: AppError['code'];
  readonly from: RequestSource;
  readonly user_id: number | null;
  readonly session_id: string | null;
  readonly detail: Record<string, string | number | null>;
};

/**
 * Who tried what, from where. The route is the contract's: the path of the request may hold anything, and a
 * token has been seen in one.
 */
export function refusalOf(request: Request, { code, facts }: AppError): RefusedRequest {
  const from = sourceOf(request);
  const { principal }: { principal?: Principal } = request;
  const route: unknown = request.route?.path;
  return {
    code,
    from,
    user_id: facts?.user_id ?? principal?.user_id ?? null,
    session_id: principal?.session_id ?? null,
    detail: {
      tried: `${request.method} ${typeof route === 'string' ? route : 'none'}`,
      ...idOf(request.path, route),
      ...(principal && { carrier: principal.carrier }),
      ...facts?.detail,
      user_agent: from.user_agent,
    },
  };
}

/**
 * Which row was asked for, where the path names one by its number. Express has forgotten the params by now.
 */
function idOf(path: string, route: unknown): { id?: string } {
  const id = typeof route === 'string' && route.includes(':id') && /\/(\d{1,15})(?:\/|$)/.exec(path)?.[1];
  return id ? { id } : {};
}
