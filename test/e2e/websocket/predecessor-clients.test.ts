/** Clients of the predecessor keep working: the scenarios that its documentation describes. */
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

test('the documented flow works: connect, receive the users and the history, send, be received', async () => {
  const first = await PredecessorClient.connect(general, ann.access);
  expect(first.events).toEqual([
    { type: 'room_users_list', users: [{ id: ann.id, username: ann.username }] },
  ]);
  first.send('Hi!');
  const heard = await first.awaitMessage('Hi!');
  expect(heard).toMatchObject({
    type: 'chat_message',
    message: 'Hi!',
    sender_username: ann.username,
    sender_id: ann.id,
  });
  expect(Math.abs(Date.now() - Date.parse(heard['timestamp']))).toBeLessThan(60_000);

  const second = await PredecessorClient.connect(general, bob.access);
  await second.awaitMessage('Hi!');
  expect(second.events.map(({ type }) => type)).toEqual(['room_users_list', 'chat_message']);
  expect(second.users).toEqual([ann.username, bob.username].sort());
  expect(await first.awaitPresence('user_join', bob.username)).toMatchObject({ user_id: bob.id });

  second.send('Hello, Ann');
  await Promise.all([first.awaitMessage('Hello, Ann'), second.awaitMessage('Hello, Ann')]);
  await second.close();
  expect(await first.awaitPresence('user_leave', bob.username)).toMatchObject({ user_id: bob.id });
});

test('a client with its token in the query is served in the same way', async () => {
  const client = await PredecessorClient.connectWithQuery(general, ann.access);
  client.send('from the query');
  await client.awaitMessage('from the query');
  expect(client.users).toEqual([ann.username]);
});

test('three users send at the same time, and each receives every message once', async () => {
  const users = [ann, bob, await newUser('carl')];
  const clients = await Promise.all(users.map(({ access }) => PredecessorClient.connect(general, access)));
  const sent = clients.flatMap((client, who) =>
    Array.from({ length: 6 }, (_, at) => {
      const message = `${users[who]?.username} says ${at}`;
      client.send(message);
      return message;
    }),
  );
  for (const client of clients) {
    for (const message of sent) await client.awaitMessage(message);
    expect([...client.messages].sort()).toEqual([...sent].sort());
  }
  const late = await PredecessorClient.connect(general, ann.access);
  for (const message of sent) await late.awaitMessage(message);
  expect([...late.messages].sort()).toEqual([...sent].sort());
});

test('a client that reconnects receives the messages sent in the meantime, in order', async () => {
  const anns = await PredecessorClient.connect(general, ann.access);
  const before = await PredecessorClient.connect(general, bob.access);
  anns.send('one');
  await before.awaitMessage('one');
  await before.close();
  await anns.awaitPresence('user_leave', bob.username);
  for (const message of ['two', 'three']) {
    anns.send(message);
    await anns.awaitMessage(message);
  }
  const after = await PredecessorClient.connect(general, bob.access);
  await after.awaitMessage('three');
  expect(after.messages).toEqual(['one', 'two', 'three']);
});

test('a malformed frame is answered with an error, and the connection stays open', async () => {
  const client = await PredecessorClient.connect(general, ann.access);
  const witness = await PredecessorClient.connect(general, bob.access);
  client.sendMalformed('this is not JSON');
  expect(await client.awaitError()).toMatch(/\w/);
  client.send('   ');
  client.send('sorry');
  await witness.awaitMessage('sorry');
  await client.awaitMessage('sorry');
  expect(witness.messages).toEqual(['sorry']);
});

test('two sockets of one user count as one user', async () => {
  const witness = await PredecessorClient.connect(general, ann.access);
  const [first, second] = [
    await PredecessorClient.connect(general, bob.access),
    await PredecessorClient.connect(general, bob.access),
  ];
  first.send('from the first');
  await second.awaitMessage('from the first');
  await first.close();
  second.send('from the second');
  await witness.awaitMessage('from the second');
  await second.close();
  await witness.awaitPresence('user_leave', bob.username);
  const about = witness.events.filter((event) => event['user_id'] === bob.id).map(({ type }) => type);
  expect(about).toEqual(['user_join', 'user_leave']);
});

test('messages stay within their room', async () => {
  const here = await PredecessorClient.connect(general, ann.access);
  const there = await PredecessorClient.connect(uniqueName('elsewhere'), bob.access);
  here.send('here');
  await here.awaitMessage('here');
  there.send('there');
  await there.awaitMessage('there');
  expect([here.messages, there.messages]).toEqual([['here'], ['there']]);
});

test('a room that was opened by name is listed and found over HTTP', async () => {
  await PredecessorClient.connect(general, ann.access);
  const { body } = await call('GET', '/chat/rooms/mine/', { token: ann.access });
  expect(body).toMatchObject([{ room_name: general, creator_username: ann.username, is_private: false }]);
});

describe('direct messages', () => {
  test('are a room that both users open by its name', async () => {
    const room = await call('GET', `/chat/dm/${bob.id}`, { token: ann.access });
    expect(room).toMatchObject({ status: 200, body: { is_direct: true } });
    const same = await call('GET', `/chat/dm/${ann.id}`, { token: bob.access });
    expect(same.body.room_name).toBe(room.body.room_name);
    const anns = await PredecessorClient.connect(room.body.room_name, ann.access);
    const bobs = await PredecessorClient.connect(room.body.room_name, bob.access);
    anns.send('just between us');
    await bobs.awaitMessage('just between us');
    bobs.send('of course');
    await anns.awaitMessage('of course');
  });

  test('are refused to all other users', async () => {
    const { body } = await call('GET', `/chat/dm/${bob.id}`, { token: ann.access });
    const carl = await newUser('carl');
    expect(await ChatSocket.refusal(`/ws/chat/${body.room_name}/`, { token: carl.access })).toBe(404);
  });
});

describe('a private room', () => {
  test('is opened by the users whom its creator added', async () => {
    const room = await newPrivateRoom(ann, bob);
    const anns = await PredecessorClient.connect(room.room_name, ann.access);
    const bobs = await PredecessorClient.connect(room.room_name, bob.access);
    bobs.send('thanks for having me');
    await anns.awaitMessage('thanks for having me');
    expect(bobs.users).toEqual([ann.username, bob.username].sort());
  });

  test('is refused to all other users', async () => {
    const room = await newPrivateRoom(ann);
    expect(await ChatSocket.refusal(`/ws/chat/${room.room_name}/`, { token: bob.access })).toBe(403);
  });
});

test('a handshake without a token is refused', async () => {
  expect(await ChatSocket.refusal(`/ws/chat/${general}/`)).toBe(401);
  expect(await ChatSocket.refusal(`/ws/chat/${general}/?token=expired`)).toBe(401);
});
