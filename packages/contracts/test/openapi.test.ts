import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import {
  type Endpoint,
  endpoints,
  expandPath,
  PageQuery,
  Player,
  problemCodesOf,
  problems,
} from '../src/index.ts';
import { createOpenApi } from '../src/openapi.ts';

type Schema = { properties?: object; items?: Schema };
type Content = Record<string, { schema?: Schema }>;
type Operation = {
  operationId: string;
  security?: unknown;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; headers?: object; content?: Content }>;
};
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: object } };

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
    expect(operation.security === undefined).toBe(endpoint.access === 'anyone');
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
