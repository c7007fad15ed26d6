/** Resuming with `after=<seq>`: every later entry is replayed as its event, or the server reports that it cannot. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ChatSocket, type ChatEvent } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { awaitEntries, joinRoom, openWithoutRoom } from '../../kit/room-sockets.ts';
import { addMember, newPrivateRoom, newRoom, postMessage } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;

const changed = async (method: string, path: string, body?: unknown) => {
  const answer = await call(method, path, { token: ann.access, body });
  expect(answer.status).toBeLessThan(300);
};

/** Seq 1 to 7: three messages, an edit, a deletion, a member added, the room's description. */
beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  room = await newRoom(ann, { is_private: true });
  const witness = await ChatSocket.inRoom(room.room_name, ann.access);
  const first = await postMessage(ann, room, 'first');
  const second = await postMessage(ann, room, 'my secret');
  await postMessage(ann, room, 'third');
  await changed('PATCH', `/chat/messages/${first.message_id}/edit/`, { content: 'first, mended' });
  await changed('DELETE', `/chat/messages/${second.message_id}/delete/`);
  await addMember(ann, room, bob);
  await changed('PATCH', `/chat/rooms/${room.room_id}/`, { description: 'all of it' });
  await awaitEntries(witness, 7);
});

const replayed = (events: ChatEvent[]) =>
  events.filter(({ type }) => !['ready', 'room_users_list', 'history_end'].includes(type));

async function resume(query: string): Promise<ChatSocket> {
  return ChatSocket.inRoom(room.room_name, ann.access, query);
}

test('every entry is replayed as an event with its seq, in order', async () => {
  const socket = await resume('?after=0');
  expect(replayed(socket.events)).toMatchObject([
    { type: 'chat_message', seq: 1, message: 'first, mended' },
    { type: 'chat_message', seq: 2, message: 'This message has been deleted', is_deleted: true },
    { type: 'chat_message', seq: 3, message: 'third' },
    { type: 'message_edited', seq: 4, new_content: 'first, mended', sender_id: ann.id },
    { type: 'message_deleted', seq: 5 },
    { type: 'member_added', seq: 6, member: { id: bob.id, username: bob.username } },
    { type: 'room_updated', seq: 7, room: { room_id: room.room_id, description: 'all of it' } },
  ]);
  expect(socket.events.slice(0, 2).map(({ type }) => type)).toEqual(['ready', 'room_users_list']);
  expect(socket.events.at(-1)).toEqual({
    type: 'history_end',
    room_id: room.room_id,
    first_seq: 1,
    head: 7,
    has_more: false,
    recovered: true,
  });
});

test('content that was deleted in the meantime is not replayed', async () => {
  const socket = await resume('?after=0');
  expect(JSON.stringify(socket.frames)).not.toContain('my secret');
});

test('an edit and a deletion are replayed together with their messages', async () => {
  const socket = await resume('?after=0');
  const ids = socket.ofType('chat_message').map((event) => event['message_id']);
  expect(socket.ofType('message_edited')).toMatchObject([{ message_id: ids[0], room_id: room.room_id }]);
  expect(socket.ofType('message_deleted')).toMatchObject([{ message_id: ids[1], room_id: room.room_id }]);
});

test.each([1, 2, 3, 4, 5, 6])('after=%i replays exactly the later entries', async (after) => {
  const socket = await resume(`?after=${after}`);
  const expected = Array.from({ length: 7 - after }, (_, at) => after + 1 + at);
  expect(replayed(socket.events).map((event) => event['seq'])).toEqual(expected);
  expect(socket.events.at(-1)).toMatchObject({ first_seq: after + 1, head: 7, recovered: true });
});

test('a client that is up to date receives no entries and recovered: true', async () => {
  const socket = await resume('?after=7');
  expect(socket.events.map(({ type }) => type)).toEqual(['ready', 'room_users_list', 'history_end']);
  expect(socket.events.at(-1)).toMatchObject({ first_seq: null, head: 7, has_more: false, recovered: true });
});

test('a removal is replayed after everything before it', async () => {
  const shrinking = await newPrivateRoom(ann);
  const witness = await ChatSocket.inRoom(shrinking.room_name, ann.access);
  await addMember(ann, shrinking, bob);
  await changed('DELETE', `/chat/rooms/${shrinking.room_id}/members/remove/${bob.id}/`);
  await postMessage(ann, shrinking, 'alone again');
  await witness.find('chat_message');
  const socket = await ChatSocket.inRoom(shrinking.room_name, ann.access, '?after=0');
  const entries = replayed(socket.events);
  expect(entries).toMatchObject([
    { type: 'member_added', seq: 1, member: { id: bob.id } },
    { type: 'member_removed', room_id: shrinking.room_id, member: { id: bob.id, username: bob.username } },
    { type: 'chat_message', message: 'alone again' },
  ]);
  const seqs = entries.map((event) => event['seq'] as number);
  expect(seqs).toEqual(Array.from(new Set(seqs)).sort((a, b) => a - b));
});

test('a client fetches further pages until has_more is false', async () => {
  const socket = await resume('?after=0&history=3');
  let end = socket.events.at(-1) as ChatEvent;
  expect(end).toMatchObject({ has_more: true, recovered: true });
  const seqs = () => replayed(socket.events).map((event) => event['seq'] as number);
  while (end['has_more']) {
    socket.send({ type: 'history', after: seqs().at(-1), limit: 3 });
    end = await socket.next('history_end');
  }
  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('join resumes in the same way', async () => {
  const socket = await openWithoutRoom(ann);
  const end = await joinRoom(socket, room.room_name, { after: 5 });
  expect(replayed(socket.events).map((event) => event['seq'])).toEqual([6, 7]);
  expect(end).toMatchObject({ first_seq: 6, head: 7, has_more: false, recovered: true });
});

describe('a client whose seq is beyond the head', () => {
  test('receives recovered: false and the newest messages', async () => {
    const socket = await resume('?after=20');
    expect(socket.events.at(-1)).toMatchObject({
      type: 'history_end',
      head: 7,
      recovered: false,
      gap: { from: 8, to: 20 },
    });
    expect(socket.ofType('chat_message').map((event) => event['seq'])).toEqual([1, 2, 3]);
  });

  test('receives recovered: false in an empty room too', async () => {
    const empty = await newRoom(ann);
    const socket = await ChatSocket.inRoom(empty.room_name, ann.access, '?after=3');
    expect(socket.events.at(-1)).toMatchObject({ head: 0, recovered: false, gap: { from: 1, to: 3 } });
  });
});

test('an empty room resumes from 0', async () => {
  const empty = await newRoom(ann);
  const socket = await ChatSocket.inRoom(empty.room_name, ann.access, '?after=0');
  expect(socket.events.at(-1)).toMatchObject({ head: 0, has_more: false, recovered: true });
  expect(socket.events.at(-1)).not.toHaveProperty('gap');
});

test('messages sent while a client resumes reach it, replayed or live', async () => {
  const busy = await newRoom(ann);
  const writing = (async () => {
    for (let at = 1; at <= 20; at += 1) await postMessage(ann, busy, `m${at}`);
  })();
  const socket = await ChatSocket.open(`/ws/chat/${busy.room_name}/?after=0`, { token: ann.access });
  await writing;
  await socket.find((event) => event['seq'] === 20);
  const seqs = new Set(socket.ofType('chat_message').map((event) => event['seq']));
  expect(seqs).toEqual(new Set(Array.from({ length: 20 }, (_, at) => at + 1)));
});
