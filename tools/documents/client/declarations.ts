/** Writes schemas of the contract as TypeScript declarations, with their descriptions as comments. */
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import type * as z from 'zod';
import { convert, type Direction, type JsonSchema } from '../json-schema.ts';

const definitionPrefix = '#/$defs/';

/** The client has a class `Room`, which is a view of a room. */
const renamed: Readonly<Record<string, string>> = { Room: 'RoomDetails' };

/** Returns the name of a schema's type by its id: `ChatMessageEvent` for `chat_messageEvent`. */
export function typeName(id: string): string {
  const name = id.replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return renamed[name] ?? name;
}

/** Returns the id of the schema to which `schema` is a mere reference. */
export function referredId({ $ref, type }: JsonSchema): string | undefined {
  return type === undefined ? $ref?.slice(definitionPrefix.length) : undefined;
}

/** Returns the ids of the schemas to which a schema refers. */
function idsIn(schema: JsonSchema): string[] {
  const found = JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g);
  return [...new Set([...found].map(([, id]) => id ?? ''))];
}

/** Returns a copy in which schemas have the names of their types. The compiler changes what it is given. */
function forCompiler(schema: JsonSchema, definitions: Record<string, JsonSchema>): JSONSchema {
  const $defs = Object.fromEntries(Object.entries(definitions).map(([id, of]) => [typeName(id), of]));
  return JSON.parse(JSON.stringify({ ...schema, $defs }), (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string')
      return definitionPrefix + typeName(value.slice(definitionPrefix.length));
    return key === 'anyOf' ? withoutSpecialTexts(value as JsonSchema[]) : value;
  }) as JSONSchema;
}

/** As a type, a certain text is part of any text. */
function withoutSpecialTexts(choices: JsonSchema[]): JsonSchema[] {
  return choices.some(({ type, const: constant }) => type === 'string' && constant === undefined)
    ? choices.filter(({ const: constant }) => typeof constant !== 'string')
    : choices;
}

/** The declarations of one file. */
export interface DeclaredFile {
  /** The declarations, in the order in which they were made. */
  texts: string[];
  /** The types of the entities that the declarations use. */
  uses: Set<string>;
}

export const emptyFile = (): DeclaredFile => ({ texts: [], uses: new Set() });

/** Declares types in files, and collects the entities that they use. */
export class Declarations {
  private readonly entities = new Map<string, string>();
  private readonly schemas: Record<string, JsonSchema> = {};

  /** Adds the declaration of a zod schema to `file`, under the name that follows from its id. */
  async add(file: DeclaredFile, schema: z.ZodType, direction: Direction): Promise<string> {
    const { $defs = {}, ...top } = convert(schema, direction);
    const id = referredId(top);
    if (id === undefined) throw new Error('A schema has no id');
    await this.addAs(file, typeName(id), { ...$defs[id], $defs });
    return typeName(id);
  }

  /** Adds the declaration of a JSON Schema with its definitions to `file`. */
  async addAs(file: DeclaredFile, name: string, { $defs = {}, ...schema }: JsonSchema): Promise<void> {
    const text = await declarationOf(name, schema, $defs);
    file.texts.push(text);
    // A reference with a description of its own is written as the type itself.
    await this.use(
      file,
      idsIn(schema).filter((id) => mentions(text, typeName(id))),
      $defs,
    );
  }

  /** Returns the type that an answer has. Adds the entities in it. */
  async typeOf(file: DeclaredFile, schema: z.ZodType): Promise<string> {
    const { $defs = {}, ...top } = convert(schema, 'output');
    const id = referredId(top.items ?? top);
    if (id === undefined) throw new Error('An answer is neither a schema with an id nor a list of them');
    await this.use(file, [id], $defs);
    return top.items === undefined ? typeName(id) : `${typeName(id)}[]`;
  }

  /** Returns the declarations of all entities that were used, by name. */
  entityTexts(): string[] {
    return [...this.entities]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, declaration]) => declaration);
  }

  private async use(file: DeclaredFile, ids: readonly string[], $defs: Record<string, JsonSchema>) {
    for (const id of ids) {
      file.uses.add(typeName(id));
      await this.addEntity(id, $defs);
    }
  }

  private async addEntity(id: string, $defs: Record<string, JsonSchema>): Promise<void> {
    const schema = $defs[id];
    if (schema === undefined) throw new Error(`There is no schema ${id}`);
    // The same schema is often met again.
    const { [id]: schemaBefore } = this.schemas;
    if (JSON.stringify(schema) === JSON.stringify(schemaBefore)) return;
    this.schemas[id] = schema;
    const text = await declarationOf(typeName(id), schema, $defs);
    const known = this.entities.get(id);
    if (known !== undefined && known !== text) throw new Error(`Two different types have the name ${id}`);
    if (known !== undefined) return;
    this.entities.set(id, text);
    for (const inner of idsIn(schema).filter((inner) => mentions(text, typeName(inner))))
      await this.addEntity(inner, $defs);
  }
}

/** Whether a declaration uses that type outside of its comments. */
function mentions(text: string, type: string): boolean {
  return new RegExp(`\\b${type}\\b`).test(text.replaceAll(/\/\*\*[^]*?\*\//g, ''));
}

async function declarationOf(
  name: string,
  schema: JsonSchema,
  definitions: Record<string, JsonSchema>,
): Promise<string> {
  return compile(forCompiler(schema, definitions), name, {
    additionalProperties: false,
    bannerComment: '',
    // The schemas to which this one refers have declarations of their own.
    declareExternallyReferenced: false,
    format: false,
    ignoreMinAndMaxItems: true,
  });
}
