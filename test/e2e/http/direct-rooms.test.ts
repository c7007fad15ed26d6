/** Direct rooms: each pair of users has one, whichever of them opens it. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { newFixtureUsers, type FixtureUsers } from './fixture.ts';
import { problem } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import type { Answer } from '../../kit/request.ts';
import { eventually } from '../../kit/eventually.ts';
import { listMessages, postMessage } from '../../kit/rooms.ts';
import { get, newUser, type TestUser } from '../../kit/users.ts';
import * as shapes from './shapes.ts';

let people: FixtureUsers;
beforeAll(async () => {
  people = await newFixtureUsers();
});

const open = (by: TestUser, to: { id: string }, method = 'GET'): Promise<Answer> =>
  call(method, `/chat/dm/${to.id}`, { token: by.access });

test('a direct room is private, has two members and a reserved name', async () => {
  const answer = await open(people.owner, people.member);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ...shapes.room,
    room_name: expect.stringMatching(/^dm_/),
    is_private: true,
    is_direct: true,
    member_count: 2,
    peer: { id: people.member.id, username: people.member.username, profile_picture: null },
  });
  const members = await get(people.member, `/chat/rooms/${answer.body.room_id}/members/`);
  expect(members.body.map(({ id }: any) => id).sort()).toEqual([people.owner.id, people.member.id].sort());
});

test('both users get the same room, by GET or POST', async () => {
  const { owner, member } = people;
  const first = (await open(owner, member)).body;
  for (const answer of [
    await open(member, owner),
    await open(owner, member, 'POST'),
    await call('POST', `/chat/dm/${owner.id}/`, { token: member.access, body: {} }),
    await call('GET', `/chat/dm/${owner.id.toUpperCase()}/`, { token: member.access }),
  ]) {
    expect(answer).toMatchObject({ status: 200, body: { room_id: first.room_id, is_direct: true } });
  }
});

test('each member sees the other one as peer, also after the other account was deleted', async () => {
  const [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  const { body: room } = await open(ann, bob);
  const at = `/chat/rooms/${room.room_id}/`;
  const annAsPeer = { id: ann.id, username: ann.username, profile_picture: null };
  const bobAsPeer = { id: bob.id, username: bob.username, profile_picture: null };
  expect((await get(ann, at)).body.peer).toEqual(bobAsPeer);
  expect((await get(bob, at)).body.peer).toEqual(annAsPeer);
  expect((await get(bob, '/chat/rooms/mine/')).body).toMatchObject([{ peer: annAsPeer }]);
  await call('DELETE', '/users/auth/profile/', { token: bob.access, body: { password: bob.password } });
  const erased = { ...bobAsPeer, username: 'deleted user' };
  await eventually(async () => {
    expect((await get(ann, at)).body.peer).toEqual(erased);
    expect((await get(ann, '/chat/rooms/mine/')).body).toMatchObject([{ peer: erased }]);
  });
});

test('two users who open their direct room at the same time get one room', async () => {
  const [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  const answers = await Promise.all([
    open(ann, bob),
    open(bob, ann),
    open(ann, bob, 'POST'),
    open(bob, ann, 'POST'),
    open(ann, bob),
    open(bob, ann),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
  expect(new Set(answers.map(({ body }) => body.room_id)).size).toBe(1);
  const room = answers[0]?.body;
  expect(await get(ann, `/chat/rooms/${room.room_id}/`)).toMatchObject({ body: { member_count: 2 } });
  const message = await postMessage(ann, room, 'just us');
  expect(await listMessages(bob, room)).toEqual([message]);
});

test('a direct room with oneself or with an unknown user is refused', async () => {
  const { owner } = people;
  for (const method of ['GET', 'POST']) {
    expect(await open(owner, owner, method)).toEqual(problem(400, 'invalid_request'));
    expect(await open(owner, { id: randomUUID() }, method)).toEqual(problem(404, 'not_found'));
  }
  // A refused request must not create the room.
  const unknownId = randomUUID();
  expect(await open(owner, { id: unknownId })).toEqual(problem(404, 'not_found'));
  expect(await open(owner, { id: unknownId })).toEqual(problem(404, 'not_found'));
});

test('neither user may change, delete or leave a direct room, or add members', async () => {
  const { owner, member, stranger } = people;
  const { body: room } = await open(owner, member);
  const at = `/chat/rooms/${room.room_id}/`;
  for (const { access: token } of [owner, member]) {
    for (const answer of [
      await call('PUT', at, { token, body: { description: 'changed' } }),
      await call('PATCH', at, { token, body: { description: 'changed' } }),
      await call('DELETE', at, { token }),
      await call('POST', `${at}members/add/`, { token, body: { user_id: stranger.id } }),
      await call('DELETE', `${at}members/remove/${member.id}/`, { token }),
      await call('POST', `${at}leave/`, { token }),
    ]) {
      expect(answer).toEqual(problem(403, 'forbidden'));
    }
  }
  expect(await get(member, at)).toMatchObject({
    status: 200,
    body: { description: room.description, member_count: 2 },
  });
});
