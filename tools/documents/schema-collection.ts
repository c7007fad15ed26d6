/** Gathers the schemas that a document refers to while it is written, each once. */
import type * as z from 'zod';
import { bodyExamples, entityExamples } from './examples.ts';
import { convert, type Direction, type JsonSchema } from './json-schema.ts';
import { definitionName, tidy } from './tidy.ts';

export interface SchemaCollection {
  /** The schema, by reference when it has an id. */
  refer(schema: z.ZodType, direction: Direction): JsonSchema;
  /** The schema itself, even when it has an id; what it contains is by reference. */
  expand(schema: z.ZodType, direction: Direction): JsonSchema;
  /** Everything that was referred to so far, by name. */
  components(): Record<string, JsonSchema>;
}

/** An empty collection; its methods throw when two different schemas claim one name. */
export function collectSchemas(): SchemaCollection {
  const collected = new Map<string, JsonSchema>();

  function add(name: string, schema: JsonSchema): void {
    const example = entityExamples[name] ?? bodyExamples[name];
    const complete = example === undefined ? schema : { ...schema, examples: [example] };
    const known = collected.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(complete))
      throw new Error(`two schemas are called ${name}`);
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
