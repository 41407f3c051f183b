import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  type Endpoint,
  endpoints,
  expandPath,
  PageQuery,
  Player,
  Problem,
  problemCodesOf,
  problems,
} from '../src/index.ts';
import { createOpenApi } from '../src/openapi.ts';

type Schema = { properties?: object; items?: Schema };
type Content = Record<string, { schema?: Schema }>;
type Operation = {
  operationId: string;
  summary: string;
  description: string;
  security: object[];
  parameters?: { name: string; in: string; required: boolean; example?: unknown }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; headers?: object; content?: Content }>;
};
type Document = {
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object; examples: Record<string, { summary: string; value: unknown }> };
};

const document = createOpenApi() as Document;
const table = Object.entries<Endpoint>(endpoints);

function operationOf({ method, path }: Endpoint): Operation {
  const operation = document.paths[expandPath(path, (name) => `{${name}}`)]?.[method.toLowerCase()];
  if (!operation) throw new Error(`${method} ${path} is not in the document`);
  return operation;
}

test('The committed docs/openapi.json is up to date (if it is not: npm run generate)', () => {
  const committed = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
  expect(committed).toBe(`${JSON.stringify(document, null, 2)}\n`);
});

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  expect(result.errors).toBeUndefined();
  expect(validator.version).toBe('3.1');
});

test('every reference leads to a component, and every component is referred to', () => {
  const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(table.length);
  expect(Object.keys(document.components.schemas)).toEqual([...new Set(names)].sort());
});

test('every object that a body or an answer consists of is a component (if not, export its schema in index.ts)', () => {
  for (const [key, endpoint] of table) {
    const { requestBody, responses } = operationOf(endpoint);
    for (const part of [requestBody, ...Object.values(responses)]) {
      const schema = part?.content?.['application/json']?.schema ?? {};
      const inner = schema.items ?? schema;
      expect([key, inner.properties]).toEqual([key, undefined]);
    }
  }
});

test('there is one operation for each endpoint and no other', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(table.map(([key]) => key).sort());
});

test.each(table)(
  '%s is described with its access, its parameters, its body and its answers',
  (key, endpoint) => {
    const operation = operationOf(endpoint);
    expect(operation.operationId).toBe(key);
    const needsToken = [{ bearer: [] }, { cookie: [] }];
    // An empty alternative, or no scheme at all, lets a caller in without a token.
    const mayComeWithout =
      operation.security.length === 0 || Object.keys(operation.security[0] ?? {}).length === 0;
    if (endpoint.access === 'anyone') expect(mayComeWithout).toBe(true);
    else expect(operation.security).toEqual(needsToken);
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    const names: string[] = [];
    expandPath(endpoint.path, (name) => String(names.push(name)));
    expect(inPath.map(({ name }) => name)).toEqual(names);
    expect(inPath.every(({ required }) => required)).toBe(true);
    expect(operation.requestBody !== undefined).toBe(endpoint.body !== undefined);
    const statuses = problemCodesOf(endpoint).map((code) => problems[code].status);
    expect(Object.keys(operation.responses).map(Number).sort()).toEqual(
      [...new Set([endpoint.status, ...statuses])].sort(),
    );
    expect(operation.responses[endpoint.status]?.content === undefined).toBe(endpoint.status === 204);
  },
);

test('a paged list has the parameters limit and after, and links to its next page', () => {
  const paged = table.filter(([, endpoint]) => endpoint.answer.kind === 'page');
  expect(paged.length).toBeGreaterThanOrEqual(3);
  for (const [, endpoint] of paged) {
    const { parameters = [], responses } = operationOf(endpoint);
    expect(parameters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'limit' }),
        expect.objectContaining({ name: 'after' }),
      ]),
    );
    expect(parameters.filter(({ name, required }) => name !== 'id' && required)).toEqual([]);
    expect(responses[200]?.headers).toHaveProperty('Link');
  }
});

const row = {
  method: 'GET',
  tag: 'Test',
  summary: 'A test',
  access: 'anyone',
  status: 200,
  errors: [],
} as const;

test('a stream of events is described with the schema of an event', () => {
  const table = { watch: { ...row, path: '/events', answer: { kind: 'events', event: Player } } } as const;
  const { paths, components } = createOpenApi(table) as Document;
  expect(paths['/events']?.get?.responses[200]?.content).toEqual({
    'text/event-stream': {
      schema: { type: 'string' },
      'x-event-data': { $ref: '#/components/schemas/Player' },
    },
  });
  expect(components.schemas).toHaveProperty('Player');
});

test('a schema with a name that requests and answers see differently is refused', () => {
  const answer = { kind: 'json', schema: PageQuery } as const;
  const table = { echo: { ...row, method: 'POST', path: '/echo', body: PageQuery, answer } } as const;
  expect(() => createOpenApi(table)).toThrow('PageQuery differs between requests and answers');
});

type Media = { readonly example?: unknown; readonly examples?: Record<string, { $ref: string }> };

test.each(table)(
  '%s has an example of its body, its parameters, its answer and each problem',
  (_key, endpoint) => {
    const { requestBody, parameters = [], responses } = operationOf(endpoint);
    const json = (content?: Content) => content?.['application/json'] as Media | undefined;
    if (endpoint.body)
      expect(endpoint.body.safeParse(json(requestBody?.content)?.example).error).toBeUndefined();
    for (const place of ['params', 'query'] as const) {
      const given = parameters.filter((each) => each.in === (place === 'params' ? 'path' : place));
      const values = Object.fromEntries(given.map(({ name, example }) => [name, inUrl(example)]));
      // A search is sorted by what matched, so both at once are refused.
      if (values.q) delete values.sort;
      expect(given.every(({ example }) => example !== undefined)).toBe(true);
      expect(endpoint[place]?.safeParse(values).error).toBeUndefined();
    }
    const { answer, status } = endpoint;
    const shown = json(responses[status]?.content)?.example;
    if (answer.kind === 'json') expect(answer.schema.safeParse(shown).error).toBeUndefined();
    if (answer.kind === 'page') expect(z.array(answer.item).min(1).safeParse(shown).error).toBeUndefined();
    for (const code of problemCodesOf(endpoint)) {
      const media = responses[problems[code].status]?.content?.['application/problem+json'] as
        | Media
        | undefined;
      expect(media?.examples).toHaveProperty(code, { $ref: `#/components/examples/${code}` });
    }
  },
);

/** A value as it is written in an address. */
function inUrl(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

test('the example of a stream is an event that the schema accepts', () => {
  const { listExchanges } = endpoints;
  const stream = operationOf(listExchanges).responses[200]?.content?.['text/event-stream'] as Media;
  const [, data = ''] = /^data: (.*)$/m.exec(String(stream.example)) ?? [];
  expect(listExchanges.answer.event.safeParse(JSON.parse(data)).error).toBeUndefined();
});

test('each problem has an example with its own status, text and hint', () => {
  const { examples } = document.components;
  for (const [code, { summary, value }] of Object.entries(examples)) {
    const problem = Problem.parse(value);
    const { status, hint, meaning } = problems[problem.code];
    expect([problem.code, problem.status, problem.hint, summary]).toEqual([code, status, hint, meaning]);
    expect(problem.message).toBe(problem.detail);
  }
});

test('each tag is described, and each operation says more than its summary', () => {
  expect(document.tags.map(({ name }) => name)).toEqual([...new Set(table.map(([, { tag }]) => tag))]);
  for (const [, endpoint] of table) {
    const { summary, description } = operationOf(endpoint);
    expect(description).not.toBe(summary);
    expect(description).toMatch(/[.`]$/);
  }
});

test('no pattern needs the flag u, which many tools do not set', () => {
  const patterns = [...JSON.stringify(document).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)];
  expect(patterns.length).toBeGreaterThan(10);
  for (const [, pattern = ''] of patterns) expect(JSON.parse(pattern)).not.toMatch(/\\[pu]\{/i);
});
