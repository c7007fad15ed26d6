/** Marking messages as unread: here, on another device, and while events about the marker are still on their way. */
import { describe, expect, test } from 'vitest';
import { createFakeSystem, openRoom, problem, type FakeSystem } from './fake-system.ts';
import { ann, roomId, said } from './server-events.ts';

const path = `/chat/rooms/${roomId}`;

/** Opens a room with six messages, all of which ann has read. */
async function openReadRoom(system: FakeSystem) {
  const { answers } = system;
  answers.set('GET /chat/rooms/mine/', () => Response.json([mine('m6', 0)]));
  answers.set(`POST ${path}/read/`, () => Response.json({ last_read_message_id: 'm6', unread_count: 0 }));
  answers.set(`POST ${path}/unread/`, () => Response.json({ last_read_message_id: 'm3', unread_count: 3 }));
  const room = await openRoom(system, 6);
  await system.clock.advance(2_500);
  return room;
}

const mine = (last_read_message_id: string | null, unread_count: number) => ({
  room_id: roomId,
  last_read_message_id,
  unread_count,
  last_message: { seq: 6 },
});
const unread = (message_id: string | null, unread_count: number) => ({
  type: 'message_unread',
  room_id: roomId,
  message_id,
  unread_count,
});
const readByAnn = (message_id: string) => ({
  type: 'message_read',
  room_id: roomId,
  user_id: ann.id,
  username: 'ann',
  message_id,
  read_at: '2027-01-15T08:00:00.000Z',
});
const writes = ({ requests }: FakeSystem) => requests.filter((one) => /(read|unread)\/$/.test(one));

describe('marking a message as unread', () => {
  test('counts those after it at once, and new ones too', async () => {
    const system = createFakeSystem();
    const room = await openReadRoom(system);
    expect(room.getSnapshot()).toMatchObject({ unread: 0, isMarkedUnread: false });
    await room.markUnread('m4');
    expect(system.bodies.at(-1)).toEqual({ message_id: 'm4' });
    expect(room.getSnapshot()).toMatchObject({ unread: 3, isMarkedUnread: true });
    system.socket().push(said(7));
    expect(room.getSnapshot()).toMatchObject({ unread: 4, isMarkedUnread: true });
  });

  test('sends what was read before, and nothing of it afterwards', async () => {
    const system = createFakeSystem();
    const room = await openReadRoom(system);
    system.socket().push(said(7));
    room.markRead();
    await room.markUnread('m4');
    await system.clock.advance(20_000);
    expect(writes(system)).toEqual([`POST ${path}/read/`, `POST ${path}/unread/`]);
    expect(room.unread).toBe(4);
  });

  test('changes nothing when the server refuses it', async () => {
    const system = createFakeSystem();
    const room = await openReadRoom(system);
    system.answers.set(`POST ${path}/unread/`, () => problem(404, 'not_found'));
    await expect(room.markUnread('m4')).rejects.toMatchObject({ code: 'not_found' });
    expect(room.getSnapshot()).toMatchObject({ unread: 0, isMarkedUnread: false });
  });

  test('ends with the next message of the user, a move of the marker, and the last view', async () => {
    const system = createFakeSystem();
    const room = await openReadRoom(system);
    await room.markUnread('m4');
    room.send('hello');
    expect(room.getSnapshot().isMarkedUnread).toBe(false);
    await room.markUnread('m4');
    room.markRead();
    expect(room.getSnapshot()).toMatchObject({ unread: 0, isMarkedUnread: false });
    await room.markUnread('m4');
    const other = system.client.room(roomId);
    other.close();
    expect(room.getSnapshot().isMarkedUnread).toBe(true);
    room.close();
    expect(system.client.room(roomId).getSnapshot().isMarkedUnread).toBe(false);
  });

  test('asks the server when events may be older than it, and keeps what the user does next', async () => {
    const system = createFakeSystem();
    const room = await openReadRoom(system);
    await room.markUnread('m4');
    system.socket().push(readByAnn('m6'));
    expect(room.getSnapshot()).toMatchObject({ unread: 3, isMarkedUnread: true });
    room.markRead('m5');
    system.socket().push(unread('m3', 3));
    expect(room.unread).toBe(1);
    system.answers.set('GET /chat/rooms/mine/', () => Response.json([mine('m5', 1)]));
    await system.clock.advance(6_000);
    expect(room.unread).toBe(1);
  });
});

describe('messages that were marked as unread on another device', () => {
  test('are unread here, and a move that was not sent yet is forgotten', async () => {
    const system = createFakeSystem();
    const room = await openReadRoom(system);
    system.socket().push(said(7));
    room.markRead();
    system.socket().push(unread('m2', 5));
    expect(room.getSnapshot()).toMatchObject({ unread: 5, isMarkedUnread: true });
    await system.clock.advance(20_000);
    expect(writes(system)).toEqual([]);
    system.socket().push(unread(null, 7));
    expect(room.unread).toBe(7);
    system.socket().push(readByAnn('m7'));
    expect(room.getSnapshot()).toMatchObject({ unread: 0, isMarkedUnread: false });
  });

  test('are counted by the server when the message before them is not known', async () => {
    const system = createFakeSystem();
    const room = await openReadRoom(system);
    system.answers.set('GET /chat/rooms/mine/', () => Response.json([mine('long ago', 120)]));
    system.socket().push(unread('long ago', 120));
    expect(room.getSnapshot()).toMatchObject({ unread: 120, isMarkedUnread: true });
    await system.clock.advance(4_000);
    expect(system.requests.at(-1)).toBe('GET /chat/rooms/mine/');
    expect(room.unread).toBe(120);
  });
});
