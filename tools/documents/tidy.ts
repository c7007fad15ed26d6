/** Takes out of a schema what a reader gains nothing from, and points its references at `components/schemas`. */
import type { JsonSchema } from './json-schema.ts';

const definitionPrefix = '#/$defs/';
export const componentPrefix = '#/components/schemas/';

/** The name under `$defs` that a schema is nothing but a reference to, if it is one. */
export function definitionName(schema: JsonSchema): string | undefined {
  return Object.keys(schema).length === 1 ? schema.$ref?.slice(definitionPrefix.length) : undefined;
}

/** Choices within a choice are one, and `anyOf: [{type: string}, {type: null}]` is `type: [string, null]`. */
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

/** The schema as a document shows it. */
export function tidy(schema: JsonSchema & { example?: unknown; propertyNames?: unknown }): JsonSchema {
  const {
    example,
    propertyNames: _textAnyway,
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
    // zod spells each format out as a pattern that is longer than everything else in the document.
    ...(pattern !== undefined && schema.format === undefined && { pattern }),
    // Nor do the bounds of what a number can hold say anything.
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
