import type { z } from 'zod';
import { type Answer, type Endpoint, problemCodesOf } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { createComponents, type Json } from './openapi-schemas.ts';
import { expandPath } from './paths.ts';
import { cookiePolicy } from './policy/cookies.ts';
import { problems } from './problems.ts';
import { MediaType } from './schemas/post.ts';
import { Problem } from './schemas/problem.ts';

type Components = ReturnType<typeof createComponents>;

/**
 * A table of endpoints as an OpenAPI 3.1 document. The same table gives the same document, member for member.
 */
export function createOpenApi(table: Readonly<Record<string, Endpoint>> = endpoints): Json {
  const components = createComponents();
  const paths: Record<string, Json> = {};
  for (const [operationId, endpoint] of Object.entries(table)) {
    const path = expandPath(endpoint.path, (name) => `{${name}}`);
    paths[path] = {
      ...paths[path],
      [endpoint.method.toLowerCase()]: operation(operationId, endpoint, components),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signet',
      version: '1',
      description:
        'JSON Web Token authentication for a browser app and its API. Two flows: a bearer token in the Authorization header, or an HttpOnly cookie with credentials.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components.all(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: cookiePolicy.local.tokenName },
      },
    },
  };
}

function operation(operationId: string, endpoint: Endpoint, components: Components): Json {
  const { tag, summary, access, params, query, body, multipart, status, answer } = endpoint;
  const content = contentOf(answer, components);
  const headers = headersOf(endpoint);
  return {
    operationId,
    tags: [tag],
    summary,
    ...(access !== 'anyone' && { security: [{ bearer: [] }, { cookie: [] }] }),
    ...((params || query) && {
      parameters: [...parameters(params, 'path', components), ...parameters(query, 'query', components)],
    }),
    ...(body && {
      requestBody: { required: !body.isOptional(), content: requestContent(body, multipart, components) },
    }),
    responses: {
      [status]: {
        description: { 200: 'OK', 201: 'Created', 204: 'Done' }[status],
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(content && { content }),
      },
      ...failures(endpoint, components),
    },
  };
}

function requestContent(body: z.ZodType, file: Endpoint['multipart'], components: Components): Json {
  const json = { 'application/json': { schema: components.schemaOf(body, 'input') } };
  if (!file) return json;
  const schema = components.written(body, 'input') as { properties?: Json };
  // In OpenAPI 3.1 a file is a member without a schema, and `encoding` says what may be in it.
  const form = { ...schema, properties: { ...schema.properties, [file]: {} } };
  const encoding = { [file]: { contentType: MediaType.options.join(', ') } };
  return { ...json, 'multipart/form-data': { schema: form, encoding } };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query', components: Components): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = components.written(schema, 'input') as {
    properties?: Json;
    required?: string[];
  };
  return Object.entries(properties).map(([name, member]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    // Several values are written with commas between them, not as several parameters.
    ...((member as Json).type === 'array' && { explode: false }),
    schema: member,
  }));
}

function contentOf(answer: Answer, components: Components): Json | undefined {
  switch (answer.kind) {
    case 'json':
      return { 'application/json': { schema: components.schemaOf(answer.schema, 'output') } };
    case 'page': {
      const items = components.schemaOf(answer.item, 'output');
      return {
        'application/json': { schema: { type: 'array', items } },
        ...(answer.csv && { 'text/csv': { schema: { type: 'string' } } }),
      };
    }
    case 'csv':
      return { 'text/csv': { schema: { type: 'string' } } };
    case 'text':
      return { [answer.mediaType]: { schema: { type: 'string' } } };
    case 'bytes':
      return Object.fromEntries(answer.mediaTypes.map((mediaType) => [mediaType, {}]));
    case 'events': {
      // OpenAPI 3.1 has no member for the items of a stream, so the schema of an event is in an extension.
      const data = components.schemaOf(answer.event, 'output');
      return { 'text/event-stream': { schema: { type: 'string' }, 'x-event-data': data } };
    }
    case 'none':
      return undefined;
    default:
      return answer satisfies never;
  }
}

function headersOf({ status, answer }: Endpoint): Json {
  const header = (description: string) => ({ description, schema: { type: 'string' } });
  return {
    ...(answer.kind === 'page' && { Link: header('rel="next" leads to the next page') }),
    ...(status === 201 && { Location: header('Where it can be read') }),
    ...(answer.kind === 'bytes' && {
      ETag: header('Names these exact bytes; a request with If-None-Match is answered with 304'),
    }),
  };
}

function failures(endpoint: Endpoint, components: Components): Record<string, Json> {
  const answers: Record<string, Json> = {};
  const codes = problemCodesOf(endpoint);
  for (const status of new Set(codes.map((code) => problems[code].status))) {
    answers[status] = {
      description: codes.filter((code) => problems[code].status === status).join(', '),
      content: { 'application/problem+json': { schema: components.schemaOf(Problem, 'output') } },
    };
  }
  return answers;
}
