/** Read markers and unread counts. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { newFixtureUsers, type FixtureUsers } from './fixture.ts';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';
import { addMember, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, type TestUser } from '../../kit/users.ts';
import { reader, time } from './shapes.ts';

let people: FixtureUsers;
let room: any;
/** Five messages, sent by the owner and the member in turns. */
let messages: any[];
beforeAll(async () => {
  people = await newFixtureUsers();
});
beforeEach(async () => {
  const { owner, member } = people;
  room = await newRoom(owner, { is_private: true });
  await addMember(owner, room, member);
  messages = [];
  for (const by of [owner, member, owner, member, owner])
    messages.push(await postMessage(by, room, 'a message'));
});

const mark = (by: TestUser, message: { message_id: string }, at = room): Promise<Answer> =>
  call('POST', `/chat/rooms/${at.room_id}/read/`, {
    token: by.access,
    body: { message_id: message.message_id },
  });
const readersOf = async (at = room): Promise<any[]> =>
  (await get(people.owner, `/chat/rooms/${at.room_id}/read/`)).body;

test('the unread count includes what other users sent after the marker', async () => {
  for (const [index, unread_count] of [2, 2, 1, 1, 0].entries()) {
    const { message_id } = messages[index];
    const answer = await mark(people.member, { message_id });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ last_read_message_id: message_id, unread_count });
  }
  await postMessage(people.owner, room, 'one more');
  expect(await mark(people.member, messages[4])).toMatchObject({ body: { unread_count: 1 } });
});

test('a read marker moves forward only', async () => {
  await mark(people.member, messages[3]);
  for (const earlier of [messages[0], messages[2], messages[3]]) {
    expect((await mark(people.member, earlier)).body).toEqual({
      last_read_message_id: messages[3].message_id,
      unread_count: 1,
    });
  }
});

test('concurrent updates leave the read marker at the newest message', async () => {
  const order = [2, 4, 0, 3, 1].map((index) => messages[index]);
  const answers = await Promise.all(order.map((message) => mark(people.member, message)));
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
  const last_read_message_id = messages[4].message_id;
  expect((await mark(people.member, messages[0])).body).toEqual({ last_read_message_id, unread_count: 0 });
});

test('all members see how far each member has read and when', async () => {
  const { owner, member } = people;
  await mark(member, messages[1]);
  const readers = await readersOf();
  expect(readers).toHaveLength(2);
  expect(readers).toContainEqual({ ...reader, user_id: owner.id, username: owner.username });
  expect(readers).toContainEqual({
    user_id: member.id,
    username: member.username,
    last_read_message_id: messages[1].message_id,
    read_at: time,
  });
  const members = (await get(owner, `/chat/rooms/${room.room_id}/members/`)).body;
  expect(members.find(({ id }: any) => id === member.id)).toMatchObject({
    last_read_message_id: messages[1].message_id,
  });
});

test('edits, deletions and other changes do not count as unread', async () => {
  const { owner, member } = people;
  await mark(member, messages[1]);
  const token = owner.access;
  await call('PATCH', `/chat/messages/${messages[4].message_id}/edit/`, { token, body: { content: 'x' } });
  await call('PATCH', `/chat/rooms/${room.room_id}/`, { token, body: { description: 'x' } });
  await addMember(owner, room, people.stranger);
  const { message_id: last_read_message_id } = messages[1];
  expect((await mark(member, messages[1])).body).toEqual({ last_read_message_id, unread_count: 2 });
  // Deleted messages do not count as unread, and a marker may point to one.
  await call('DELETE', `/chat/messages/${messages[2].message_id}/delete/`, { token });
  await call('DELETE', `/chat/messages/${messages[3].message_id}/delete/`, { token: member.access });
  await call('DELETE', `/chat/messages/${messages[1].message_id}/delete/`, { token: member.access });
  expect((await mark(member, messages[1])).body).toEqual({ last_read_message_id, unread_count: 1 });
});

test('repeated sends do not count as unread', async () => {
  const { owner, member } = people;
  await mark(member, messages[4]);
  const send = (): Promise<Answer> =>
    call('POST', `/chat/rooms/${room.room_id}/messages/`, {
      token: owner.access,
      body: { content: 'once', client_id: 'once' },
    });
  await Promise.all(Array.from({ length: 5 }, send));
  expect((await mark(member, messages[4])).body).toMatchObject({ unread_count: 1 });
});

test('marking a message of another room is not found and moves no marker', async () => {
  const elsewhere = await newRoom(people.owner);
  const other = await postMessage(people.owner, elsewhere, 'elsewhere');
  const { message_id } = messages[4];
  await mark(people.member, messages[0]);
  for (const id of [other.message_id, `${message_id.slice(0, -2)}zw`, 'A', `-${message_id}`]) {
    expect(await mark(people.member, { message_id: id })).toEqual(problem(404, 'not_found'));
  }
  expect((await mark(people.member, messages[0])).body).toMatchObject({ unread_count: 2 });
});
