import type { z } from 'zod';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { answerComponents, answersOf } from './openapi-answers.ts';
import { introduction, operationDescriptions, tagDescriptions } from './openapi-descriptions.ts';
import { exampleOf, parameterExample, requestExamples } from './openapi-examples.ts';
import { createComponents, type Json } from './openapi-schemas.ts';
import { expandPath } from './paths.ts';
import { cookiePolicy } from './policy/cookies.ts';
import { MediaType } from './schemas/post.ts';

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
  const tags = [...new Set(Object.values(table).map(({ tag }) => tag))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signet',
      version: '1',
      description: introduction,
      contact: { name: 'The operator of this API' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The API that answered with this document' }],
    tags: tags.map((name) => ({ name, description: describedTags[name] ?? name })),
    paths,
    components: { schemas: components.all(), ...answerComponents(table), securitySchemes },
  };
}

/** A table of a test has tags of its own. */
const describedTags: Readonly<Record<string, string>> = tagDescriptions;

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The token from `POST /token`, in the Authorization header (RFC 6750, section 2.1)',
  },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: cookiePolicy.local.tokenName,
    description:
      'The cookie that `POST /api/users/authenticate` sets. In a browser it travels by itself. Its name is `__Host-jwt` with COOKIE_PROFILE=same-origin.',
  },
  refreshCookie: {
    type: 'apiKey',
    in: 'cookie',
    name: cookiePolicy.local.refreshName,
    description: 'The refresh cookie; browsers send it to `/api/sessions` only.',
  },
};

/** The operations that read a token or a cookie if there is one, although anyone may call them. */
const optionalSecurity: Readonly<Record<string, readonly object[]>> = {
  refreshSession: [{}, { refreshCookie: [] }],
  endCurrentSession: [{}, { bearer: [] }, { cookie: [] }],
  readMetrics: [{}, { bearer: [] }],
};

function securityOf(operationId: string, { access }: Endpoint): readonly object[] {
  if (access !== 'anyone') return [{ bearer: [] }, { cookie: [] }];
  return optionalSecurity[operationId] ?? [];
}

function operation(operationId: string, endpoint: Endpoint, components: Components): Json {
  const { tag, summary, params, query, body, multipart } = endpoint;
  const descriptions: Readonly<Record<string, string>> = operationDescriptions;
  const content = body && requestContent(operationId, { body, multipart }, components);
  return {
    operationId,
    tags: [tag],
    summary,
    description: descriptions[operationId] ?? summary,
    security: securityOf(operationId, endpoint),
    ...((params || query) && {
      parameters: [
        ...parameters(operationId, 'path', params, components),
        ...parameters(operationId, 'query', query, components),
      ],
    }),
    ...(content && { requestBody: { required: !body.isOptional(), content } }),
    responses: answersOf(operationId, endpoint, components),
  };
}

function requestContent(
  operationId: string,
  { body, multipart: file }: { readonly body: z.ZodType; readonly multipart: Endpoint['multipart'] },
  components: Components,
): Json {
  const example = exampleOf(requestExamples, operationId);
  const json = { 'application/json': { schema: components.schemaOf(body, 'input'), ...example } };
  if (!file) return json;
  const schema = components.written(body, 'input') as { properties?: Json };
  // In OpenAPI 3.1 a file is a member without a schema, and `encoding` says what may be in it.
  const form = { ...schema, properties: { ...schema.properties, [file]: {} } };
  const encoding = { [file]: { contentType: MediaType.options.join(', ') } };
  return { ...json, 'multipart/form-data': { schema: form, encoding } };
}

function parameters(
  operationId: string,
  place: 'path' | 'query',
  schema: z.ZodType | undefined,
  components: Components,
): Json[] {
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
    example: parameterExample(operationId, name),
  }));
}
