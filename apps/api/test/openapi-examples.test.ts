import { endpoints } from '@signet/contracts';
import { createOpenApi } from '@signet/contracts/openapi';
import { expect, test } from 'vitest';
import { type Api, type SendOptions, startApi } from './start-api.ts';

type Media = { readonly example?: unknown };
type Answer = { readonly headers: Record<string, unknown>; readonly content?: Record<string, Media> };
type Operation = {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { name: string; in: string; example: unknown }[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, Answer>;
};

const { paths } = createOpenApi() as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
);
const withBody = operations.filter(({ requestBody }) => requestBody);

/** The cookies and their attributes are tested where they are set; `Link` is there only before a last page. */
const notAlways = ['Link', 'Set-Cookie'];

/** What an example needs beyond its own text: another user's id, or a refresh token of this API. */
async function prepare(api: Api, operationId: string) {
  const { token, refreshToken } = await api.signIn('toby');
  const id = operationId === 'setPassword' ? 2 : 1;
  return { token, id, body: operationId === 'refreshSession' ? { refresh_token: refreshToken } : undefined };
}

function headersMissing({ headers }: Answer, answer: { headers: Headers }): string[] {
  return Object.keys(headers).filter((name) => !notAlways.includes(name) && !answer.headers.has(name));
}

test.each(withBody)(
  'the API accepts the example of the body of $operationId, and answers with the status and the headers described',
  async ({ operationId, method, path, requestBody, responses }) => {
    const api = await startApi();
    const { token, id, body } = await prepare(api, operationId);
    if (operationId === 'deleteUser') await api.db('users').where({ uid: 'niko' }).update({ role: 'admin' });
    const example = body ?? requestBody?.content['application/json']?.example;
    const answer = await api.send(method, path.replace('{id}', String(id)), { token, body: example });
    const described = responses[answer.status];
    expect([answer.status, answer.text]).toEqual([
      endpoints[operationId as keyof typeof endpoints].status,
      answer.text,
    ]);
    const fix = 'The handler sets these headers; for Location it calls `reply.location`';
    if (described) expect(headersMissing(described, answer), fix).toEqual([]);
  },
);

test('the headers described for refusals are in them', async () => {
  const api = await startApi();
  const refused = async (status: number, method: string, path: string, options?: SendOptions) => {
    const answer = await api.send(method, path, options);
    expect(answer.status).toBe(status);
    const described = paths[path]?.[method.toLowerCase()]?.responses[status];
    expect(described && headersMissing(described, answer)).toEqual([]);
  };
  await refused(401, 'GET', '/protected');
  const wrong = { body: { username: 'toby', password: 'wrong' } };
  for (let attempt = 0; attempt < 10; attempt += 1) await refused(401, 'POST', '/token', wrong);
  await refused(429, 'POST', '/token', wrong);
});

test('an operation without a token is refused as its security says', async () => {
  const api = await startApi();
  for (const { method, path, security } of operations) {
    if (path === '/api/exchanges') continue;
    const answer = await api.send(method, path.replace('{id}', '1').replace('{code}', 'internal'));
    const needsToken = security.length > 0 && Object.keys(security[0] ?? {}).length > 0;
    expect([method, path, answer.body.code === 'token_missing']).toEqual([method, path, needsToken]);
  }
});
