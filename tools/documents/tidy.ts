/** Removes redundant keywords from a schema, and points its references to `components/schemas`. */
import type { JsonSchema } from './json-schema.ts';

const definitionPrefix = '#/$defs/';
export const componentPrefix = '#/components/schemas/';

/** Returns the name of the definition if the schema is only a reference to one. */
export function definitionName(schema: JsonSchema): string | undefined {
  return Object.keys(schema).length === 1 ? schema.$ref?.slice(definitionPrefix.length) : undefined;
}

/** Flattens nested choices, and turns `anyOf: [{type: string}, {type: null}]` into `type: [string, null]`. */
function joinChoices({ anyOf, ...rest }: JsonSchema): JsonSchema {
  if (anyOf === undefined) return rest;
  const choices = anyOf.flatMap((choice) => choice.anyOf ?? [choice]);
  const [first, second, ...others] = choices;
  const isNullable = second?.type === 'null' && others.length === 0;
  return isNullable && typeof first?.type === 'string' && !('const' in first)
    ? { ...first, ...rest, type: [first.type, 'null'] }
    : { ...rest, anyOf: choices };
}

function tidyFields(fields: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, tidy(field)]));
}

/** Returns the schema as the documents show it. */
export function tidy(schema: JsonSchema & { example?: unknown; propertyNames?: unknown }): JsonSchema {
  const {
    example,
    propertyNames: _alwaysText,
    $ref,
    $defs: _elsewhere,
    pattern,
    minimum,
    maximum,
    ...rest
  } = schema;
  return joinChoices({
    ...($ref !== undefined && { $ref: $ref.replace(definitionPrefix, componentPrefix) }),
    ...rest,
    // zod adds a long pattern to each format.
    ...(pattern !== undefined && schema.format === undefined && { pattern }),
    // zod adds the bounds of safe integers to each integer.
    ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
    ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
    ...(rest.items !== undefined && { items: tidy(rest.items) }),
    ...(rest.anyOf !== undefined && { anyOf: rest.anyOf.map((choice) => tidy(choice)) }),
    ...(rest.properties !== undefined && { properties: tidyFields(rest.properties) }),
    ...(typeof rest.additionalProperties === 'object' && {
      additionalProperties: tidy(rest.additionalProperties),
    }),
    ...(example !== undefined && { examples: [example] }),
  });
}
