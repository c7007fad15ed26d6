/** Sending messages over HTTP: content, order and idempotency. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newFixtureUsers, type FixtureUsers } from './fixture.ts';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { statusesOf, type Answer } from '../../kit/request.ts';
import { listMessages, newRoom, postMessage } from '../../kit/rooms.ts';
import { get, type TestUser } from '../../kit/users.ts';
import * as shapes from './shapes.ts';

let people: FixtureUsers;
let room: any;
beforeAll(async () => {
  people = await newFixtureUsers();
});
beforeEach(async () => {
  room = await newRoom(people.owner);
});

const send = (by: TestUser, body: object, to = room): Promise<Answer> =>
  call('POST', `/chat/rooms/${to.room_id}/messages/`, { token: by.access, body });
const countOf = async (): Promise<number> =>
  (await get(people.owner, `/chat/rooms/${room.room_id}/`)).body.message_count;

test('a sent message is returned in full and is in the history', async () => {
  const { owner } = people;
  const answer = await send(owner, { content: 'hello', client_id: 'c-1_A' });
  expect(answer.status).toBe(201);
  expect(answer.body).toEqual({
    ...shapes.message,
    room_id: room.room_id,
    sender_id: owner.id,
    sender_username: owner.username,
    content: 'hello',
    client_id: 'c-1_A',
  });
  expect(Math.abs(Date.parse(answer.body.timestamp) - Date.now())).toBeLessThan(60_000);
  expect(await listMessages(owner, room)).toEqual([answer.body]);
});

test.each([
  '  indented\n\n',
  '<img src=x onerror=alert(1)>',
  '👩‍👩‍👧‍👦 e\u0301 \u202eright to left',
  'tab\tand lines\r\n',
  '{"$ne": null}',
  '__proto__',
  'x'.repeat(4_000),
  `   ${'y'.repeat(4_000)}   `,
  '語'.repeat(4_000),
])('%j is stored as sent', async (content) => {
  const answer = await send(people.owner, { content });
  expect(answer).toMatchObject({ status: 201, body: { content } });
  expect(await listMessages(people.owner, room)).toEqual([answer.body]);
});

test.each([
  ['nothing', ''],
  ['white space', ' \n\t\u3000 '],
  ['4,001 characters', 'x'.repeat(4_001)],
  ['4,001 characters with space around', ` ${'x'.repeat(4_001)} `],
  ['half of a surrogate pair', 'a\ud800b'],
  ['a null character', 'zero\0byte'],
  ['another control character', 'bell\u0007'],
  ['invisible characters alone', '\u3164\u200b\ufe0f'],
])('content that is %s is refused', async (_, content) => {
  expect(await send(people.owner, { content })).toEqual(problem(400, 'invalid_request'));
  expect(await listMessages(people.owner, room)).toEqual([]);
});

test('messages that several users send at once get distinct seqs in one order', async () => {
  const { owner, member, stranger } = people;
  const sent = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      postMessage([owner, member, stranger][index % 3] as TestUser, room, `number ${index}`),
    ),
  );
  const inOrder = sent.sort((one, other) => one.seq - other.seq);
  expect(new Set(sent.map(({ seq }) => seq)).size).toBe(24);
  expect(new Set(sent.map(({ message_id }) => message_id)).size).toBe(24);
  expect(await listMessages(stranger, room)).toEqual(inOrder);
  expect(await countOf()).toBe(24);
});

describe('a client_id', () => {
  test('that is repeated answers 200 with the original message and stores nothing', async () => {
    const body = { content: 'once', client_id: randomUUID() };
    const original = await send(people.owner, body);
    expect(original.status).toBe(201);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const answer = await send(people.owner, body);
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: original.body });
    }
    const next = await postMessage(people.owner, room, 'and then');
    expect(await listMessages(people.owner, room)).toEqual([original.body, next]);
    expect(await countOf()).toBe(2);
  });

  test('that is sent several times at once stores one message', async () => {
    const body = { content: 'once', client_id: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(people.owner, body)));
    expect(statusesOf(answers)).toEqual([...Array(7).fill(200), 201]);
    const [first] = answers;
    for (const answer of answers) expect(answer.body).toEqual(first?.body);
    expect(await listMessages(people.owner, room)).toEqual([first?.body]);
    expect(await countOf()).toBe(1);
  });

  test('that is repeated with other content is a conflict and changes nothing', async () => {
    const client_id = randomUUID();
    const original = await send(people.owner, { content: 'this', client_id });
    for (const content of ['that', 'This', 'this ']) {
      expect(await send(people.owner, { content, client_id })).toEqual(problem(409, 'client_id_reused'));
    }
    expect(await listMessages(people.owner, room)).toEqual([original.body]);
    expect(await countOf()).toBe(1);
  });

  test('that is sent with two contents at once stores one of them', async () => {
    const client_id = randomUUID();
    const answers = await Promise.all(
      ['this', 'that', 'this', 'that'].map((content) => send(people.owner, { content, client_id })),
    );
    expect(statusesOf(answers)).toEqual([200, 201, 409, 409]);
    const winner = answers.find(({ status }) => status === 201);
    expect(await listMessages(people.owner, room)).toEqual([winner?.body]);
  });

  test('applies to one user in one room only', async () => {
    const body = { content: 'mine', client_id: randomUUID() };
    const elsewhere = await newRoom(people.owner);
    const answers = [
      await send(people.owner, body),
      await send(people.member, body),
      await send(people.owner, body, elsewhere),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.body.message_id)).size).toBe(3);
  });

  test('is remembered after its message was edited or deleted', async () => {
    const body = { content: 'first draft', client_id: randomUUID() };
    const { message_id } = (await send(people.owner, body)).body;
    const at = `/chat/messages/${message_id}`;
    await call('PATCH', `${at}/edit/`, { token: people.owner.access, body: { content: 'second draft' } });
    expect(await send(people.owner, body)).toMatchObject({ status: 200, body: { message_id } });
    await call('DELETE', `${at}/delete/`, { token: people.owner.access });
    expect(await send(people.owner, body)).toMatchObject({ status: 200, body: { message_id } });
    expect(await listMessages(people.owner, room)).toHaveLength(1);
  });

  test.each(['', 'a b', 'a#b', 'a/b', 'ä', 'a\0', 'x'.repeat(65)])('may not be %j', async (client_id) => {
    expect(await send(people.owner, { content: 'hi', client_id })).toEqual(problem(400, 'invalid_request'));
    expect(await listMessages(people.owner, room)).toEqual([]);
  });

  test.each(['__proto__', 'constructor', '-', 'x'.repeat(64)])('may be %j', async (client_id) => {
    const body = { content: 'hi', client_id };
    expect(await send(people.owner, body)).toMatchObject({ status: 201, body: { client_id } });
    expect(await send(people.owner, body)).toMatchObject({ status: 200, body: { client_id } });
  });
});
