import { readFileSync } from 'node:fs';
import {
  type EndpointKey,
  endpoints,
  matchEndpoint,
  type ProblemCode,
  problemCodes,
} from '@signet/contracts';
import newman, { type NewmanRunExecution } from 'newman';
import { beforeAll, describe, expect, test } from 'vitest';
import { postmanFiles } from '../../../tools/postman/files.ts';
import { type Api, startApi } from './start-api.ts';

type Collection = {
  item: {
    name: string;
    description: string;
    item: { name: string; event: { listen: string; script: { exec: string[] } }[]; request: Request }[];
  }[];
};
type Request = { method: string; description: string; url: { path: string[] } };

const files = postmanFiles();
const collection: Collection = read('Signet.postman_collection.json');
const requests = collection.item.flatMap((folder) =>
  folder.item.map((item) => ({ ...item, folder: folder.name })),
);
const folders = collection.item.map(({ name }) => name);

function read<Content>(name: string): Content {
  return JSON.parse(files[name] ?? 'null');
}

test.each(Object.keys(files))(
  'postman/%s is what tools/write-postman.ts writes (else: npx tsx tools/write-postman.ts)',
  (name) => {
    expect(readFileSync(new URL(`../../../postman/${name}`, import.meta.url), 'utf8')).toBe(files[name]);
  },
);

test('the folders are those that a reader looks for', () => {
  expect(folders).toEqual([
    'Bearer',
    'Cookie',
    'Users',
    'Posts',
    'Players',
    'Sessions',
    'Errors',
    'CORS',
    'Audit',
    'About',
  ]);
});

test('there is a request for every endpoint of the contracts', () => {
  const keyOf = ({ method, url }: Request) => matchEndpoint(endpoints, method, `/${url.path.join('/')}`)?.key;
  const requested = new Set(requests.map(({ request }) => keyOf(request)));
  expect(Object.keys(endpoints).filter((key) => !requested.has(key as EndpointKey))).toEqual([]);
});

test('every folder and request is described, and every request tested', () => {
  for (const folder of collection.item) expect(folder.description, folder.name).toMatch(/\S.*[.:]/s);
  for (const { folder, name, event, request } of requests) {
    expect(request.description, `${folder}: ${name}`).toMatch(/\S.*[.?]/s);
    const script = event.find(({ listen }) => listen === 'test')?.script.exec.join('\n') ?? '';
    expect(script, `${folder}: ${name}`).toContain('pm.test(');
  }
});

test('names are unique in a folder', () => {
  const names = requests.map(({ folder, name }) => `${folder}: ${name}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe('against the built API', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
    return api.stop;
  });

  // Each run begins where the one before it has left the server.
  test('the collection runs twice in a row, every request and every test', async () => {
    const first = await run(api);
    const second = await run(api);
    for (const executions of [first, second]) {
      expect(failuresOf(executions)).toEqual([]);
      expect(namesOf(executions)).toEqual(requests.map(({ name }) => name));
    }
    expect(codesOf(second)).toEqual(problemCodes.filter((code) => !unprovoked.includes(code)).sort());
  });

  test('it leaves no user, no post, no player and no session behind', async () => {
    const answer = await fetch(`${api.url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'toby', password: '123toby' }),
    });
    const { token } = (await answer.json()) as { token: string };
    const list = async (path: string) => {
      const response = await fetch(`${api.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      return (await response.json()) as { uid?: string; note?: string }[];
    };
    expect((await list('/api/users')).map(({ uid }) => uid)).toEqual(['toby', 'niko', 'lex', 'hop']);
    expect((await list('/api/posts')).filter(({ note }) => /Postman|form|picture$/.test(note ?? ''))).toEqual(
      [],
    );
    expect((await list('/api/players')).filter(({ uid }) => uid?.startsWith('postman-'))).toEqual([]);
    expect(await list('/api/sessions')).toHaveLength(1);
  });

  test('each folder runs by itself, in any order', async () => {
    for (const folder of folders.toReversed()) expect(failuresOf(await run(api, folder)), folder).toEqual([]);
  });

  test('a failure is noticed: with a wrong password the first folder fails', async () => {
    const failures = failuresOf(await run(api, 'Bearer', { uid: 'nobody-at-all' }));
    expect(failures).toContain('Sign in: answers 200: expected response to have status code 200 but got 401');
  });
});

/** No request brings these about: one takes a wait, the others a server in trouble. */
const unprovoked: readonly ProblemCode[] = ['token_expired', 'internal', 'overloaded', 'not_ready'];

function run(
  api: Api,
  folder?: string,
  variables: Record<string, string> = {},
): Promise<NewmanRunExecution[]> {
  const envVar = Object.entries({ base_url: api.url, ...variables }).map(([key, value]) => ({ key, value }));
  return new Promise((resolve, reject) => {
    newman.run(
      {
        collection: read('Signet.postman_collection.json'),
        environment: read('Local.postman_environment.json'),
        envVar,
        ...(folder !== undefined && { folder }),
        timeoutRequest: 60_000,
        reporters: [],
      },
      (error, summary) => (error ? reject(error) : resolve(summary.run.executions)),
    );
  });
}

/** The requests that were sent, in order. What a script sends on top counts under its request's name. */
function namesOf(executions: readonly NewmanRunExecution[]): string[] {
  return executions.map(({ item }) => item.name).filter((name, index, names) => name !== names[index - 1]);
}

/** Failed tests, scripts that threw, and requests that were not answered or not sent, in words. */
function failuresOf(executions: readonly NewmanRunExecution[]): string[] {
  return executions.flatMap(({ item, assertions = [], response, ...rest }) => {
    const scripts = [...scriptErrors(rest, 'prerequestScript'), ...scriptErrors(rest, 'testScript')];
    const failed = assertions.flatMap(({ assertion, error }) =>
      error ? [`${assertion}: ${error.message}`] : [],
    );
    const problems = [...(response ? [] : ['not sent or not answered']), ...scripts, ...failed];
    return problems.map((problem) => `${item.name}: ${problem}`);
  });
}

function scriptErrors(execution: object, kind: string): string[] {
  const runs = (execution as Record<string, { error?: Error }[] | undefined>)[kind] ?? [];
  return runs.flatMap(({ error }) => (error ? [`${kind}: ${error.message}`] : []));
}

function codesOf(executions: readonly NewmanRunExecution[]): string[] {
  const codes = executions.flatMap(({ response }) => {
    const isProblem = /problem\+json/.test(response?.headers.get('Content-Type') ?? '');
    return isProblem ? [String((JSON.parse(response?.text() ?? '') as { code: string }).code)] : [];
  });
  return [...new Set(codes)].sort();
}
