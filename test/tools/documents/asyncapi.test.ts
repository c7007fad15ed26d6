/** asyncapi.yaml as it is committed, against the commands, the events and the codes. */
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
const roomless = ['join', 'leave'];

test('is AsyncAPI 3, with the address of one room and that of many', () => {
  expect(document.asyncapi).toBe('3.0.0');
  expect(document.channels.room.address).toBe('/ws/chat/{room_name}/');
  expect(document.channels.rooms.address).toBe('/ws/chat/');
});

test('shows every command and every event, and nothing else', () => {
  expect(Object.keys(document.components.messages).toSorted()).toEqual(
    [...Object.keys(commands), withoutType, ...Object.keys(events)].toSorted(),
  );
  expect(Object.keys(document.channels.rooms.messages).toSorted()).toEqual(
    Object.keys(document.components.messages).toSorted(),
  );
});

test('lets rooms be joined and left only where the socket was opened without one', () => {
  const missing = Object.keys(document.channels.rooms.messages).filter(
    (name) => !(name in document.channels.room.messages),
  );
  expect(missing.toSorted()).toEqual(roomless);
});

test('points nowhere in vain', () => {
  const references = referencesIn(document);
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((reference) => resolve(document, reference) === undefined)).toEqual([]);
});

test('has the server receive every command and send every event, in each channel that has it', () => {
  for (const channel of ['room', 'rooms'] as const) {
    const at = `#/channels/${channel}`;
    const own = Object.values(document.operations).filter((operation) => operation.channel.$ref === at);
    const named = (action: string) =>
      own
        .filter((operation) => operation.action === action)
        .map(({ messages }) => messages.map(({ $ref }) => $ref.slice(`${at}/messages/`.length)).join())
        .toSorted();
    const taken = [...Object.keys(commands), withoutType].filter(
      (name) => channel === 'rooms' || !roomless.includes(name),
    );
    expect(named('receive')).toEqual(taken.toSorted());
    expect(named('send')).toEqual(Object.keys(events).toSorted());
  }
});

test.each(Object.entries({ ...commands, ...events }))('shows the fields of %s', (name, frame) => {
  const payload = document.components.messages[name]?.payload;
  expect(Object.keys(payload?.properties ?? {}).toSorted()).toEqual(Object.keys(frame.shape).toSorted());
  const needed = Object.entries(frame.shape)
    .filter(([, field]) => !field.safeParse(undefined).success)
    .map(([field]) => field);
  expect(payload?.required.toSorted()).toEqual(needed.toSorted());
});

test('shows every option of the handshake; the room is in the path where there is one', () => {
  const { room, rooms } = document.channels;
  expect(Object.keys(rooms.bindings.ws.query.properties)).toEqual(Object.keys(HandshakeQuery.shape));
  expect(room.bindings.ws.query.properties).not.toHaveProperty('room');
  for (const schema of Object.values(rooms.bindings.ws.query.properties))
    expect(schema).toHaveProperty('description');
});

test('shows the four ways to say who one is', () => {
  expect(Object.keys(document.components.securitySchemes)).toEqual([
    'ticketSubprotocol',
    'ticketQuery',
    'bearerAuth',
    'tokenQuery',
  ]);
});

test('explains every code, and how a handshake is refused', () => {
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
