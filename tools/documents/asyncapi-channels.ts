/** The addresses of the WebSocket as channels of an AsyncAPI document, and what flows through them. */
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

/** The channels by name, and which commands each takes. */
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

/** The handshake's query; the room is part of the path where a channel has one. */
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
      description: 'A socket that is in one room from the start. Commands need no `room_id`.',
      parameters: {
        room_name: {
          description: 'The room’s name, URL-encoded. A public room that does not exist is made.',
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
        'A socket that opens rooms with `join` and names the room in each command. It also hears what concerns its user alone: `member_added` when they were added to a room or somebody wrote to them, `member_removed` when they left a room or were removed from it, `member_updated` when a room passed to them, and `message_read` from their other devices.',
      messages: messagesOf('rooms'),
      bindings: bindings(schemas, false),
    },
  };
}

function commandOperations(channel: ChannelName) {
  const at = `channels/${channel}`;
  return channelCommands[channel].map((name): [string, object] => {
    const reply = name === untypedMessageName ? replies.message : replies[name];
    return [
      `${channel}.receive.${name}`,
      {
        action: 'receive',
        channel: reference(at),
        messages: [reference(`${at}/messages/${name}`)],
        ...(reply !== undefined && {
          reply: { channel: reference(at), messages: [reference(`${at}/messages/${reply}`)] },
        }),
      },
    ];
  });
}

function eventOperations(channel: ChannelName) {
  const at = `channels/${channel}`;
  return eventNames.map((name): [string, object] => [
    `${channel}.send.${name}`,
    { action: 'send', channel: reference(at), messages: [reference(`${at}/messages/${name}`)] },
  ]);
}

/** Seen from the server, as AsyncAPI has it: it receives commands and sends events. */
export function asyncapiOperations() {
  const channels = namesOf(channelCommands);
  return Object.fromEntries(
    channels.flatMap((channel) => [...commandOperations(channel), ...eventOperations(channel)]),
  );
}
