/** Malformed frames: each is answered with 4005, changes nothing and leaves the connection open. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ChatSocket, type ChatEvent } from '../../kit/chat-socket.ts';
import { readHeads, sendMessage } from '../../kit/room-sockets.ts';
import { newRoom } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let room: any;
let messageId: string;
let socket: ChatSocket;

beforeAll(async () => {
  ann = await newUser('ann');
  room = await newRoom(ann);
  socket = await ChatSocket.inRoom(room.room_name, ann.access);
  messageId = (await sendMessage(socket, 'the only message'))['message_id'];
  await socket.find('chat_message');
});

/** Returns the error for a frame; a ping after it proves that nothing else was sent and nothing changed. */
async function refusalOf(frame: unknown): Promise<ChatEvent> {
  const from = socket.events.length;
  socket.send(frame);
  const error = await socket.next('error');
  expect(await readHeads(socket)).toEqual({ [room.room_id]: 1 });
  expect(socket.events.slice(from).map(({ type }) => type)).toEqual(['error', 'pong']);
  return error;
}

const invalid = {
  type: 'error',
  error: expect.stringMatching(/\w/),
  code: 4005,
  name: 'invalid_frame',
  retryable: false,
};

describe('a frame that is not a JSON object', () => {
  test.each([
    ['a word', 'hello'],
    ['nothing', ''],
    ['a space', ' '],
    ['half of an object', '{"message": "hi"'],
    ['two objects', '{"type":"ping"}{"type":"ping"}'],
    ['an object in single quotes', "{'type': 'ping'}"],
    ['an object after a byte order mark', '\ufeff{"type":"ping"}'],
    ['a comma too many', '{"type":"ping",}'],
    ['an array', '[]'],
    ['an array of commands', '[{"type":"ping"}]'],
    ['a number', '17'],
    ['a string', '"ping"'],
    ['true', 'true'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['a deep array', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['a deep object', `${'{"a":'.repeat(4_000)}1${'}'.repeat(4_000)}`],
  ])('is refused: %s', async (_, frame) => {
    expect(await refusalOf(frame)).toEqual(invalid);
  });
});

describe('an unknown type', () => {
  test.each([
    'shout',
    'Message',
    'MESSAGE',
    ' message',
    'chat_message',
    'ready',
    'ack',
    'error',
    'close',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    null,
    0,
    true,
    ['message'],
    { type: 'message' },
  ])('is refused: %j', async (type) => {
    expect(await refusalOf({ type, content: 'hi' })).toEqual(invalid);
    expect(await refusalOf({ type, message: 'hi' })).toEqual(invalid);
  });
});

const id = () => messageId;

describe('a field', () => {
  test.each<[string, () => Record<string, unknown>]>([
    ['missing: content', () => ({ type: 'message' })],
    ['missing: type and message', () => ({ content: 'hi' })],
    ['missing: is_typing', () => ({ type: 'typing' })],
    ['missing: message_id of read', () => ({ type: 'read' })],
    ['missing: message_id of edit', () => ({ type: 'edit', content: 'hi' })],
    ['missing: content of edit', () => ({ type: 'edit', message_id: id() })],
    ['missing: message_id of delete', () => ({ type: 'delete' })],
    ['missing: room of join', () => ({ type: 'join' })],
    ['missing: token', () => ({ type: 'auth' })],
    ['wrong: a number as message', () => ({ message: 5 })],
    ['wrong: null as message', () => ({ message: null })],
    ['wrong: an object as message', () => ({ message: { text: 'hi' } })],
    ['wrong: an array as content', () => ({ type: 'message', content: ['hi'] })],
    ['wrong: is_typing in words', () => ({ type: 'typing', is_typing: 'true' })],
    ['wrong: is_typing as a number', () => ({ type: 'typing', is_typing: 1 })],
    ['wrong: message_id as a number', () => ({ type: 'read', message_id: 1 })],
    ['wrong: message_id as null', () => ({ type: 'delete', message_id: null })],
    ['wrong: before as text', () => ({ type: 'history', before: '5' })],
    ['wrong: before of 0', () => ({ type: 'history', before: 0 })],
    ['wrong: before with a fraction', () => ({ type: 'history', before: 1.5 })],
    ['wrong: after below 0', () => ({ type: 'history', after: -1 })],
    ['wrong: after beyond what a number holds', () => ({ type: 'history', after: 1e300 })],
    ['wrong: limit of 0', () => ({ type: 'history', limit: 0 })],
    ['wrong: limit of 101', () => ({ type: 'history', limit: 101 })],
    ['wrong: token as a number', () => ({ type: 'auth', token: 5 })],
    ['wrong: room as an object', () => ({ type: 'join', room: {} })],
    ['wrong: room_id that is no UUID', () => ({ message: 'hi', room_id: 'general' })],
    ['wrong: room_id as an array', () => ({ message: 'hi', room_id: [room.room_id] })],
    ['wrong: client_id with a space', () => ({ message: 'hi', client_id: 'a b' })],
    ['wrong: client_id with a number sign', () => ({ message: 'hi', client_id: 'a#b' })],
    ['wrong: client_id with a line break', () => ({ message: 'hi', client_id: 'a\n' })],
    ['wrong: client_id as a number', () => ({ message: 'hi', client_id: 7 })],
    ['wrong: an empty client_id', () => ({ message: 'hi', client_id: '' })],
    ['wrong: ref as a number', () => ({ type: 'ping', ref: 7 })],
    ['empty: message', () => ({ message: '' })],
    ['empty: message of spaces', () => ({ message: ' \n\t\u3000 ' })],
    ['empty: content of edit', () => ({ type: 'edit', message_id: id(), content: ' ' })],
    ['oversized: message of 4,001 characters', () => ({ message: 'x'.repeat(4_001) })],
    ['oversized: content of edit', () => ({ type: 'edit', message_id: id(), content: 'x'.repeat(4_001) })],
    ['oversized: ref', () => ({ type: 'ping', ref: 'r'.repeat(65) })],
    ['oversized: message_id', () => ({ type: 'delete', message_id: 'm'.repeat(65) })],
    ['half of a surrogate pair in a message', () => ({ message: 'a\ud800' })],
    ['half of a surrogate pair in an edit', () => ({ type: 'edit', message_id: id(), content: '\udc00a' })],
  ])('is refused: %s', async (_, frame) => {
    expect(await refusalOf(frame())).toMatchObject(invalid);
  });

  test('client_id of 65 characters is refused', async () => {
    const error = await refusalOf({ message: 'hi', client_id: 'c'.repeat(65) });
    expect(error).toEqual(invalid);
  });

  test.each(['{"__proto__": {"type": "ping"}}', '{"__proto__": {"message": "hi"}}'])(
    'is not read from a prototype: %s',
    async (frame) => {
      expect(await refusalOf(frame)).toEqual(invalid);
    },
  );

  test.each(['__proto__', 'constructor', 'toString'])('room_id is refused: %s', async (roomId) => {
    expect(await refusalOf({ message: 'hi', room_id: roomId })).toEqual(invalid);
  });

  test.each([
    ['a number sign', 'a#b'],
    ['a slash', 'a/b'],
    ['a space', 'a b'],
    ['a null character', 'a\u0000b'],
    ['a line break at its end', 'ab\n'],
    ['a dot', '..'],
    ['an accent', 'é'],
    ['half of a surrogate pair', '\ud800'],
    ['nothing', ''],
  ])('message_id is refused with %s', async (_, wrong) => {
    for (const type of ['read', 'delete']) {
      expect(await refusalOf({ type, message_id: wrong })).toEqual(invalid);
    }
    expect(await refusalOf({ type: 'edit', message_id: wrong, content: 'x' })).toEqual(invalid);
  });
});

describe('the error of a frame', () => {
  test('carries the ref of the frame, or else its client_id', async () => {
    expect(await refusalOf({ type: 'nothing', ref: 'my-ref' })).toEqual({ ...invalid, ref: 'my-ref' });
    expect(await refusalOf({ message: '', client_id: 'c-1' })).toEqual({ ...invalid, ref: 'c-1' });
  });

  test('does not repeat what was sent', async () => {
    const error = await refusalOf({ type: 'secret-marker-in-the-type', token: 'secret-marker-in-the-token' });
    expect(JSON.stringify(error)).not.toContain('secret-marker');
    expect(JSON.stringify(await refusalOf('secret-marker { not json'))).not.toContain('secret-marker');
  });
});
