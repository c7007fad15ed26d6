/** Writes the reference of the WebSocket API, a page for commands and one for events, from asyncapi.yaml. */
import { listIn, objectIn, readYaml, textIn, type JsonObject } from './json-document.ts';
import { fieldTable, jsonBlock } from './schema-table.ts';

const document = readYaml('asyncapi.yaml');

export interface Kind {
  page: 'commands' | 'events';
  title: string;
  introduction: string;
  /** The action of the server on the messages of this kind. */
  action: 'receive' | 'send';
}

export const kinds: readonly Kind[] = [
  {
    page: 'commands',
    title: 'WebSocket commands',
    introduction:
      'A client sends commands as JSON in text frames. On a socket that is in several rooms, a command names its `room_id`.',
    action: 'receive',
  },
  {
    page: 'events',
    title: 'WebSocket events',
    introduction:
      'The server sends events as JSON in text frames. Ignore types and fields that you do not know: later versions add some. On a socket that was opened with `batch=1`, a frame may hold an array of events.',
    action: 'send',
  },
];

/** The messages of a kind, without those that other operations list again. */
function messagesOf({ action }: Kind): JsonObject[] {
  const operations = Object.values(objectIn(document.root, 'operations')).filter(
    (operation) => textIn(operation, 'action') === action,
  );
  const messages = operations
    .flatMap((operation) => listIn(operation, 'messages'))
    .map((message) => document.resolve(message));
  return [...new Map(messages.map((message) => [textIn(message, 'name'), message])).values()];
}

function section(message: JsonObject): string {
  const [example] = listIn(message, 'examples');
  const payload = objectIn(example)['payload'];
  return [
    `## ${textIn(message, 'name')}`,
    textIn(message, 'summary'),
    payload === undefined ? '' : jsonBlock(payload),
    fieldTable(document, message['payload']),
  ].join('\n\n');
}

/** Returns the page of a kind as Markdown. */
export function webSocketPage(kind: Kind): string {
  return [`# ${kind.title}`, kind.introduction, ...messagesOf(kind).map(section)]
    .join('\n\n')
    .replaceAll(/\n{3,}/g, '\n\n');
}
