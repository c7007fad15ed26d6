/** Losing access to a room, by removal, by leaving or by its deletion: the events and closes on sockets. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { awaitClose, joinRoom, openWithoutRoom, readHeads } from '../../kit/room-sockets.ts';
import { newPrivateRoom, newRoom, postMessage } from '../../kit/rooms.ts';
import { newUsers, type TestUser } from '../../kit/users.ts';

let ann: TestUser;
let bob: TestUser;
let carl: TestUser;

beforeEach(async () => {
  [ann, bob, carl] = (await newUsers(3)) as [TestUser, TestUser, TestUser];
});

async function remove(roomId: string, { id }: TestUser): Promise<void> {
  const answer = await call('DELETE', `/chat/rooms/${roomId}/members/remove/${id}/`, { token: ann.access });
  expect(answer.status).toBe(200);
}

const destroy = async (roomId: string) => {
  const answer = await call('DELETE', `/chat/rooms/${roomId}/`, { token: ann.access });
  expect(answer.status).toBe(204);
};

const messages = (socket: ChatSocket) => socket.ofType('chat_message').map((event) => event['message']);

describe('a user who is removed from a private room', () => {
  test('is closed with 4003 on every socket in the room within five seconds', async () => {
    const room = await newPrivateRoom(ann, bob, carl);
    const bobs = [
      await ChatSocket.inRoom(room.room_name, bob.access),
      await ChatSocket.inRoom(room.room_name, bob.access),
    ];
    const carls = await ChatSocket.inRoom(room.room_name, carl.access);
    await remove(room.room_id, bob);
    const secret = await postMessage(ann, room, 'now that Bob is gone');
    for (const socket of bobs) {
      expect(await awaitClose(socket)).toMatchObject({ code: 4003, reconnect: false });
    }
    await carls.find(like('chat_message', { message_id: secret.message_id }));
    for (const socket of bobs) expect(messages(socket)).toEqual([]);
  });

  test('is announced to the other members as the newest entry of the room', async () => {
    const room = await newPrivateRoom(ann, bob, carl);
    const carls = await ChatSocket.inRoom(room.room_name, carl.access);
    await remove(room.room_id, bob);
    const removed = await carls.next('member_removed');
    expect(removed).toMatchObject({
      room_id: room.room_id,
      member: { id: bob.id, username: bob.username },
    });
    // Two members were added before; a void entry may have taken a seq in between.
    expect(removed['seq']).toBeGreaterThan(2);
  });

  test('keeps a socket in several rooms, which receives no more events of that room', async () => {
    const [room, other] = [await newPrivateRoom(ann, bob), await newRoom(ann)];
    const bobs = await openWithoutRoom(bob);
    await joinRoom(bobs, room.room_name);
    await joinRoom(bobs, other.room_name);
    await remove(room.room_id, bob);
    await postMessage(ann, room, 'not for Bob');
    expect(await bobs.next(like('member_removed', { room_id: room.room_id }))).toMatchObject({
      member: { id: bob.id },
    });
    await postMessage(ann, other, 'marker');
    await bobs.next(like('chat_message', { message: 'marker' }));
    expect(messages(bobs)).toEqual(['marker']);
    expect(await readHeads(bobs)).toEqual({ [other.room_id]: 1 });
  });

  test('is no longer present, which is published as user_leave', async () => {
    const room = await newPrivateRoom(ann, bob);
    const anns = await ChatSocket.inRoom(room.room_name, ann.access);
    await ChatSocket.inRoom(room.room_name, bob.access);
    await anns.find(like('user_join', { user_id: bob.id }));
    await remove(room.room_id, bob);
    await anns.find(like('user_leave', { user_id: bob.id }));
    const later = await ChatSocket.inRoom(room.room_name, ann.access);
    expect(later.ofType('room_users_list')[0]?.['users']).toEqual([{ id: ann.id, username: ann.username }]);
  });

  test('cannot send to the room once the removal is answered', async () => {
    const room = await newPrivateRoom(ann, bob);
    const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
    await remove(room.room_id, bob);
    bobs.send({ message: 'one last word' });
    await bobs.closed;
    const { body } = await call('GET', `/chat/rooms/${room.room_id}/messages/`, { token: ann.access });
    expect(body).toEqual([]);
  });
});

describe('a user who leaves', () => {
  test.each([
    ['a private room', (room: typeof newPrivateRoom) => room(ann, bob)],
    ['a public room', () => newRoom(ann)],
  ])('%s is closed with 4003 on their sockets in the room', async (_, make) => {
    const room = await make(newPrivateRoom);
    const anns = await ChatSocket.inRoom(room.room_name, ann.access);
    const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
    const answer = await call('POST', `/chat/rooms/${room.room_id}/leave/`, { token: bob.access });
    expect(answer.status).toBe(204);
    expect(await awaitClose(bobs)).toMatchObject({ code: 4003, reconnect: false });
    expect(await anns.find('member_removed')).toMatchObject({ member: { id: bob.id } });
    await anns.find(like('user_leave', { user_id: bob.id }));
  });
});

describe.each([
  [
    'leaving over HTTP',
    (roomId: string) => call('POST', `/chat/rooms/${roomId}/leave/`, { token: bob.access }),
  ],
  [
    'a removal',
    (roomId: string) =>
      call('DELETE', `/chat/rooms/${roomId}/members/remove/${bob.id}/`, { token: ann.access }),
  ],
])('%s', (_, end) => {
  test('is sent to every socket of that user without a fixed room, whether it has joined the room or not', async () => {
    const room = await newPrivateRoom(ann, bob);
    const [inIt, beside] = [await openWithoutRoom(bob), await openWithoutRoom(bob)];
    await joinRoom(inIt, room.room_name);
    expect((await end(room.room_id)).status).toBeLessThan(300);
    const events = [];
    for (const socket of [inIt, beside]) {
      events.push(await socket.next(like('member_removed', { room_id: room.room_id })));
    }
    expect(events[0]).toMatchObject({ member: { id: bob.id, username: bob.username } });
    expect(events[1]).toEqual(events[0]);
  });

  test('is sent to the sockets in the room and to no others', async () => {
    const [room, other] = [await newPrivateRoom(ann, bob, carl), await newRoom(ann)];
    const anns = await ChatSocket.inRoom(room.room_name, ann.access);
    const uninvolved = [
      await openWithoutRoom(carl),
      await ChatSocket.inRoom(other.room_name, bob.access),
      await ChatSocket.inRoom(other.room_name, carl.access),
    ];
    await end(room.room_id);
    await anns.next(like('member_removed', { room_id: room.room_id }));
    // Events of later changes would arrive after the events of this one.
    const marker = await newPrivateRoom(ann, bob, carl);
    await uninvolved[0]!.next(like('member_added', { room_id: marker.room_id }));
    await postMessage(ann, other, 'marker');
    for (const socket of uninvolved.slice(1)) await socket.next(like('chat_message', { message: 'marker' }));
    for (const socket of uninvolved) expect(socket.ofType('member_removed')).toEqual([]);
  });
});

test('leaving a public room is published to the other sockets of the user', async () => {
  const room = await newRoom(ann);
  await postMessage(bob, room, 'hello');
  const bobs = await openWithoutRoom(bob);
  await call('POST', `/chat/rooms/${room.room_id}/leave/`, { token: bob.access });
  expect(await bobs.next('member_removed')).toMatchObject({ room_id: room.room_id, member: { id: bob.id } });
});

describe('a room that is deleted', () => {
  test('notifies everyone in it, then closes their sockets with 4000', async () => {
    const room = await newRoom(ann);
    const sockets = [
      await ChatSocket.inRoom(room.room_name, ann.access),
      await ChatSocket.inRoom(room.room_name, bob.access),
    ];
    await postMessage(bob, room, 'hello');
    await destroy(room.room_id);
    for (const socket of sockets) {
      expect(await awaitClose(socket)).toMatchObject({ code: 4000, reconnect: false });
      expect(socket.events.at(-2)).toMatchObject({
        type: 'room_deleted',
        room_id: room.room_id,
        seq: 2,
        room: { room_id: room.room_id, room_name: room.room_name },
      });
    }
  });

  test('is announced on a socket in several rooms, which stays open', async () => {
    const [room, other] = [await newRoom(ann), await newRoom(ann)];
    const bobs = await openWithoutRoom(bob);
    await joinRoom(bobs, room.room_name);
    await joinRoom(bobs, other.room_name);
    await destroy(room.room_id);
    expect(await bobs.next('room_deleted')).toMatchObject({ room_id: room.room_id });
    await postMessage(ann, other, 'marker');
    await bobs.next(like('chat_message', { message: 'marker' }));
    expect(await readHeads(bobs)).toEqual({ [other.room_id]: 1 });
  });

  test('is created again, without messages, when its name is opened afterwards', async () => {
    const room = await newRoom(ann);
    await postMessage(ann, room, 'before');
    const witness = await ChatSocket.inRoom(room.room_name, bob.access);
    await destroy(room.room_id);
    await witness.closed;
    const again = await ChatSocket.inRoom(room.room_name, bob.access);
    expect(again.events[0]).toMatchObject({ type: 'ready', head: 0 });
    expect(again.events[0]?.['room_id']).not.toBe(room.room_id);
    expect(messages(again)).toEqual([]);
  });
});
