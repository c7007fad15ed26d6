/** Scenarios of the seed's own clients: what worked with its page in hand goes on working. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ChatSocket } from '../../kit/chat-socket.ts';
import { call } from '../../kit/deployment.ts';
import { uniqueName } from '../../kit/names.ts';
import { newPrivateRoom } from '../../kit/rooms.ts';
import { newUser, newUsers, type TestUser } from '../../kit/users.ts';
import { PredecessorClient } from './predecessor-client.ts';

let ann: TestUser;
let bob: TestUser;
let general: string;

beforeEach(async () => {
  [ann, bob] = (await newUsers(2)) as [TestUser, TestUser];
  general = uniqueName('general');
});

test('the example flow: connect, get the list and the history, send, be heard', async () => {
  const first = await PredecessorClient.connect(general, ann.access);
  expect(first.events).toEqual([
    { type: 'room_users_list', users: [{ id: ann.id, username: ann.username }] },
  ]);
  first.say('Hi!');
  const heard = await first.hears('Hi!');
  expect(heard).toMatchObject({
    type: 'chat_message',
    message: 'Hi!',
    sender_username: ann.username,
    sender_id: ann.id,
  });
  expect(Math.abs(Date.now() - Date.parse(heard['timestamp']))).toBeLessThan(60_000);

  const second = await PredecessorClient.connect(general, bob.access);
  await second.hears('Hi!');
  expect(second.events.map(({ type }) => type)).toEqual(['room_users_list', 'chat_message']);
  expect(second.users).toEqual([ann.username, bob.username].sort());
  expect(await first.sees('user_join', bob.username)).toMatchObject({ user_id: bob.id });

  second.say('Hello, Ann');
  await Promise.all([first.hears('Hello, Ann'), second.hears('Hello, Ann')]);
  await second.leave();
  expect(await first.sees('user_leave', bob.username)).toMatchObject({ user_id: bob.id });
});

test('a client that brings its token in the query is served the same', async () => {
  const client = await PredecessorClient.connectWithQuery(general, ann.access);
  client.say('from the query');
  await client.hears('from the query');
  expect(client.users).toEqual([ann.username]);
});

test('three people talk across each other, and each hears everything once', async () => {
  const users = [ann, bob, await newUser('carl')];
  const clients = await Promise.all(users.map(({ access }) => PredecessorClient.connect(general, access)));
  const sent = clients.flatMap((client, who) =>
    Array.from({ length: 6 }, (_, at) => {
      const message = `${users[who]?.username} says ${at}`;
      client.say(message);
      return message;
    }),
  );
  for (const client of clients) {
    for (const message of sent) await client.hears(message);
    expect([...client.said].sort()).toEqual([...sent].sort());
  }
  const late = await PredecessorClient.connect(general, ann.access);
  for (const message of sent) await late.hears(message);
  expect([...late.said].sort()).toEqual([...sent].sort());
});

test('whoever comes back finds what was said meanwhile, in its order', async () => {
  const anns = await PredecessorClient.connect(general, ann.access);
  const before = await PredecessorClient.connect(general, bob.access);
  anns.say('one');
  await before.hears('one');
  await before.leave();
  await anns.sees('user_leave', bob.username);
  for (const message of ['two', 'three']) {
    anns.say(message);
    await anns.hears(message);
  }
  const after = await PredecessorClient.connect(general, bob.access);
  await after.hears('three');
  expect(after.said).toEqual(['one', 'two', 'three']);
});

test('a blunder is answered with an error, and the conversation goes on', async () => {
  const client = await PredecessorClient.connect(general, ann.access);
  const witness = await PredecessorClient.connect(general, bob.access);
  client.blunder('this is not JSON');
  expect(await client.complaint()).toMatch(/\w/);
  client.say('   ');
  client.say('sorry');
  await witness.hears('sorry');
  await client.hears('sorry');
  expect(witness.said).toEqual(['sorry']);
});

test('two windows of one person are one person', async () => {
  const witness = await PredecessorClient.connect(general, ann.access);
  const [first, second] = [
    await PredecessorClient.connect(general, bob.access),
    await PredecessorClient.connect(general, bob.access),
  ];
  first.say('from the first');
  await second.hears('from the first');
  await first.leave();
  second.say('from the second');
  await witness.hears('from the second');
  await second.leave();
  await witness.sees('user_leave', bob.username);
  const about = witness.events.filter((event) => event['user_id'] === bob.id).map(({ type }) => type);
  expect(about).toEqual(['user_join', 'user_leave']);
});

test('rooms do not hear each other', async () => {
  const here = await PredecessorClient.connect(general, ann.access);
  const there = await PredecessorClient.connect(uniqueName('elsewhere'), bob.access);
  here.say('here');
  await here.hears('here');
  there.say('there');
  await there.hears('there');
  expect([here.said, there.said]).toEqual([['here'], ['there']]);
});

test('a room that was opened by name is listed and found over HTTP', async () => {
  await PredecessorClient.connect(general, ann.access);
  const { body } = await call('GET', '/chat/rooms/mine/', { token: ann.access });
  expect(body).toMatchObject([{ room_name: general, creator_username: ann.username, is_private: false }]);
});

describe('direct messages', () => {
  test('are a room that both open by its name', async () => {
    const room = await call('GET', `/chat/dm/${bob.id}`, { token: ann.access });
    expect(room).toMatchObject({ status: 200, body: { is_direct: true } });
    const same = await call('GET', `/chat/dm/${ann.id}`, { token: bob.access });
    expect(same.body.room_name).toBe(room.body.room_name);
    const anns = await PredecessorClient.connect(room.body.room_name, ann.access);
    const bobs = await PredecessorClient.connect(room.body.room_name, bob.access);
    anns.say('just between us');
    await bobs.hears('just between us');
    bobs.say('of course');
    await anns.hears('of course');
  });

  test('are nobody else’s', async () => {
    const { body } = await call('GET', `/chat/dm/${bob.id}`, { token: ann.access });
    const carl = await newUser('carl');
    expect(await ChatSocket.refusal(`/ws/chat/${body.room_name}/`, { token: carl.access })).toBe(404);
  });
});

describe('a private room', () => {
  test('is opened by those whom its creator added', async () => {
    const room = await newPrivateRoom(ann, bob);
    const anns = await PredecessorClient.connect(room.room_name, ann.access);
    const bobs = await PredecessorClient.connect(room.room_name, bob.access);
    bobs.say('thanks for having me');
    await anns.hears('thanks for having me');
    expect(bobs.users).toEqual([ann.username, bob.username].sort());
  });

  test('is closed to everyone else', async () => {
    const room = await newPrivateRoom(ann);
    expect(await ChatSocket.refusal(`/ws/chat/${room.room_name}/`, { token: bob.access })).toBe(403);
  });
});

test('without a token nobody gets in', async () => {
  expect(await ChatSocket.refusal(`/ws/chat/${general}/`)).toBe(401);
  expect(await ChatSocket.refusal(`/ws/chat/${general}/?token=expired`)).toBe(401);
});
