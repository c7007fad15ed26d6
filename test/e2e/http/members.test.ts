/** Memberships: adding and removing members, and leaving rooms. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { newFixtureUsers, type FixtureUsers } from './fixture.ts';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';
import { addMember, listMessages, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, type TestUser } from '../../kit/users.ts';
import { allPages } from './pages.ts';
import * as shapes from './shapes.ts';

let people: FixtureUsers;
let room: any;
beforeAll(async () => {
  people = await newFixtureUsers();
});
/** A private room to which the member has not been added yet. */
beforeEach(async () => {
  room = await newRoom(people.owner, { is_private: true });
});

const add = (by: TestUser, user_id: unknown, to = room): Promise<Answer> =>
  call('POST', `/chat/rooms/${to.room_id}/members/add/`, { token: by.access, body: { user_id } });
const remove = (by: TestUser, user: { id: string }, from = room): Promise<Answer> =>
  call('DELETE', `/chat/rooms/${from.room_id}/members/remove/${user.id}/`, { token: by.access });
const leave = (by: TestUser, from = room): Promise<Answer> =>
  call('POST', `/chat/rooms/${from.room_id}/leave/`, { token: by.access });
const members = async (to = room): Promise<any[]> =>
  (await get(people.owner, `/chat/rooms/${to.room_id}/members/`)).body;

test('a user who is added becomes a member of the room', async () => {
  const { owner, member } = people;
  expect(await add(owner, member.id)).toMatchObject({ status: 200, body: { ...room, member_count: 2 } });
  expect(await get(member, `/chat/rooms/${room.room_id}/`)).toMatchObject({ status: 200 });
  const listed = await members();
  expect(listed).toHaveLength(2);
  for (const [user, role] of [
    [owner, 'owner'],
    [member, 'member'],
  ] as const) {
    expect(listed).toContainEqual({ ...shapes.member, id: user.id, username: user.username, role });
  }
});

test('adding a member again, or several times at once, changes nothing', async () => {
  const { owner, member } = people;
  const answers = await Promise.all(Array.from({ length: 5 }, () => add(owner, member.id)));
  answers.push(await add(owner, member.id), await add(owner, owner.id));
  expect(answers.map(({ status }) => status)).toEqual(Array(7).fill(200));
  expect(await get(owner, `/chat/rooms/${room.room_id}/`)).toMatchObject({ body: { member_count: 2 } });
  expect(await members()).toHaveLength(2);
});

test('only the owner adds and removes members, and only existing users', async () => {
  const { owner, member, stranger } = people;
  await addMember(owner, room, member);
  expect(await add(member, stranger.id)).toEqual(problem(403, 'forbidden'));
  expect(await remove(member, owner)).toEqual(problem(403, 'forbidden'));
  expect(await remove(member, member)).toEqual(problem(403, 'forbidden'));
  expect(await add(owner, randomUUID())).toEqual(problem(404, 'not_found'));
  expect(await remove(owner, stranger)).toEqual(problem(404, 'not_found'));
  expect(await remove(owner, { id: randomUUID() })).toEqual(problem(404, 'not_found'));
  expect(await members()).toHaveLength(2);
});

test('members are added to private rooms only', async () => {
  const open = await newRoom(people.owner);
  expect(await add(people.owner, people.member.id, open)).toEqual(problem(403, 'forbidden'));
  expect(await remove(people.owner, people.member, open)).toEqual(problem(403, 'forbidden'));
  expect(await members(open)).toHaveLength(1);
});

test('a removed member loses access to the room, and their messages remain', async () => {
  const { owner, member } = people;
  await addMember(owner, room, member);
  const message = await postMessage(member, room, 'for the record');
  expect(await remove(owner, member)).toMatchObject({
    status: 200,
    body: { room_id: room.room_id, member_count: 1 },
  });
  for (const path of ['/', '/messages/', '/members/', '/read/']) {
    expect(await get(member, `/chat/rooms/${room.room_id}${path}`)).toEqual(problem(404, 'not_found'));
  }
  const edit = await call('PATCH', `/chat/messages/${message.message_id}/edit/`, {
    token: member.access,
    body: { content: 'off the record' },
  });
  expect(edit).toEqual(problem(404, 'not_found'));
  expect(
    await call('DELETE', `/chat/messages/${message.message_id}/delete/`, { token: member.access }),
  ).toEqual(problem(404, 'not_found'));
  expect(await listMessages(owner, room)).toEqual([message]);
  expect(await remove(owner, member)).toEqual(problem(404, 'not_found'));
  await addMember(owner, room, member);
  expect(await listMessages(member, room)).toEqual([message]);
});

test('the owner can neither be removed nor leave', async () => {
  const { owner } = people;
  expect(await remove(owner, owner)).toEqual(problem(403, 'forbidden'));
  expect(await leave(owner)).toEqual(problem(403, 'forbidden'));
  expect(await members()).toHaveLength(1);
});

test('a member leaves a private room', async () => {
  const { owner, member } = people;
  await addMember(owner, room, member);
  expect(await leave(member)).toMatchObject({ status: 204, body: undefined });
  expect(await get(member, `/chat/rooms/${room.room_id}/`)).toEqual(problem(404, 'not_found'));
  expect(await leave(member)).toEqual(problem(404, 'not_found'));
  expect(await get(owner, `/chat/rooms/${room.room_id}/`)).toMatchObject({ body: { member_count: 1 } });
});

test('a member leaves a public room, and still sees it', async () => {
  const { owner, stranger } = people;
  const open = await newRoom(owner);
  expect(await leave(stranger, open)).toEqual(problem(403, 'forbidden'));
  await postMessage(stranger, open, 'hello');
  expect(await members(open)).toHaveLength(2);
  expect(await leave(stranger, open)).toMatchObject({ status: 204 });
  expect(await get(stranger, `/chat/rooms/${open.room_id}/`)).toMatchObject({ body: { member_count: 1 } });
});

test('the member count is exact after members leave and are removed concurrently', async () => {
  const { owner, member, stranger } = people;
  await addMember(owner, room, member);
  await addMember(owner, room, stranger);
  await Promise.all([leave(member), remove(owner, member), leave(stranger), leave(stranger)]);
  expect(await get(owner, `/chat/rooms/${room.room_id}/`)).toMatchObject({ body: { member_count: 1 } });
  expect(await members()).toHaveLength(1);
});

test('the list of members is paginated', async () => {
  const { owner, member, stranger } = people;
  await addMember(owner, room, member);
  await addMember(owner, room, stranger);
  const pages = await allPages(`/chat/rooms/${room.room_id}/members/?limit=1`, owner.access);
  expect(pages.every((page) => page.length <= 1)).toBe(true);
  expect(new Set(pages.flat().map(({ id }) => id))).toEqual(new Set([owner.id, member.id, stranger.id]));
  expect(pages.flat()).toHaveLength(3);
});
