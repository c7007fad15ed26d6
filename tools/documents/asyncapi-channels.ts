/** The addresses of the WebSocket API as channels of the AsyncAPI document, with their messages. */
import { HandshakeQuery } from '../../shared/contract/websocket/handshake.ts';
import {
  commandNames,
  eventNames,
  replies,
  roomlessCommands,
  untypedMessageName,
} from './asyncapi-messages.ts';
import { type JsonSchema, namesOf } from './json-schema.ts';
import { parametersOf } from './parameters.ts';
import type { SchemaCollection } from './schema-collection.ts';

/** The channels, with the commands that each accepts. */
const channelCommands = {
  room: [...commandNames.filter((name) => !roomlessCommands.includes(name)), untypedMessageName],
  rooms: [...commandNames, untypedMessageName],
} as const;

type ChannelName = keyof typeof channelCommands;

const reference = (pointer: string) => ({ $ref: `#/${pointer}` });

function messagesOf(channel: ChannelName) {
  const names = [...channelCommands[channel], ...eventNames];
  return Object.fromEntries(names.map((name) => [name, reference(`components/messages/${name}`)]));
}

/** The query of the handshake. A channel whose path contains the room has no `room` in its query. */
function bindings(schemas: SchemaCollection, withoutRoom: boolean) {
  const fields = parametersOf('query', HandshakeQuery, schemas).filter(
    ({ name }) => !(withoutRoom && name === 'room'),
  );
  const properties = Object.fromEntries(
    fields.map(({ name, description, schema }): [string, JsonSchema] => [name, { ...schema, description }]),
  );
  return { ws: { method: 'GET', query: { type: 'object', properties } } };
}

export function asyncapiChannels(schemas: SchemaCollection) {
  return {
    room: {
      address: '/ws/chat/{room_name}/',
      title: 'One room',
      description: 'A socket that opens one room and stays in it. Its commands need no `room_id`.',
      parameters: {
        room_name: {
          description: 'The URL-encoded name of the room. A public room that does not exist is created.',
          examples: ['general'],
        },
      },
      messages: messagesOf('room'),
      bindings: bindings(schemas, true),
    },
    rooms: {
      address: '/ws/chat/',
      title: 'Many rooms',
      description:
        'A socket that opens rooms with `join` and names the room in each command. It also receives the notifications of its user: `member_added` when the user was added to a room or another user opened a direct room with them, `member_removed` when the user left a room or was removed from it, `member_updated` when the user became the owner of a room, and `message_read` from their other devices.',
      messages: messagesOf('rooms'),
      bindings: bindings(schemas, false),
    },
  };
}

function commandOperations(channel: ChannelName) {
  const pointer = `channels/${channel}`;
  return channelCommands[channel].map((name): [string, object] => {
    const reply = name === untypedMessageName ? replies.message : replies[name];
    return [
      `${channel}.receive.${name}`,
      {
        action: 'receive',
        channel: reference(pointer),
        messages: [reference(`${pointer}/messages/${name}`)],
        ...(reply !== undefined && {
          reply: { channel: reference(pointer), messages: [reference(`${pointer}/messages/${reply}`)] },
        }),
      },
    ];
  });
}

function eventOperations(channel: ChannelName) {
  const pointer = `channels/${channel}`;
  return eventNames.map((name): [string, object] => [
    `${channel}.send.${name}`,
    { action: 'send', channel: reference(pointer), messages: [reference(`${pointer}/messages/${name}`)] },
  ]);
}

/** From the point of view of the server, as AsyncAPI requires: it receives commands and sends events. */
export function asyncapiOperations() {
  const channels = namesOf(channelCommands);
  return Object.fromEntries(
    channels.flatMap((channel) => [...commandOperations(channel), ...eventOperations(channel)]),
  );
}
