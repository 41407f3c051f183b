import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import {
  createOpenApi,
  type Endpoint,
  endpoints,
  expandPath,
  problemCodesOf,
  problems,
} from '../src/index.ts';

type Operation = {
  operationId: string;
  security?: unknown;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { required: boolean };
  responses: Record<string, { description: string; headers?: object; content?: object }>;
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

test('every reference leads somewhere', () => {
  const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(names.length).toBeGreaterThan(table.length);
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(names));
});

test('there is one operation for each endpoint and no other', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(table.map(([key]) => key).sort());
});

test.each(table)('%s says who may call, what it takes and what it answers', (key, endpoint) => {
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
});

test('a paged list takes limit and after, and leads on by Link', () => {
  const paged = table.filter(([, endpoint]) => endpoint.paged);
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
