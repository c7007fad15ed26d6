/** Collects the schemas that a document refers to, each once. */
import type * as z from 'zod';
import { bodyExamples, entityExamples } from './examples.ts';
import { convert, type Direction, type JsonSchema } from './json-schema.ts';
import { definitionName, tidy } from './tidy.ts';

export interface SchemaCollection {
  /** Returns the schema, or a reference to it if it has an id. */
  refer(schema: z.ZodType, direction: Direction): JsonSchema;
  /** Returns the schema itself, with references to the schemas in it that have an id. */
  expand(schema: z.ZodType, direction: Direction): JsonSchema;
  /** Returns all schemas that were referred to so far, by name. */
  components(): Record<string, JsonSchema>;
}

/** Returns an empty collection, whose methods throw when two different schemas have the same name. */
export function collectSchemas(): SchemaCollection {
  const collected = new Map<string, JsonSchema>();

  function add(name: string, schema: JsonSchema): void {
    const example = entityExamples[name] ?? bodyExamples[name];
    const complete = example === undefined ? schema : { ...schema, examples: [example] };
    const known = collected.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(complete))
      throw new Error(`Two different schemas have the name ${name}`);
    collected.set(name, complete);
  }

  return {
    refer(schema, direction) {
      const { $defs = {}, ...top } = convert(schema, direction);
      for (const [name, definition] of Object.entries($defs)) add(name, tidy(definition));
      return tidy(top);
    },
    expand(schema, direction) {
      const { $defs = {}, ...top } = convert(schema, direction);
      const own = definitionName(top);
      for (const [name, definition] of Object.entries($defs)) if (name !== own) add(name, tidy(definition));
      return tidy((own === undefined ? undefined : $defs[own]) ?? top);
    },
    components: () => Object.fromEntries([...collected].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
}
