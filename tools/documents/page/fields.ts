/** Formats the fields of a frame as a table. */
import type { JsonSchema } from '../json-schema.ts';
import { componentPrefix } from '../tidy.ts';
import { type Html, markup, prose, table } from './html.ts';

/** Returns the type of a field in a few words. A named type links to its description. */
export function typeOf(schema: JsonSchema): Html {
  const { $ref, anyOf, items, type } = schema;
  if ($ref !== undefined) {
    const name = $ref.slice(componentPrefix.length);
    return markup`<a href="#type-${name}">${name}</a>`;
  }
  if (anyOf !== undefined) return oneOf(anyOf.map(typeOf));
  if (schema.enum !== undefined)
    return oneOf(schema.enum.map((value) => markup`<code>${String(value)}</code>`));
  if ('const' in schema) return markup`<code>${JSON.stringify(schema.const)}</code>`;
  if (items !== undefined) return markup`list of ${typeOf(items)}`;
  if (type === 'object') return objectOf(schema);
  return oneOf([type ?? 'anything'].flat().map((name) => markup`${name}`));
}

function oneOf(choices: readonly Html[]): Html {
  return markup`${choices.map((choice, index) => (index === 0 ? choice : markup` or ${choice}`))}`;
}

function objectOf({ properties, additionalProperties }: JsonSchema): Html {
  return typeof additionalProperties === 'object'
    ? markup`<code>{</code>key: ${typeOf(additionalProperties)}<code>}</code>`
    : markup`<code>{${Object.keys(properties ?? {}).join(', ')}}</code>`;
}

/** Returns the description and the bounds of a field. */
function notesOf({ description, minimum, maximum, minLength, maxLength }: JsonSchema): Html {
  const notes: string[] = [];
  if (description !== undefined) notes.push(description.replace(/([^.])$/, '$1.'));
  if (minimum !== undefined && maximum !== undefined) notes.push(`${minimum} to ${maximum}.`);
  else if (minimum !== undefined && minimum > 0) notes.push(`At least ${minimum}.`);
  if (maxLength !== undefined)
    notes.push(`${minLength === undefined ? 'At most' : `${minLength} to`} ${maxLength} characters.`);
  return prose(notes.join(' '));
}

/** Returns a table of the fields of an object except those of `without`, or nothing when no field remains. */
export function fieldTable(label: string, schema: JsonSchema, without: readonly string[] = []): Html {
  const { properties = {}, required = [] } = schema;
  const shown = Object.entries(properties).filter(([name]) => !without.includes(name));
  if (shown.length === 0) return markup``;
  return table(
    label,
    ['Field', 'Type', 'Notes'],
    shown.map(([name, field]) => [
      markup`<code>${name}</code>${!required.includes(name) && markup` <span class="optional">optional</span>`}`,
      typeOf(field),
      notesOf(field),
    ]),
  );
}
