/** Well-formed commands that are forbidden or find nothing: each has its code and changes nothing. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import {
  awaitEntries,
  expectError,
  openWithoutRoom,
  readHeads,
  sendMessage,
} from '../../kit/room-sockets.ts';
import { newPrivateRoom, newRoom, postMessage } from '../../kit/rooms.ts';
import { newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;
let elsewhere: any;
let secret: any;
let anns: any;
let bobs: any;
let bobsElsewhere: any;
let bobsSecret: any;
let socket: ChatSocket;

/** Messages of Ann in the room and of Bob in all three rooms; the socket is Bob's, in the room. */
beforeAll(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
  [room, elsewhere] = await Promise.all([newRoom(ann), newRoom(bob)]);
  secret = await newPrivateRoom(ann, bob);
  const witness = await ChatSocket.inRoom(room.room_name, ann.access);
  anns = await postMessage(ann, room, 'by Ann');
  bobs = await postMessage(bob, room, 'by Bob');
  bobsElsewhere = await postMessage(bob, elsewhere, 'elsewhere');
  bobsSecret = await postMessage(bob, secret, 'in secret');
  await awaitEntries(witness, 2);
  socket = await ChatSocket.inRoom(room.room_name, bob.access);
});

async function everything(): Promise<unknown> {
  const rooms = [room, elsewhere, secret];
  const paths = rooms.flatMap(({ room_id }) => [`${room_id}/messages/`, `${room_id}/read/`, `${room_id}/`]);
  return Promise.all(
    paths.map(async (path) => (await call('GET', `/chat/rooms/${path}`, { token: bob.access })).body),
  );
}

/** A well-formed id of a message that does not exist. */
function neighbor(messageId: string): string {
  const bytes = Buffer.from(messageId, 'base64url');
  bytes[bytes.length - 1] = 0xee;
  return bytes.toString('base64url');
}

const forbidden = { code: 4003, name: 'forbidden', retryable: false };
const notFound = { code: 4004, name: 'not_found', retryable: false };

const cases: [string, () => Record<string, unknown>, object][] = [
  [
    'editing another user’s message',
    () => ({ type: 'edit', message_id: anns.message_id, content: 'x' }),
    forbidden,
  ],
  ['deleting another user’s message', () => ({ type: 'delete', message_id: anns.message_id }), forbidden],
  [
    'editing one’s message of another room',
    () => ({ type: 'edit', message_id: bobsElsewhere.message_id, content: 'x' }),
    notFound,
  ],
  [
    'deleting one’s message of another room',
    () => ({ type: 'delete', message_id: bobsElsewhere.message_id }),
    notFound,
  ],
  [
    'deleting one’s message of a private room',
    () => ({ type: 'delete', message_id: bobsSecret.message_id }),
    notFound,
  ],
  [
    'reading a message of another room',
    () => ({ type: 'read', message_id: bobsElsewhere.message_id }),
    notFound,
  ],
  [
    'editing a message that is not there',
    () => ({ type: 'edit', message_id: neighbor(bobs.message_id), content: 'x' }),
    notFound,
  ],
  [
    'deleting a message that is not there',
    () => ({ type: 'delete', message_id: neighbor(bobs.message_id) }),
    notFound,
  ],
  [
    'reading a message that is not there',
    () => ({ type: 'read', message_id: neighbor(bobs.message_id) }),
    notFound,
  ],
  ['deleting by a word', () => ({ type: 'delete', message_id: 'no-such-message' }), notFound],
  ['reading by a word', () => ({ type: 'read', message_id: 'x' }), notFound],
  ['a message to another room', () => ({ message: 'hi', room_id: elsewhere.room_id }), notFound],
  [
    'typing in another room',
    () => ({ type: 'typing', is_typing: true, room_id: elsewhere.room_id }),
    notFound,
  ],
  ['the history of another room', () => ({ type: 'history', room_id: secret.room_id }), notFound],
  [
    'a message to a room that is not there',
    () => ({ message: 'hi', room_id: crypto.randomUUID() }),
    notFound,
  ],
];

test.each(cases)('%s is refused and changes nothing', async (_, frame, expected) => {
  const before = await everything();
  const from = socket.events.length;
  const error = await expectError(socket, frame());
  expect(error).toMatchObject({ ...expected, error: expect.stringMatching(/\w/) });
  expect(await readHeads(socket)).toEqual({ [room.room_id]: 2 });
  expect(socket.events.slice(from).map(({ type }) => type)).toEqual(['error', 'pong']);
  expect(await everything()).toEqual(before);
});

test('an edit with the room_id of another room is refused', async () => {
  const before = await everything();
  await expectError(socket, {
    type: 'edit',
    message_id: bobsElsewhere.message_id,
    content: 'x',
    room_id: room.room_id,
  });
  expect(await everything()).toEqual(before);
});

test('a command after a refused one is executed', async () => {
  const own = await newRoom(bob);
  const open = await ChatSocket.inRoom(own.room_name, bob.access);
  await expectError(open, { type: 'delete', message_id: anns.message_id });
  expect(await sendMessage(open, 'still here')).toMatchObject({ seq: 1 });
});

describe('join', () => {
  test.each(['two words', 'a#b', 'a/b', 'a\u0000b', '', 'x'.repeat(256), '../x'])(
    'refuses %j, which is not a valid name',
    async (name) => {
      const roomless = await openWithoutRoom(bob);
      expect(await expectError(roomless, { type: 'join', room: name })).toMatchObject({
        code: 4005,
        name: 'invalid_frame',
      });
      expect(await readHeads(roomless)).toEqual({});
    },
  );
});

test('two edits of one message of which one is refused leave the content of the other', async () => {
  const own = await newRoom(ann);
  const [hers, his] = [
    await ChatSocket.inRoom(own.room_name, ann.access),
    await ChatSocket.inRoom(own.room_name, bob.access),
  ];
  const { message_id } = await sendMessage(hers, uniqueName('text'));
  hers.send({ type: 'edit', message_id, content: 'hers' });
  expect(await expectError(his, { type: 'edit', message_id, content: 'his' })).toMatchObject(forbidden);
  await his.find(like('message_edited', { message_id, new_content: 'hers' }));
  expect(his.ofType('message_edited')).toHaveLength(1);
});
