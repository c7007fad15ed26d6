/** Names of renamed and deleted rooms, and what a room's old and new names open. */
import { beforeAll, describe, expect, test } from 'vitest';
import { problem } from '../e2e/http/problem.ts';
import { ChatSocket, like } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import { uniqueName } from '../kit/names.ts';
import { addMember, newRoom } from '../kit/rooms.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import { useProductionRuntime, withoutBudgets } from './production-runtime.ts';

useProductionRuntime(withoutBudgets);

let ann: TestUser;
let bob: TestUser;
let eve: TestUser;
beforeAll(async () => {
  [ann, bob, eve] = await Promise.all([newUser('ann'), newUser('bob'), newUser('eve')]);
});

const create = (by: TestUser, room_name: string, more: object = {}) =>
  call('POST', '/chat/rooms/create/', { token: by.access, body: { room_name, ...more } });
async function rename(room: any, room_name = uniqueName('renamed')): Promise<string> {
  const at = `/chat/rooms/${room.room_id}/`;
  const answer = await call('PATCH', at, { token: ann.access, body: { room_name } });
  expect(answer).toMatchObject({ status: 200, body: { room_name } });
  return room_name;
}
const remove = (room: any) => call('DELETE', `/chat/rooms/${room.room_id}/`, { token: ann.access });
const addressOf = (room: any): string => `/ws/chat/${room.room_name}/`;

describe('the name of a private room', () => {
  test('is not taken over by a stranger when the room is renamed', async () => {
    const room = await newRoom(ann, { is_private: true });
    await addMember(ann, room, bob);
    const name = await rename(room);
    for (const more of [{}, { is_private: true }]) {
      expect(await create(eve, room.room_name, more)).toEqual(problem(409, 'room_name_taken'));
    }
    expect(await ChatSocket.refusal(addressOf(room), { token: eve.access })).toBe(403);
    const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
    expect(bobs.ofType('ready')).toMatchObject([{ room_id: room.room_id, room: name }]);
    await bobs.close();
    await rename(room, room.room_name);
  });

  test('is not taken over when the room is deleted, so that no message reaches another room', async () => {
    const room = await newRoom(ann, { is_private: true });
    await addMember(ann, room, bob);
    await remove(room);
    expect(await create(eve, room.room_name)).toEqual(problem(409, 'room_name_taken'));
    for (const user of [bob, eve]) {
      expect(await ChatSocket.refusal(addressOf(room), { token: user.access })).toBe(404);
      const ticket = { token: user.access, body: { room: room.room_name } };
      expect(await call('POST', '/chat/ws-ticket/', ticket)).toEqual(problem(404, 'not_found'));
    }
    const socket = await ChatSocket.open('/ws/', { token: bob.access });
    socket.send({ type: 'join', room: room.room_name, ref: 'j' });
    expect(await socket.next('error')).toMatchObject({ name: 'not_found', ref: 'j' });
    await socket.close();
  });
});

describe('the old name of a public room', () => {
  test('opens the same room by a handshake, a join and a ticket', async () => {
    const room = await newRoom(ann);
    const name = await rename(room);
    const single = await ChatSocket.inRoom(room.room_name, bob.access);
    expect(single.ofType('ready')).toMatchObject([{ room_id: room.room_id, room: name }]);
    await single.close();
    const many = await ChatSocket.open('/ws/', { token: bob.access });
    many.send({ type: 'join', room: room.room_name.toUpperCase(), ref: 'j' });
    expect(await many.next(like('ready', { ref: 'j' }))).toMatchObject({ room_id: room.room_id, room: name });
    await many.close();
    const body = { room: room.room_name };
    const { body: ticket } = await call('POST', '/chat/ws-ticket/', { token: bob.access, body });
    const again = await ChatSocket.open(`${addressOf(room)}?ticket=${ticket.ticket}`);
    expect(await again.next('ready')).toMatchObject({ room_id: room.room_id, room: name });
    await again.close();
  });

  test('can be chosen for a new room', async () => {
    const room = await newRoom(ann);
    await rename(room);
    const { status, body: chosen } = await create(eve, room.room_name);
    expect(status).toBe(201);
    const socket = await ChatSocket.inRoom(room.room_name, bob.access);
    expect(socket.ofType('ready')).toMatchObject([{ room_id: chosen.room_id, room: room.room_name }]);
    await socket.close();
  });

  test('creates a new room after the room was deleted, as does its last name', async () => {
    const room = await newRoom(ann);
    const name = await rename(room);
    await remove(room);
    for (const free of [room.room_name, name]) {
      const socket = await ChatSocket.inRoom(free, bob.access);
      expect(socket.ofType('ready')).toMatchObject([{ room: free, head: 0 }]);
      await socket.close();
    }
  });
});

describe('the new name of a room', () => {
  test('is in typing indicators', async () => {
    const room = await newRoom(ann);
    const anns = await ChatSocket.inRoom(room.room_name, ann.access);
    const bobs = await ChatSocket.inRoom(room.room_name, bob.access);
    const name = await rename(room);
    anns.send({ type: 'typing', is_typing: true });
    expect(await bobs.next('typing_indicator')).toMatchObject({ room: name, room_id: room.room_id });
    await Promise.all([anns.close(), bobs.close()]);
  });

  test('is in the ready frame of a join and of a resume', async () => {
    const room = await newRoom(ann);
    const socket = await ChatSocket.open('/ws/', { token: bob.access });
    socket.send({ type: 'join', room: room.room_name, ref: 'first' });
    await socket.next('history_end');
    const name = await rename(room);
    for (const place of [{ room: room.room_name }, { room: name }, { room_id: room.room_id }]) {
      socket.send({ type: 'join', ...place, ref: 'again' });
      expect(await socket.next(like('ready', { ref: 'again' }))).toMatchObject({ room: name });
      await socket.next('history_end');
    }
    socket.send({ type: 'typing', is_typing: true, room_id: room.room_id });
    const resumed = await ChatSocket.inRoom(room.room_id, bob.access, '?after=0');
    expect(resumed.ofType('ready')).toMatchObject([{ room: name }]);
    await Promise.all([socket.close(), resumed.close()]);
  });
});

test('renaming is limited like creating rooms, so that no user can hoard reserved names', async () => {
  const owner = await newUser('hoarder');
  const room = await newRoom(owner, { is_private: true });
  const at = `/chat/rooms/${room.room_id}/`;
  let status = 200;
  for (let renames = 0; status === 200 && renames < 200; renames += 1) {
    const answer = await call('PATCH', at, { token: owner.access, body: { room_name: uniqueName('h') } });
    status = answer.status;
  }
  expect(status).toBe(429);
});

test('a room whose name looks like that of another room is created neither on request nor by opening it', async () => {
  const name = `scope-${uniqueName('t').replaceAll(/[a-z]/g, '2')}`;
  await create(ann, name);
  const twin = name.replace('scope', 'ѕсоре');
  expect(await create(eve, twin)).toEqual(problem(409, 'room_name_taken'));
  expect(await create(eve, twin, { is_private: true })).toEqual(problem(409, 'room_name_taken'));
  const address = `/ws/?room=${encodeURIComponent(twin)}`;
  expect(await ChatSocket.refusal(address, { token: eve.access })).toBe(409);
});
