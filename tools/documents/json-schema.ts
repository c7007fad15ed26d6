/** JSON Schema 2020-12 as the documents use it, and how a zod schema becomes it. */
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

/** Whether a schema is shown as what is sent to the server, or as what comes from it. */
export type Direction = 'input' | 'output';

/** The names of a literal, which has no more of them than its type says. */
export function namesOf<T extends object>(record: T): (keyof T & string)[] {
  return Object.keys(record) as (keyof T & string)[];
}

/** What zod makes of a schema; members with an id are under `$defs`. */
export function convert(schema: z.ZodType, direction: Direction): JsonSchema {
  const { $schema: _dialect, ...converted } = z.toJSONSchema(schema, {
    io: direction,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodPipe) followPipe(jsonSchema, zodSchema, direction);
      // An answer may get new members later, so clients must not count on their absence.
      if (direction === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  });
  // Its type is looser: it allows for booleans in place of schemas, which zod writes for none of ours.
  return converted as JsonSchema;
}

/**
 * Shows a pipe by its side that says more: the one that is checked last, or the one before when the last is
 * a function, which has no schema.
 */
function followPipe(jsonSchema: z.core.JSONSchema.BaseSchema, pipe: z.ZodPipe, direction: Direction): void {
  // What zod derived from another schema with an id says all it has to say by reference.
  if ('$ref' in jsonSchema) {
    for (const keyword of ['type', 'minLength', 'maxLength']) delete jsonSchema[keyword];
    return;
  }
  const side = pipe.out instanceof z.ZodTransform ? pipe.in : pipe.out;
  if (!(side instanceof z.ZodType)) return;
  const { $defs: _definitions, ...shown } = convert(side, direction);
  // What the row states of its schema wins: it is about the whole pipe.
  Object.assign(jsonSchema, { ...shown, ...jsonSchema });
}
