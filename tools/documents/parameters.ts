/** Turns the fields of a path or query into parameters. */
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
 * Returns the schema of a field. A number arrives as text, so the schema of the parsed value is shown. A value that a
 * function transforms has no such schema, so the schema of its text is shown.
 */
function fieldSchema(field: z.ZodType, schemas: SchemaCollection): JsonSchema {
  const { description: _description, default: _default, ...result } = convert(field, 'output');
  return schemas.refer(field, Object.keys(result).length > 0 ? 'output' : 'input');
}

/** Returns one parameter for each field. Fields with a default are not required. */
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
