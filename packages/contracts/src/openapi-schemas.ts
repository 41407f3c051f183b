import { z } from 'zod';
import * as contracts from './index.ts';

export type Json = Record<string, unknown>;

type Names = ReadonlyMap<z.core.$ZodType, string>;

const componentPrefix = '#/components/schemas/';

/**
 * The schemas that contracts export by name and that have a shape worth a name: objects, unions, enums.
 * Strings and numbers stay where they are used, because there a reader sees their rule.
 */
const namesOfSchemas: Names = new Map<z.core.$ZodType, string>(
  Object.entries(contracts).flatMap(([name, schema]) =>
    schema instanceof z.ZodObject || schema instanceof z.ZodUnion || schema instanceof z.ZodEnum
      ? [[schema, name] as const]
      : [],
  ),
);

/**
 * Collects the components of an OpenAPI document: every schema exported by name that is converted, or used by
 * one that is, is named once and referred to everywhere else.
 */
export function createComponents() {
  const components = new Map<string, Json>();

  return {
    /** A schema for a body (`input`) or an answer (`output`): a reference, where it is exported by name. */
    schemaOf: (schema: z.ZodType, io: 'input' | 'output'): Json => convert(schema, io, namesOfSchemas),

    /** A schema written out in full, for what is no schema of the document: parameters, a form. */
    written(schema: z.ZodType, io: 'input' | 'output'): Json {
      return convert(schema, io, new Map([...namesOfSchemas].filter(([named]) => named !== schema)));
    },

    /** What has been referred to so far, by name in alphabetical order. */
    all: (): Json => Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
  };

  function convert(schema: z.ZodType, io: 'input' | 'output', names: Names): Json {
    const document = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      metadata: registryOf(names),
      // The alternatives of a union with a name are told apart by their
      // members, so exactly one of them matches.
      override: ({ zodSchema, jsonSchema }) => {
        if (!names.has(zodSchema) || !jsonSchema.anyOf) return;
        jsonSchema.oneOf = jsonSchema.anyOf;
        delete jsonSchema.anyOf;
      },
    });
    const text = JSON.stringify(document).replaceAll('"#/$defs/', `"${componentPrefix}`);
    const {
      $schema,
      $defs = {},
      ...converted
    } = JSON.parse(text, withPortablePattern) as Json & {
      $defs?: Record<string, Json>;
    };
    for (const [name, { id, ...component }] of Object.entries($defs)) keep(name, component);
    return converted;
  }

  function keep(name: string, component: Json): void {
    const known = components.get(name) ?? component;
    if (JSON.stringify(known) !== JSON.stringify(component))
      throw new Error(`${name} differs between requests and answers: export a schema of its own for each`);
    components.set(name, component);
  }
}

/**
 * A pattern with classes of Unicode is moved to `x-pattern`. Many tools compile patterns without the flag `u`,
 * and then `\p{L}` is five plain characters, so that they would refuse what the API accepts.
 */
function withPortablePattern(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('pattern' in value)) return value;
  const { pattern, ...rest } = value;
  if (typeof pattern !== 'string' || !/\\p\{/i.test(pattern)) return value;
  return { ...rest, 'x-pattern': pattern };
}

/**
 * zod's own metadata, with an `id` for each schema with a name: by it
 * `z.toJSONSchema` makes a definition of it.
 */
function registryOf(names: Names) {
  const registry = z.registry<Json>();
  const get = (schema: z.core.$ZodType): Json | undefined => {
    const id = names.get(schema);
    const metadata = z.globalRegistry.get(schema);
    return id === undefined ? metadata : { ...metadata, id };
  };
  return Object.assign(registry, { get });
}
