/** Messages, views and answers belong to the right room at 200 ms latency, against a real deployment. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { storageOutboxStore, storageTokenStore } from '../../../client/src/index.ts';
import { fakeStorage } from '../../client/fake-storage.ts';
import { ChatSocket, like } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { newRoom } from '../../kit/rooms.ts';
import { newUser, type TestUser } from '../../kit/users.ts';
import { contents, isLive, newClient, until } from './clients.ts';

const latencyMs = 200;

async function texts(user: TestUser, roomId: string): Promise<string[]> {
  const { body } = await call('GET', `/chat/rooms/${roomId}/messages/`, { token: user.access });
  return body.map(({ content }: { content: string }) => content);
}

async function publicRoomsNamed(user: TestUser, name: string): Promise<string[]> {
  const { body } = await call('GET', '/chat/rooms/mine/', { token: user.access });
  return body.map((room: { room_name: string }) => room.room_name).filter((other: string) => other === name);
}

test('a message for a direct room is not sent to the room that was closed just before', async () => {
  const [ann, bob] = await Promise.all([newClient('ann', { latencyMs }), newUser('bob')]);
  const x = await newRoom(ann.user);
  const direct = await ann.client.http.openDirectRoom({ target_user_id: bob.id });
  await until(ann.client, isLiveClient);
  const closing = ann.client.room(x.room_name);
  await delay(80);
  closing.close();
  const room = ann.client.room(direct.room_id);
  room.send('between us');
  await until(room, ({ messages }) => messages[0]?.state === 'sent');
  expect(await texts(ann.user, direct.room_id)).toEqual(['between us']);
  expect(await texts(ann.user, x.room_id)).toEqual([]);
});

test('a room that is closed right after opening leaves no presence, and a room that is opened again receives all events', async () => {
  const [ann, bob] = await Promise.all([newClient('ann', { latencyMs }), newUser('bob')]);
  const { room_name, room_id } = await newRoom(bob);
  const witness = await ChatSocket.inRoom(room_name, bob.access);
  await until(ann.client, isLiveClient);
  ann.client.room(room_name).close();
  ann.client.room(room_id).close();
  await witness.next(like('user_join', { user_id: ann.user.id }));
  expect(await witness.next(like('user_leave', { user_id: ann.user.id }))).toMatchObject({ room_id });

  for (const pauseMs of [0, 150, 300, 600]) {
    const first = ann.client.room(room_id);
    await until(first, isLive);
    first.close();
    await delay(pauseMs);
    const again = ann.client.room(room_name);
    await delay(1_000);
    await until(again, isLive);
    witness.send({ message: `after ${pauseMs}` });
    await until(again, ({ messages }) => messages.at(-1)?.content === `after ${pauseMs}`);
    again.close();
  }
  await witness.find((event) => event.type === 'user_leave' && witness.events.at(-1) === event);
});

test('a room that is asked for by name, by id and in another spelling is one room in all views', async () => {
  const ann = await newClient('ann', { latencyMs });
  const { room_name, room_id } = await newRoom(ann.user);
  const views = [room_name, room_id, room_name.toUpperCase()].map((key) => ann.client.room(key));
  const other = ann.client.room((await newRoom(ann.user)).room_name);
  for (const [index, view] of views.entries()) view.send(`text ${index}`);
  for (const view of views) {
    await until(view, ({ messages }) => messages.filter(({ state }) => state === 'sent').length === 3);
    expect(view.roomId).toBe(room_id);
  }
  await until(other, isLive);
  expect((await texts(ann.user, room_id)).toSorted()).toEqual(['text 0', 'text 1', 'text 2']);
});

test('an unsent message for a renamed private room is sent there after a reload, and no room is created', async () => {
  const outbox = storageOutboxStore(fakeStorage());
  const ann = await newClient('ann', { latencyMs, outbox });
  const { room_name, room_id } = await newRoom(ann.user, { is_private: true });
  const room = ann.client.room(room_name);
  await until(room, isLive);
  ann.client.disconnect();
  room.send('secret');
  await ann.client.http.updateRoom({ room_id, room_name: uniqueName('renamed') });
  const reloaded = await newClient('ann', { latencyMs, outbox, user: ann.user });
  const view = reloaded.client.room(room_name);
  await until(view, ({ messages }) => messages[0]?.state === 'sent');
  expect(view.roomId).toBe(room_id);
  expect(await texts(ann.user, room_id)).toEqual(['secret']);
  expect(await publicRoomsNamed(ann.user, room_name)).toEqual([]);
});

test('an unsent message for a deleted private room is kept as failed with the problem', async () => {
  const outbox = storageOutboxStore(fakeStorage());
  const ann = await newClient('ann', { latencyMs, outbox });
  const { room_name, room_id } = await newRoom(ann.user, { is_private: true });
  const room = ann.client.room(room_name);
  await until(room, isLive);
  ann.client.disconnect();
  room.send('secret');
  await ann.client.http.deleteRoom({ room_id });
  const reloaded = await newClient('ann', { latencyMs, outbox, user: ann.user });
  const shown = await until(
    reloaded.client,
    ({ rooms }) => rooms[0]?.getSnapshot().messages[0]?.state === 'failed',
  );
  expect(shown.rooms[0]?.getSnapshot()).toMatchObject({ status: 'closed', problem: { code: 'not_found' } });
  expect(await reloaded.client.unsent()).toMatchObject([
    { content: 'secret', problem: { code: 'not_found' } },
  ]);
  expect(await publicRoomsNamed(ann.user, room_name)).toEqual([]);
});

test('another user who signs in over the same storage replaces the first one in every tab', async () => {
  const storage = fakeStorage();
  const stores = () => ({ tokens: storageTokenStore(storage), outbox: storageOutboxStore(storage) });
  const bob = await newUser('bob');
  const tab = await newClient('ann', { latencyMs, ...stores() });
  const { room_name, room_id } = await newRoom(tab.user);
  const room = tab.client.room(room_name);
  await until(room, isLive);
  await newClient('bob', { user: bob, ...stores() });
  expect(() => room.send('by whom?')).toThrow('Sign in first');
  await until(tab.client, ({ user, state }) => user?.id === bob.id && state === 'live');
  expect(room.getSnapshot()).toMatchObject({ status: 'closed', messages: [] });
  const bobs = tab.client.room(room_id);
  bobs.send('by bob');
  await until(bobs, ({ messages }) => messages[0]?.state === 'sent');
  expect(contents(bobs)).toEqual(['by bob']);
  expect(bobs.messages[0]?.sender_id).toBe(bob.id);
});

function isLiveClient({ state }: { state: string }): boolean {
  return state === 'live';
}
