/** Compares the committed asyncapi.yaml with the commands, events and codes of the contract. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { frameCodes } from '../../../shared/contract/errors.ts';
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { events } from '../../../shared/contract/websocket/events.ts';
import { HandshakeQuery } from '../../../shared/contract/websocket/handshake.ts';
import { referencesIn, resolve } from './references.ts';

interface Channel {
  address: string;
  messages: Record<string, unknown>;
  bindings: { ws: { query: { properties: Record<string, unknown> } } };
}

interface Document {
  asyncapi: string;
  channels: Record<'room' | 'rooms', Channel>;
  operations: Record<string, { action: string; channel: { $ref: string }; messages: { $ref: string }[] }>;
  components: {
    messages: Record<string, { payload: { properties: Record<string, object>; required: string[] } }>;
    securitySchemes: Record<string, unknown>;
  };
  'x-codes': { name: string; code: number; means: string; advice: string }[];
  'x-handshake-refusals': { status: number; code: number }[];
}

const document = parse(readFileSync('asyncapi.yaml', 'utf8')) as Document;
const withoutType = 'message_without_type';
const roomless = ['inbox', 'join', 'leave'];

test('asyncapi.yaml is AsyncAPI 3 and has the addresses for one room and for many rooms', () => {
  expect(document.asyncapi).toBe('3.0.0');
  expect(document.channels.room.address).toBe('/ws/chat/{room_name}/');
  expect(document.channels.rooms.address).toBe('/ws/chat/');
});

test('the messages are exactly the commands and events of the contract', () => {
  expect(Object.keys(document.components.messages).toSorted()).toEqual(
    [...Object.keys(commands), withoutType, ...Object.keys(events)].toSorted(),
  );
  expect(Object.keys(document.channels.rooms.messages).toSorted()).toEqual(
    Object.keys(document.components.messages).toSorted(),
  );
});

test('inbox, join and leave are only messages of the channel for many rooms', () => {
  const missing = Object.keys(document.channels.rooms.messages).filter(
    (name) => !(name in document.channels.room.messages),
  );
  expect(missing.toSorted()).toEqual(roomless);
});

test('all references of asyncapi.yaml resolve', () => {
  const references = referencesIn(document);
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((reference) => resolve(document, reference) === undefined)).toEqual([]);
});

test('each channel has an operation for each of its commands and events', () => {
  for (const channel of ['room', 'rooms'] as const) {
    const pointer = `#/channels/${channel}`;
    const own = Object.values(document.operations).filter((operation) => operation.channel.$ref === pointer);
    const named = (action: string) =>
      own
        .filter((operation) => operation.action === action)
        .map(({ messages }) => messages.map(({ $ref }) => $ref.slice(`${pointer}/messages/`.length)).join())
        .toSorted();
    const accepted = [...Object.keys(commands), withoutType].filter(
      (name) => channel === 'rooms' || !roomless.includes(name),
    );
    expect(named('receive')).toEqual(accepted.toSorted());
    expect(named('send')).toEqual(Object.keys(events).toSorted());
  }
});

test.each(Object.entries({ ...commands, ...events }))(
  'the payload of %s has the fields of its schema',
  (name, frame) => {
    const payload = document.components.messages[name]?.payload;
    expect(Object.keys(payload?.properties ?? {}).toSorted()).toEqual(Object.keys(frame.shape).toSorted());
    const needed = Object.entries(frame.shape)
      .filter(([, field]) => !field.safeParse(undefined).success)
      .map(([field]) => field);
    expect(payload?.required.toSorted()).toEqual(needed.toSorted());
  },
);

test('the query of the handshake has all options, but no room when the path has one', () => {
  const { room, rooms } = document.channels;
  expect(Object.keys(rooms.bindings.ws.query.properties)).toEqual(Object.keys(HandshakeQuery.shape));
  expect(room.bindings.ws.query.properties).not.toHaveProperty('room');
  for (const schema of Object.values(rooms.bindings.ws.query.properties))
    expect(schema).toHaveProperty('description');
});

test('the security schemes are the four ways to authenticate', () => {
  expect(Object.keys(document.components.securitySchemes)).toEqual([
    'ticketSubprotocol',
    'ticketQuery',
    'bearerAuth',
    'tokenQuery',
  ]);
});

test('all codes and all statuses of refused handshakes are explained', () => {
  expect(document['x-codes'].map(({ name, code }) => [name, code])).toEqual(
    Object.entries(frameCodes).map(([name, { code }]) => [name, code]),
  );
  expect(document['x-handshake-refusals'].map(({ status, code }) => [status, code])).toEqual([
    [401, 4001],
    [403, 4003],
    [404, 4000],
    [409, 4000],
    [429, 4029],
  ]);
});
