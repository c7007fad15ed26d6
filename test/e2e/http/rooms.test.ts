/** Creating, changing and deleting rooms. */
import { beforeAll, expect, test, vi } from 'vitest';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import type { Answer } from '../../kit/request.ts';
import { addMember, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';
import * as shapes from './shapes.ts';

let ann: TestUser;
let bob: TestUser;
beforeAll(async () => {
  [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
});

const at = (room: any): string => `/chat/rooms/${room.room_id}/`;
const change = (by: TestUser, method: string, room: any, body: object): Promise<Answer> =>
  call(method, at(room), { token: by.access, body });

test('a new room is public, empty and owned by its creator', async () => {
  const room_name = uniqueName('room');
  const answer = await call('POST', '/chat/rooms/create/', { token: ann.access, body: { room_name } });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    ...shapes.room,
    room_name,
    creator_id: ann.id,
    creator_username: ann.username,
    description: '',
    is_private: false,
    is_direct: false,
    message_count: 0,
    member_count: 1,
  });
  expect(await get(ann, at(answer.body))).toMatchObject({ status: 200, body: answer.body });
});

test('every signed-in user sees a public room', async () => {
  const room = await newRoom(ann);
  expect(await get(bob, at(room))).toMatchObject({ status: 200, body: room });
  expect(await call('GET', at(room))).toEqual(problem(401, 'unauthorized'));
});

test('all members of a private room see it', async () => {
  const room = await newRoom(ann, { is_private: true, description: 'ours' });
  expect(room).toMatchObject({ is_private: true, description: 'ours' });
  await addMember(ann, room, bob);
  expect(await get(bob, at(room))).toMatchObject({ status: 200, body: { ...room, member_count: 2 } });
});

test('the id of a room is case-insensitive', async () => {
  const room = await newRoom(ann);
  expect(await get(ann, `/chat/rooms/${room.room_id.toUpperCase()}/`)).toMatchObject({ body: room });
});

test('message_count counts messages only, not other entries', async () => {
  const room = await newRoom(ann, { is_private: true });
  await addMember(ann, room, bob);
  await postMessage(ann, room, 'one');
  const second = await postMessage(bob, room, 'two');
  await call('PATCH', `/chat/messages/${second.message_id}/edit/`, {
    token: bob.access,
    body: { content: 'two!' },
  });
  await change(ann, 'PATCH', room, { description: 'changed' });
  expect(await get(ann, at(room))).toMatchObject({ body: { message_count: 2, member_count: 2 } });
});

test.each(['PUT', 'PATCH'])(
  '%s changes the fields that the body names and keeps the others',
  async (method) => {
    const room = await newRoom(ann, { description: 'before' });
    const room_name = uniqueName('renamed');
    const renamed = await change(ann, method, room, { room_name });
    expect(renamed).toMatchObject({ status: 200, body: { ...room, room_name } });
    const described = await change(ann, method, room, { description: 'after' });
    expect(described.body).toEqual({ ...room, room_name, description: 'after' });
    expect(await get(bob, at(room))).toMatchObject({ body: described.body });
  },
);

test.each(['PUT', 'PATCH'])(
  '%s accepts a room as it was read and ignores its read-only fields',
  async (method) => {
    const room = await newRoom(ann);
    const answer = await change(ann, method, room, {
      ...room,
      description: 'changed',
      room_id: bob.id,
      creator_id: bob.id,
      creator_username: bob.username,
      created_at: '1999-01-01T00:00:00.000Z',
      is_private: true,
      is_direct: true,
      message_count: 99,
      member_count: 99,
    });
    expect(answer.body).toEqual({ ...room, description: 'changed' });
    expect(await get(bob, at(room))).toMatchObject({ status: 200, body: answer.body });
  },
);

test('only the owner of a room may change or delete it', async () => {
  const [open, closed] = await Promise.all([newRoom(ann), newRoom(ann, { is_private: true })]);
  await addMember(ann, closed, bob);
  for (const room of [open, closed]) {
    const before = (await get(ann, at(room))).body;
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      expect(await change(bob, method, room, { description: 'mine' })).toEqual(problem(403, 'forbidden'));
    }
    expect(await get(ann, at(room))).toMatchObject({ status: 200, body: before });
  }
});

test('a deleted room and its messages are not found by any user', async () => {
  const room = await newRoom(ann);
  const message = await postMessage(bob, room, 'soon gone');
  expect(await call('DELETE', at(room), { token: ann.access })).toMatchObject({
    status: 204,
    body: undefined,
  });
  for (const user of [ann, bob]) {
    expect(await get(user, at(room))).toEqual(problem(404, 'not_found'));
    expect(await get(user, `${at(room)}messages/`)).toEqual(problem(404, 'not_found'));
    expect(await get(user, `${at(room)}members/`)).toEqual(problem(404, 'not_found'));
    const mine = await get(user, '/chat/rooms/mine/');
    expect(mine.body.map(({ room_id }: any) => room_id)).not.toContain(room.room_id);
  }
  const say404 = await call('POST', `${at(room)}messages/`, { token: bob.access, body: { content: 'x' } });
  expect(say404).toEqual(problem(404, 'not_found'));
  const edit = await call('PATCH', `/chat/messages/${message.message_id}/edit/`, {
    token: bob.access,
    body: { content: 'x' },
  });
  expect(edit).toEqual(problem(404, 'not_found'));
  expect(await call('DELETE', at(room), { token: ann.access })).toEqual(problem(404, 'not_found'));
});

test('a new room may take the name of a deleted public room, and is empty', async () => {
  const room = await newRoom(ann);
  await postMessage(ann, room, 'of old');
  await call('DELETE', at(room), { token: ann.access });
  const again = (): Promise<Answer> =>
    call('POST', '/chat/rooms/create/', { token: bob.access, body: { room_name: room.room_name } });
  let answer = await again();
  // The old room's items may be purged a moment after the answer.
  await vi.waitFor(async () => {
    if (answer.status !== 201) answer = await again();
    expect(answer.status).toBe(201);
  }, 10_000);
  expect(answer.body.room_id).not.toBe(room.room_id);
  expect(await get(bob, `${at(answer.body)}messages/`)).toMatchObject({ status: 200, body: [] });
});
