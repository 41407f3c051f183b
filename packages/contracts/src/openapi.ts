import { z } from 'zod';
import { type Endpoint, endpoints, problemCodesOf } from './endpoints.ts';
import { expandPath } from './paths.ts';
import { cookiePolicy } from './policy/cookies.ts';
import { Problem, problems } from './problems.ts';
import { AuditEvent } from './schemas/audit.ts';
import { Player } from './schemas/player.ts';
import { MediaType, Post } from './schemas/post.ts';
import { Authenticated, Session, TokenAnswer } from './schemas/session.ts';
import { JwkSet } from './schemas/token.ts';
import { Identity, User } from './schemas/user.ts';

type Json = Record<string, unknown>;

const components = {
  AuditEvent,
  Authenticated,
  Identity,
  JwkSet,
  Player,
  Post,
  Problem,
  Session,
  TokenAnswer,
  User,
};

/** The endpoint table as an OpenAPI 3.1 document. The same table gives the same document, member for member. */
export function createOpenApi(): Json {
  const paths: Record<string, Json> = {};
  for (const [operationId, endpoint] of Object.entries<Endpoint>(endpoints)) {
    const path = expandPath(endpoint.path, (name) => `{${name}}`);
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(operationId, endpoint) };
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
      schemas: Object.fromEntries(
        Object.entries(components).map(([name, schema]) => [name, jsonSchema(schema, 'output')]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: { type: 'apiKey', in: 'cookie', name: cookiePolicy.local.tokenName },
      },
    },
  };
}

function operation(operationId: string, endpoint: Endpoint): Json {
  const { tag, summary, access, params, query, body, status } = endpoint;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(access !== 'anyone' && { security: [{ bearer: [] }, { cookie: [] }] }),
    ...((params || query) && { parameters: [...parameters(params, 'path'), ...parameters(query, 'query')] }),
    ...(body && {
      requestBody: { required: !body.isOptional(), content: requestContent(body, endpoint.multipart) },
    }),
    responses: { [status]: success(endpoint), ...failures(endpoint) },
  };
}

function requestContent(body: z.ZodType, file: Endpoint['multipart']): Json {
  const schema = jsonSchema(body, 'input') as { properties?: Json };
  const json = { 'application/json': { schema } };
  if (!file) return json;
  // In OpenAPI 3.1 a file is a member without a schema, and `encoding` says what may be in it.
  const form = { ...schema, properties: { ...schema.properties, [file]: {} } };
  const encoding = { [file]: { contentType: MediaType.options.join(', ') } };
  return { ...json, 'multipart/form-data': { schema: form, encoding } };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Json;
    required?: string[];
  };
  return Object.entries(properties).map(([name, member]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: member,
  }));
}

function success({ status, response, text, bytes, paged }: Endpoint): Json {
  const description = { 200: 'OK', 201: 'Created', 204: 'Done' }[status];
  const headers = {
    ...(paged && { Link: { description: 'rel="next" leads to the next page', schema: { type: 'string' } } }),
    ...(status === 201 && { Location: { description: 'Where it can be read', schema: { type: 'string' } } }),
    ...(bytes && {
      ETag: {
        description: 'Names these very bytes; with If-None-Match the answer is 304',
        schema: { type: 'string' },
      },
    }),
  };
  const content = text
    ? { [text.split(';')[0] as string]: { schema: { type: 'string' } } }
    : bytes
      ? Object.fromEntries(bytes.map((mediaType) => [mediaType, {}]))
      : response && { 'application/json': { schema: reference(response) } };
  return { description, ...(Object.keys(headers).length > 0 && { headers }), ...(content && { content }) };
}

function failures(endpoint: Endpoint): Record<string, Json> {
  const answers: Record<string, Json> = {};
  const codes = problemCodesOf(endpoint);
  for (const status of new Set(codes.map((code) => problems[code].status))) {
    answers[status] = {
      description: codes.filter((code) => problems[code].status === status).join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return answers;
}

function reference(schema: z.ZodType): Json {
  if (schema instanceof z.ZodArray) return { type: 'array', items: reference(schema.element as z.ZodType) };
  if (schema instanceof z.ZodUnion)
    return { oneOf: schema.options.map((option) => reference(option as z.ZodType)) };
  const name = Object.entries(components).find(([, component]) => component === schema)?.[0];
  return name ? { $ref: `#/components/schemas/${name}` } : jsonSchema(schema, 'output');
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  // A component is part of a larger document, which already says which dialect it speaks.
  const { $schema, $id, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  return rest;
}
