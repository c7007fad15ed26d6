import { expect, test } from 'vitest';
import { addMember, newPrivateRoom, postMessage } from '../../kit/rooms.ts';
import { call } from '../../kit/deployment.ts';
import { get } from '../../kit/users.ts';
import { isLive, newClient, until } from './clients.ts';

test('the list of rooms follows messages, memberships and read markers without opening a room', async () => {
  const [ann, bob] = await Promise.all([newClient('ann'), newClient('bob')]);
  const first = await newPrivateRoom(ann.user, bob.user);
  const second = await newPrivateRoom(ann.user, bob.user);
  const { rooms } = bob.client;
  await until(rooms, ({ status, rooms: all }) => status === 'live' && all.length === 2);

  await postMessage(ann.user, first, 'one');
  await until(rooms, ({ rooms: [top] }) => top?.room_id === first.room_id && top?.unread_count === 1);
  const { message_id } = await postMessage(ann.user, second, 'two');
  await until(rooms, ({ rooms: [top], unread }) => top?.last_message?.content === 'two' && unread === 2);

  const { body: direct } = await get(ann.user, `/chat/dm/${bob.user.id}/`);
  await until(rooms, ({ rooms: [top] }) => top?.display_name === ann.user.username);
  await postMessage(ann.user, direct, 'three');
  await until(rooms, ({ unread }) => unread === 3);

  await bob.client.http.markRead({ room_id: second.room_id, message_id });
  await until(rooms, ({ unread }) => unread === 2);
  await call('DELETE', `/chat/rooms/${first.room_id}/members/remove/${bob.user.id}/`, {
    token: ann.user.access,
  });
  await until(rooms, ({ rooms: all, unread }) => all.length === 2 && unread === 1);
  await addMember(ann.user, first, bob.user);
  await until(rooms, ({ rooms: [top] }) => top?.room_id === first.room_id);
  expect(bob.client.getSnapshot().rooms).toEqual([]);
});

test('a room that is open shows its own unread count in the list, also after it was closed', async () => {
  const [ann, bob] = await Promise.all([newClient('ann'), newClient('bob')]);
  const room = await newPrivateRoom(ann.user, bob.user);
  const { rooms } = bob.client;
  const stop = rooms.subscribe(() => undefined);
  const view = bob.client.room(room.room_id);
  await until(view, isLive);
  await until(rooms, ({ status }) => status === 'live');
  await postMessage(ann.user, room, 'hi');
  await until(rooms, ({ unread }) => unread === 1);
  expect(view.unread).toBe(1);
  view.markRead();
  await until(rooms, ({ unread }) => unread === 0);
  view.close();
  await until(bob.client, ({ rooms: open }) => open.length === 0);
  await until(rooms, ({ rooms: [top], unread }) => top?.last_message?.content === 'hi' && unread === 0);
  stop();
});

test('the list is complete again after a lost connection', async () => {
  const [ann, bob] = await Promise.all([newClient('ann'), newClient('bob')]);
  const room = await newPrivateRoom(ann.user, bob.user);
  const { rooms } = bob.client;
  const stop = rooms.subscribe(() => undefined);
  await until(rooms, ({ status }) => status === 'live');
  bob.sockets.at(-1)?.terminate();
  await until(rooms, ({ status }) => status === 'stale');
  await postMessage(ann.user, room, 'missed');
  await until(rooms, ({ status, unread }) => status === 'live' && unread === 1);
  expect(rooms.getSnapshot().rooms).toMatchObject([{ last_message: { content: 'missed' } }]);
  stop();
});
