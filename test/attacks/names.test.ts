/** Deceptive room names, which must be refused wherever a room can be created. */
import { beforeAll, describe, expect, test } from 'vitest';
import { problem } from '../e2e/http/problem.ts';
import { ChatSocket } from '../kit/chat-socket.ts';
import { call } from '../kit/deployment.ts';
import { uniqueName } from '../kit/names.ts';
import { newRoom } from '../kit/rooms.ts';
import { newUser, type TestUser } from '../kit/users.ts';
import { useProductionRuntime, withoutBudgets } from './production-runtime.ts';

useProductionRuntime(withoutBudgets);

let ann: TestUser;
let eve: TestUser;
beforeAll(async () => {
  [ann, eve] = await Promise.all([newUser('ann'), newUser('eve')]);
});

describe.each([
  ['a Hangul filler at its end', () => `${uniqueName()}\u3164`],
  ['a combining grapheme joiner', () => `${uniqueName()}\u034f`],
  ['a variation selector', () => `${uniqueName()}\ufe0f`],
  ['invisible characters only', () => '\u3164'],
  ['two dots', () => '..'],
  ['dm_ behind a joiner', () => `dm\u034f_${uniqueName()}`],
  ['a character that resembles a low line', () => `dm\u02cd${uniqueName()}`],
  ['a Cyrillic letter among Latin ones', () => `gеneral-${uniqueName()}`],
  ['five marks in a row', () => `e\u0316\u0317\u0318\u0319\u031c${uniqueName()}`],
])('a name with %s', (_, newName) => {
  test('is refused when a room is created or renamed', async () => {
    const room = await newRoom(eve);
    const body = { room_name: newName() };
    const created = await call('POST', '/chat/rooms/create/', { token: eve.access, body });
    expect(created).toEqual(problem(400, 'invalid_request'));
    const renamed = await call('PATCH', `/chat/rooms/${room.room_id}/`, { token: eve.access, body });
    expect(renamed).toEqual(problem(400, 'invalid_request'));
  });

  test('is refused in a handshake, a ticket and a join', async () => {
    const room = newName();
    expect(await ChatSocket.refusal(`/ws/?room=${encodeURIComponent(room)}`, { token: eve.access })).toBe(
      409,
    );
    const ticket = await call('POST', '/chat/ws-ticket/', { token: eve.access, body: { room } });
    expect(ticket).toEqual(problem(409, 'room_unavailable'));
    const socket = await ChatSocket.open('/ws/', { token: eve.access });
    socket.send({ type: 'join', room, ref: 'j' });
    expect(await socket.next('error')).toMatchObject({ code: 4000, name: 'room_unavailable', ref: 'j' });
    await socket.close();
  });
});

test('a room cannot have the id of another room as its name', async () => {
  const room = await newRoom(ann);
  for (const room_name of [room.room_id, room.room_id.toUpperCase(), room.room_id.replaceAll('-', '')]) {
    const body = { room_name };
    const created = await call('POST', '/chat/rooms/create/', { token: eve.access, body });
    expect(created).toEqual(problem(400, 'invalid_request'));
  }
});
