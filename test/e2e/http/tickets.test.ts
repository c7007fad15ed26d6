/** Tickets, which a browser requests before it opens a socket. */
import { beforeAll, expect, test } from 'vitest';
import { newFixture, newFixtureUsers, type Fixture } from './fixture.ts';
import { problem } from './problem.ts';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import type { Answer } from '../../kit/request.ts';
import { newRoom } from '../../kit/rooms.ts';
import { get, type TestUser } from '../../kit/users.ts';
import * as shapes from './shapes.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await newFixture(await newFixtureUsers());
});

const ask = (by: TestUser, body?: unknown): Promise<Answer> =>
  call('POST', '/chat/ws-ticket/', { token: by.access, body });

test('every ticket is different', async () => {
  const answers = await Promise.all([ask(fixture.owner), ask(fixture.owner, {}), ask(fixture.owner)]);
  for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { expires_in: 30 } });
  expect(new Set(answers.map(({ body }) => body.ticket)).size).toBe(3);
});

test('a ticket opens one socket of the user who requested it', async () => {
  const room = await newRoom(fixture.owner);
  const { body } = await ask(fixture.stranger, { room: room.room_name });
  const path = `/ws/chat/${room.room_name}/?ticket=${body.ticket}`;
  const socket = await ChatSocket.open(path);
  expect(await socket.next('ready')).toMatchObject({ user: { id: fixture.stranger.id } });
  await expect(ChatSocket.open(path)).rejects.toThrow('401');
  await socket.close();
});

test('a ticket for a room is refused for the same reason as a socket would be', async () => {
  const { owner, member, stranger, room } = fixture;
  const direct = (await get(owner, `/chat/dm/${member.id}/`)).body.room_name;
  for (const user of [owner, member]) {
    expect(await ask(user, { room: room.room_name })).toMatchObject({ status: 200, body: shapes.ticket });
    expect(await ask(user, { room: direct })).toMatchObject({ status: 200 });
  }
  expect(await ask(stranger, { room: room.room_name })).toEqual(problem(403, 'forbidden'));
  expect(await ask(stranger, { room: room.room_name.toUpperCase() })).toEqual(problem(403, 'forbidden'));
  expect(await ask(stranger, { room: direct })).toEqual(problem(404, 'not_found'));
  expect(await ask(stranger, { room: `dm_${uniqueName()}` })).toEqual(problem(404, 'not_found'));
});

test('a ticket for a public room that does not exist is issued without creating the room', async () => {
  const room_name = uniqueName('not-yet');
  expect(await ask(fixture.owner, { room: room_name })).toMatchObject({ status: 200 });
  const created = await call('POST', '/chat/rooms/create/', {
    token: fixture.member.access,
    body: { room_name },
  });
  expect(created.status).toBe(201);
});
