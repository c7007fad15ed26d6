/** The fields of a path or query as parameters. */
import type * as z from 'zod';
import { convert, type JsonSchema } from './json-schema.ts';
import type { SchemaCollection } from './schema-collection.ts';

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

/**
 * A field as it is written in an address. Numbers arrive as text and are coerced, so that only the result has
 * a schema worth showing; of what a function turns into something else only the text has one.
 */
function fieldSchema(field: z.ZodType, schemas: SchemaCollection): JsonSchema {
  const { description: _description, default: _default, ...result } = convert(field, 'output');
  return schemas.refer(field, Object.keys(result).length > 0 ? 'output' : 'input');
}

/** One parameter for each field; those that have a default are not required. */
export function parametersOf(
  place: Parameter['in'],
  fields: z.ZodObject | undefined,
  schemas: SchemaCollection,
): Parameter[] {
  const shape: Record<string, z.ZodType> = fields?.shape ?? {};
  return Object.entries(shape).map(([name, field]) => {
    const { description, ...schema } = fieldSchema(field, schemas);
    return {
      name,
      in: place,
      required: !field.safeParse(undefined).success,
      ...(description !== undefined && { description }),
      schema,
    };
  });
}
