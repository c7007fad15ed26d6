/** Writes `client/src/contract/`: the contract as types and plain data, so that the client's users need no zod. */
import { format, resolveConfig } from 'prettier';
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { events } from '../../../shared/contract/websocket/events.ts';
import { namesOf } from '../json-schema.ts';
import { Declarations, emptyFile, type DeclaredFile } from './declarations.ts';
import { addMethods } from './http-methods.ts';
import { errorsText, fileLimitsText, routesText } from './plain-data.ts';

const folder = 'client/src/contract';

interface Frames {
  name: 'Event' | 'Command';
  /** The types of the frames by their names on the wire. */
  types: readonly [string, string][];
}

/** Returns the union of all frames, and the types that follow from the name of one. */
function frameUnion({ name, types }: Frames, union: string): string {
  const rows = types.map(([wireName, type]) => `${wireName}: ${type};`);
  return `/** All ${name.toLowerCase()}s by their \`type\`. */
export interface ${name}Types {
${rows.join('\n')}
}

/** The \`type\` of ${name === 'Event' ? 'an event' : 'a command'}. */
export type ${name}Name = keyof ${name}Types;
/** The ${name.toLowerCase()} with that \`type\`. */
export type ${name}Of<N extends ${name}Name> = ${name}Types[N];
/** Any ${name.toLowerCase()}; its \`type\` says which. */
export type ${union} = ${types.map(([, type]) => type).join(' | ')};`;
}

async function source(opening: string, imports: string, texts: readonly string[]): Promise<string> {
  const text = [`// ${opening} Written by \`npm run documents\`.`, imports, ...texts].join('\n\n');
  const compact = text.replaceAll(/\/\*\*\n\s*\* (.{1,90})\n\s*\*\//g, '/** $1 */');
  return format(compact, { ...(await resolveConfig('.prettierrc')), parser: 'typescript' });
}

const importsOf = ({ uses }: DeclaredFile): string =>
  `import type { ${[...uses].sort().join(', ')} } from './entities.ts';`;

/** Returns the text of each file by its path in the project. */
export async function clientContract(): Promise<Record<string, string>> {
  const declarations = new Declarations();
  const [eventFile, commandFile, methodFile] = [emptyFile(), emptyFile(), emptyFile()];
  const eventTypes: [string, string][] = [];
  for (const name of namesOf(events))
    eventTypes.push([name, await declarations.add(eventFile, events[name], 'output')]);
  const commandTypes: [string, string][] = [];
  for (const name of namesOf(commands))
    commandTypes.push([name, await declarations.add(commandFile, commands[name], 'input')]);
  await addMethods(methodFile, declarations);
  const files = {
    entities: source(
      'Users, rooms, members and messages, as the API sends them.',
      '',
      declarations.entityTexts(),
    ),
    events: source('All events that the server sends.', importsOf(eventFile), [
      ...eventFile.texts,
      frameUnion({ name: 'Event', types: eventTypes }, 'ServerEvent'),
    ]),
    commands: source('All commands that the client can send.', importsOf(commandFile), [
      ...commandFile.texts,
      frameUnion({ name: 'Command', types: commandTypes }, 'Command'),
    ]),
    'http-operations': source(
      'The HTTP operations as methods.',
      `import type { PagedList } from '../http/paged-list.ts';\n${importsOf(methodFile)}`,
      methodFile.texts,
    ),
    routes: source('The method, path, authentication and paging of each HTTP operation.', '', [routesText()]),
    errors: source('The codes of errors.', '', [errorsText()]),
    'file-limits': source('The limits of files.', '', [fileLimitsText()]),
  };
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(files)) texts[`${folder}/${name}.ts`] = await text;
  return texts;
}
