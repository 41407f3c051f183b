import { ApiError, endpoints, type RefusalRule, refusalRules } from '@signet/contracts';
import type { AuthClient } from '../../session/auth-client.ts';
import { readTrace } from '../read-trace.ts';

export type ApiVerdict = {
  readonly isAccepted: boolean;
  /** `200 OK`, `401 token_invalid`. */
  readonly answer: string;
  readonly says: string;
  /** Which rule refused, where the API tells it: on one's own machine. */
  readonly rule?: { readonly name: RefusalRule; readonly because: string; readonly source: string };
};

/**
 * Sends the token to `GET /protected`, alone, and resolves to what the API made of it. Rejects if the API did not
 * answer.
 */
export async function askApi({ callAs }: Pick<AuthClient, 'callAs'>, token: string): Promise<ApiVerdict> {
  try {
    const { username } = await callAs(token)(endpoints.readProtected);
    return { isAccepted: true, answer: '200 OK', says: `The API accepts this token. It is ${username}'s.` };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, code, detail, request_id } = error.problem;
    const name = await findRule(callAs, request_id).catch(() => undefined);
    return {
      isAccepted: false,
      answer: `${status} ${code}`,
      says: detail,
      ...(name && { rule: { name, ...refusalRules[name] } }),
    };
  }
}

/** The rule that refused a request, from the API's trace; rejects where there is no trace. */
async function findRule(callAs: AuthClient['callAs'], request_id: string): Promise<RefusalRule | undefined> {
  const exchanges = await readTrace(callAs);
  return exchanges.find((exchange) => exchange.request_id === request_id)?.problem?.rule;
}
