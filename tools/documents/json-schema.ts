/** Converts zod schemas to JSON Schema 2020-12, as the documents use it. */
import * as z from 'zod';

export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  default?: string | number | boolean;
  examples?: unknown[];
  description?: string;
  readOnly?: boolean;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
}

/** Whether a schema describes data that the server receives (`input`) or sends (`output`). */
export type Direction = 'input' | 'output';

/** Returns the keys of an object literal, typed. */
export function namesOf<T extends object>(record: T): (keyof T & string)[] {
  return Object.keys(record) as (keyof T & string)[];
}

/** Converts a schema. The schemas in it that have an id are under `$defs`. */
export function convert(schema: z.ZodType, direction: Direction): JsonSchema {
  const { $schema: _dialect, ...converted } = z.toJSONSchema(schema, {
    io: direction,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodPipe) describePipe(jsonSchema, zodSchema, direction);
      // Clients must accept additional members, since later versions may add some.
      if (direction === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  });
  // The type of zod also allows booleans in place of schemas, which the contract's schemas do not produce.
  return converted as JsonSchema;
}

/**
 * Describes a pipe by its last schema, or by the one before if the last is a transform, which has no schema.
 */
function describePipe(jsonSchema: z.core.JSONSchema.BaseSchema, pipe: z.ZodPipe, direction: Direction): void {
  // A reference to a schema with an id needs no keywords of its own.
  if ('$ref' in jsonSchema) {
    for (const keyword of ['type', 'minLength', 'maxLength']) delete jsonSchema[keyword];
    return;
  }
  const side = pipe.out instanceof z.ZodTransform ? pipe.in : pipe.out;
  if (!(side instanceof z.ZodType)) return;
  const { $defs: _definitions, ...shown } = convert(side, direction);
  // The metadata of the pipe itself takes precedence over that of its side.
  Object.assign(jsonSchema, { ...shown, ...jsonSchema });
}
