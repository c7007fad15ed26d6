/** Unknown fields are ignored, so that clients of other versions work and attackers gain nothing by them. */
import { expect, test } from 'vitest';
import { ChatSocket } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import { uniqueName } from '../kit/names.ts';
import { newRoom } from '../kit/rooms.ts';
import { login, newUser } from '../kit/users.ts';
import { useProductionRuntime, withoutBudgets } from './production-runtime.ts';

useProductionRuntime(withoutBudgets);

test('a login accepts the form with which the user registered', async () => {
  const form = {
    username: uniqueName('ann'),
    email: '',
    password: 'lantern-orbit-42',
    password2: 'lantern-orbit-42',
    first_name: 'Ann',
    is_staff: true,
    id: '00000000-0000-4000-8000-000000000000',
  };
  const registered = await call('POST', '/users/auth/register/', { body: form });
  expect(registered.status).toBe(201);
  expect(registered.body.id).not.toBe(form.id);
  expect(await call('POST', '/users/auth/login/', { body: form })).toMatchObject({ status: 200 });
});

test('a message with additional sender and room fields is accepted', async () => {
  const ann = await newUser('ann');
  const room = await newRoom(ann);
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  socket.send({ message: 'hi', username: 'ann', room: 'general' });
  expect(await socket.next('chat_message')).toMatchObject({
    message: 'hi',
    room_id: room.room_id,
    sender_username: ann.username,
  });
  await socket.close();
});

test('unknown fields of a frame never set the sender, seq, time or room', async () => {
  const [ann, bob] = await Promise.all([newUser('ann'), newUser('bob')]);
  const room = await newRoom(ann);
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  const claims = {
    sender_id: bob.id,
    sender_username: bob.username,
    user_id: bob.id,
    seq: 900,
    timestamp: '2001-01-01T00:00:00.000Z',
    is_deleted: true,
  };
  socket.send({ type: 'message', content: 'mine', message: 'another text', ...claims });
  const first = await socket.next('chat_message');
  expect(first).toMatchObject({ message: 'mine', sender_id: ann.id, seq: 1, is_deleted: false });
  socket.send({ type: 'edit', message_id: first['message_id'], content: 'better', ...claims });
  expect(await socket.next('message_edited')).toMatchObject({ new_content: 'better', sender_id: ann.id });
  socket.send({ type: 'delete', message_id: first['message_id'], ...claims, content: 'x' });
  expect(await socket.next('message_deleted')).toMatchObject({ message_id: first['message_id'] });
  await socket.close();
});

test('keys that name a prototype and deeply nested values have no effect', async () => {
  const ann = await newUser('ann');
  const room = await newRoom(ann);
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  const hostile = [
    '"__proto__": {"content": "polluted", "room_id": "x"}',
    '"constructor": {"prototype": {"content": "polluted"}}',
    '"toString": 1, "hasOwnProperty": 2, "valueOf": null',
    `"deep": ${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
    `"deep": ${'['.repeat(12_000)}${']'.repeat(12_000)}`,
  ];
  for (const [at, fields] of hostile.entries()) {
    socket.send(`{"message": "text ${at}", ${fields}}`);
    expect(await socket.next('chat_message')).toMatchObject({ message: `text ${at}`, sender_id: ann.id });
  }
  // An own key named `__proto__` does not supply missing fields.
  socket.send('{"__proto__": {"type": "ping", "message": "polluted"}}');
  expect(await socket.next('error')).toMatchObject({ code: 4005 });
  socket.send({ type: 'ping', heads: { [room.room_id]: 900 } });
  expect(await socket.next('pong')).toMatchObject({ heads: { [room.room_id]: hostile.length } });
  await socket.close();
});

test('known fields of the wrong type are still refused', async () => {
  const ann = await newUser('ann');
  const room = await newRoom(ann);
  const socket = await ChatSocket.inRoom(room.room_name, ann.access);
  for (const wrong of [
    { message: 'hi', room_id: 'general' },
    { message: 'hi', client_id: 7 },
    { type: 'typing', is_typing: 'yes', username: 'ann' },
  ]) {
    socket.send(wrong);
    expect(await socket.next('error')).toMatchObject({ code: 4005, name: 'invalid_frame' });
  }
  await socket.close();
});

test('unknown fields change no account or room', async () => {
  const ann = await newUser('ann');
  const room = await newRoom(ann);
  const escalation = { is_superuser: true, password: 'thimble-gravel-58', owner: ann.id, role: 'owner' };
  const profile = await call('PATCH', '/users/auth/profile/', { token: ann.access, body: escalation });
  expect(profile).toMatchObject({ status: 200, body: { id: ann.id, username: ann.username } });
  await login(ann.username, ann.password);
  const changed = await call('PATCH', `/chat/rooms/${room.room_id}/`, {
    token: ann.access,
    body: escalation,
  });
  expect(changed).toMatchObject({ status: 200, body: room });
});
