/** Editing and deleting messages over HTTP. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { newFixtureUsers, type FixtureUsers } from './fixture.ts';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';
import { listMessages, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, type TestUser } from '../../kit/users.ts';
import { editedMessage } from './shapes.ts';

const deletedContent = 'This message has been deleted';

let people: FixtureUsers;
/** A public room of the owner with one message of the member. */
let room: any;
let message: any;
beforeAll(async () => {
  people = await newFixtureUsers();
});
beforeEach(async () => {
  room = await newRoom(people.owner);
  message = await postMessage(people.member, room, 'as it was');
});

const edit = (by: TestUser, content: string, method = 'PATCH'): Promise<Answer> =>
  call(method, `/chat/messages/${message.message_id}/edit/`, { token: by.access, body: { content } });
const remove = (by: TestUser): Promise<Answer> =>
  call('DELETE', `/chat/messages/${message.message_id}/delete/`, { token: by.access });

test.each(['PUT', 'PATCH'])('%s gives a message new content and the time of its edit', async (method) => {
  const answer = await edit(people.member, '  as it is <b>now</b> ', method);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ...message,
    content: '  as it is <b>now</b> ',
    edited_at: editedMessage.edited_at,
  });
  expect(Date.parse(answer.body.edited_at)).toBeGreaterThanOrEqual(Date.parse(message.timestamp));
  expect(await listMessages(people.owner, room)).toEqual([answer.body]);
});

test('only its sender may edit or delete a message, not even the owner of the room', async () => {
  for (const user of [people.owner, people.stranger]) {
    expect(await edit(user, 'not mine', 'PUT')).toEqual(problem(403, 'forbidden'));
    expect(await edit(user, 'not mine', 'PATCH')).toEqual(problem(403, 'forbidden'));
    expect(await remove(user)).toEqual(problem(403, 'forbidden'));
  }
  expect(await listMessages(people.owner, room)).toEqual([message]);
});

test('concurrent edits leave the content of one of them', async () => {
  const contents = ['one', 'two', 'three', 'four', 'five'];
  const answers = await Promise.all(contents.map((content) => edit(people.member, content)));
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
  const [now, ...others] = await listMessages(people.owner, room);
  expect(others).toEqual([]);
  expect(contents).toContain(now.content);
  expect(answers.map(({ body }) => body)).toContainEqual(now);
});

test('a deleted message keeps its place in the history', async () => {
  const next = await postMessage(people.owner, room, 'what came next');
  expect(await remove(people.member)).toMatchObject({ status: 204, body: undefined });
  const [gone, ...others] = await listMessages(people.stranger, room);
  // It was never edited, so it has no time of an edit.
  expect(gone).toEqual({ ...message, content: deletedContent, is_deleted: true, edited_at: null });
  expect(others).toEqual([next]);
});

test('a message that was edited and then deleted keeps the time of its edit', async () => {
  const { edited_at } = (await edit(people.member, 'as it was meant')).body;
  await remove(people.member);
  expect(await listMessages(people.owner, room)).toEqual([
    { ...message, content: deletedContent, is_deleted: true, edited_at },
  ]);
});

test('no content of a deleted message is left, from before its edits either', async () => {
  await edit(people.member, 'as it was meant');
  await remove(people.member);
  const { body: mine } = await get(people.member, '/chat/rooms/mine/');
  const row = mine.find(({ room_id }: any) => room_id === room.room_id);
  const shown = JSON.stringify([await listMessages(people.member, room), row]);
  expect(shown).toContain(deletedContent);
  expect(shown).not.toMatch(/as it was/);
});

test('a deleted message can be deleted again but not edited', async () => {
  await remove(people.member);
  expect(await remove(people.member)).toMatchObject({ status: 204 });
  expect(await edit(people.member, 'back again')).toEqual(problem(404, 'not_found'));
  expect(await edit(people.owner, 'not mine')).toEqual(problem(403, 'forbidden'));
  const [gone, ...others] = await listMessages(people.owner, room);
  expect(gone).toMatchObject({ content: deletedContent, is_deleted: true });
  expect(others).toEqual([]);
});

test('a message that is edited and deleted at the same time ends up deleted', async () => {
  const [edited, removed] = await Promise.all([edit(people.member, 'too late?'), remove(people.member)]);
  expect([200, 404]).toContain(edited.status);
  expect(removed.status).toBe(204);
  expect(await listMessages(people.owner, room)).toMatchObject([
    { content: deletedContent, is_deleted: true },
  ]);
});

test.each(['', '   ', 'x'.repeat(4_001), 'a\udfffb'])(
  'an edit with the content %j is refused',
  async (content) => {
    expect(await edit(people.member, content)).toEqual(problem(400, 'invalid_request'));
    expect(await listMessages(people.owner, room)).toEqual([message]);
  },
);
