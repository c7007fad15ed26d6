/** Coming back with `after=<seq>`: every entry since, as the event that it was, or the gap that cannot be filled. */
import { beforeAll, describe, expect, test } from 'vitest';
import { call, newRoom, newUser, type TestUser } from '../api.ts';
import { ChatSocket, type Event } from '../socket.ts';
import { addMember, joinRoom, openRoomless, post } from './gathering.ts';

let ann: TestUser;
let bob: TestUser;
let room: any;

const changed = async (method: string, path: string, body?: unknown) => {
  const answer = await call(method, path, { token: ann.access, body });
  expect(answer.status).toBeLessThan(300);
};

/** Seq 1 to 8: three messages, an edit, a deletion, a member added, one removed, the room's description. */
beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  room = await newRoom(ann, { is_private: true });
  const first = await post(ann, room.room_id, 'first');
  const second = await post(ann, room.room_id, 'my secret');
  await post(ann, room.room_id, 'third');
  await changed('PATCH', `/chat/messages/${first.message_id}/edit/`, { content: 'first, mended' });
  await changed('DELETE', `/chat/messages/${second.message_id}/delete/`);
  await addMember(ann, room.room_id, bob.id);
  await changed('DELETE', `/chat/rooms/${room.room_id}/members/remove/${bob.id}/`);
  await changed('PATCH', `/chat/rooms/${room.room_id}/`, { description: 'all of it' });
});

const replayed = (events: Event[]) =>
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
    { type: 'member_removed', seq: 7, member: { id: bob.id, username: bob.username } },
    { type: 'room_updated', seq: 8, room: { room_id: room.room_id, description: 'all of it' } },
  ]);
  expect(socket.events.slice(0, 2).map(({ type }) => type)).toEqual(['ready', 'room_users_list']);
  expect(socket.events.at(-1)).toEqual({
    type: 'history_end',
    room_id: room.room_id,
    first_seq: 1,
    head: 8,
    has_more: false,
    recovered: true,
  });
});

test('what was deleted since is not told again', async () => {
  const socket = await resume('?after=0');
  expect(JSON.stringify(socket.frames)).not.toContain('my secret');
});

test('an edit and a deletion are replayed with the message that they concern', async () => {
  const socket = await resume('?after=0');
  const ids = socket.ofType('chat_message').map((event) => event['message_id']);
  expect(socket.ofType('message_edited')).toMatchObject([{ message_id: ids[0], room_id: room.room_id }]);
  expect(socket.ofType('message_deleted')).toMatchObject([{ message_id: ids[1], room_id: room.room_id }]);
});

test.each([1, 2, 3, 4, 5, 6, 7])('after=%i brings exactly what came later', async (after) => {
  const socket = await resume(`?after=${after}`);
  const expected = Array.from({ length: 8 - after }, (_, at) => after + 1 + at);
  expect(replayed(socket.events).map((event) => event['seq'])).toEqual(expected);
  expect(socket.events.at(-1)).toMatchObject({ first_seq: after + 1, head: 8, recovered: true });
});

test('whoever is up to date gets nothing, and is told so', async () => {
  const socket = await resume('?after=8');
  expect(socket.events.map(({ type }) => type)).toEqual(['ready', 'room_users_list', 'history_end']);
  expect(socket.events.at(-1)).toMatchObject({ first_seq: null, head: 8, has_more: false, recovered: true });
});

test('more than one run is fetched by asking on until has_more is false', async () => {
  const socket = await resume('?after=0&history=3');
  let end = socket.events.at(-1) as Event;
  expect(end).toMatchObject({ has_more: true, recovered: true });
  const seqs = () => replayed(socket.events).map((event) => event['seq'] as number);
  while (end['has_more']) {
    socket.send({ type: 'history', after: seqs().at(-1), limit: 3 });
    end = await socket.next('history_end');
  }
  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a join resumes in the same way', async () => {
  const socket = await openRoomless(ann);
  const end = await joinRoom(socket, room.room_name, { after: 5 });
  expect(replayed(socket.events).map((event) => event['seq'])).toEqual([6, 7, 8]);
  expect(end).toMatchObject({ first_seq: 6, head: 8, has_more: false, recovered: true });
});

describe('a client that has seen more than there is', () => {
  test('is told the gap, and gets the newest messages instead', async () => {
    const socket = await resume('?after=20');
    expect(socket.events.at(-1)).toMatchObject({
      type: 'history_end',
      head: 8,
      recovered: false,
      gap: { from: 9, to: 20 },
    });
    expect(socket.ofType('chat_message').map((event) => event['seq'])).toEqual([1, 2, 3]);
  });

  test('is told the gap of an empty room too', async () => {
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

test('what is said while somebody comes back reaches them, replayed or live', async () => {
  const busy = await newRoom(ann);
  const writing = (async () => {
    for (let at = 1; at <= 20; at += 1) await post(ann, busy.room_id, `m${at}`);
  })();
  const socket = await ChatSocket.open(`/ws/chat/${busy.room_name}/?after=0`, { token: ann.access });
  await writing;
  await socket.find((event) => event['seq'] === 20);
  const seqs = new Set(socket.ofType('chat_message').map((event) => event['seq']));
  expect(seqs).toEqual(new Set(Array.from({ length: 20 }, (_, at) => at + 1)));
});
