/** Writes JSON schemas as Markdown: one table row for each field. */
import { listIn, objectIn, textIn, type Json, type JsonDocument, type JsonObject } from './json-document.ts';

/** Inside a table cell a bar would end the cell, and a line break the row. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

/** How deep the fields of objects in objects are listed. */
const maxDepth = 3;

/** Returns the type of a schema in words: `string`, `array of Message`, `"public" or "private"`. */
export function typeOf(document: JsonDocument, value: Json | undefined): string {
  const schema = document.resolve(value);
  const alternatives = [...listIn(schema, 'oneOf'), ...listIn(schema, 'anyOf')];
  if (alternatives.length > 0)
    return [...new Set(alternatives.map((one) => typeOf(document, one)))].join(' or ');
  if ('const' in schema) return JSON.stringify(schema['const']);
  const values = listIn(schema, 'enum');
  if (values.length > 0) return values.map((one) => JSON.stringify(one)).join(' or ');
  if (schema['type'] === 'array') return `array of ${typeOf(document, schema['items'])}`;
  const types = Array.isArray(schema['type']) ? schema['type'] : [schema['type'] ?? 'any'];
  return types.map(String).join(' or ');
}

/** What else a value must be: its lengths and bounds. */
function boundsOf(schema: JsonObject): string {
  const names: Record<string, string> = {
    minLength: 'at least %s characters',
    maxLength: 'at most %s characters',
    minimum: 'from %s',
    maximum: 'up to %s',
  };
  return (
    Object.entries(names)
      .map(([name, words]) => ({ words, bound: schema[name] }))
      // The bounds of every integer of JSON say nothing about the field.
      .filter(({ bound }) => typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER)
      .map(({ words, bound }) => words.replace('%s', Number(bound).toLocaleString('en-US')))
      .join(', ')
  );
}

interface Field {
  path: string;
  schema: JsonObject;
  type: string;
  isRequired: boolean;
}

function fieldsOf(document: JsonDocument, value: Json | undefined, prefix = '', depth = 1): Field[] {
  const schema = document.resolve(value);
  const items = schema['type'] === 'array' ? document.resolve(schema['items']) : schema;
  const required = listIn(items, 'required');
  return Object.entries(objectIn(items, 'properties')).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const resolved = document.resolve(property);
    const own: Field = {
      path,
      // The property's own description goes before that of the schema that it refers to.
      schema: { ...resolved, ...objectIn(property) },
      type: typeOf(document, property),
      isRequired: required.includes(name),
    };
    const inside = resolved['type'] === 'array' ? `${path}[].` : `${path}.`;
    return depth === maxDepth ? [own] : [own, ...fieldsOf(document, resolved, inside, depth + 1)];
  });
}

/** Returns a table of the fields of an object, or of the objects of an array; an empty text when it has none. */
export function fieldTable(document: JsonDocument, value: Json | undefined): string {
  const rows = fieldsOf(document, value).map(({ path, schema, type, isRequired }) => {
    const description = [textIn(schema, 'description'), boundsOf(schema)].filter((text) => text !== '');
    return `| \`${path}\` | ${cell(type)}${isRequired ? '' : ', optional'} | ${cell(description.join('; '))} |`;
  });
  if (rows.length === 0) return '';
  return ['| field | type | description |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Returns a value as a block of JSON. */
export const jsonBlock = (value: Json): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

/** Returns the first example of a schema as a block of JSON; an empty text when it has none. */
export function exampleOf(document: JsonDocument, value: Json | undefined): string {
  const [example] = listIn(document.resolve(value), 'examples');
  return example === undefined ? '' : jsonBlock(example);
}
