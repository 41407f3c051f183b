import type { RequestRecord } from '../src/http/observe.ts';

/** The record of a request that was answered, with these members instead. */
export function recordWith(members: Partial<RequestRecord>): RequestRecord {
  return {
    request_id: 'abcdefgh',
    caller_request_id: undefined,
    method: 'GET',
    route: undefined,
    path: '/',
    status: 200,
    ms: 1,
    origin: undefined,
    decisions: [],
    problem: undefined,
    ...members,
  };
}
