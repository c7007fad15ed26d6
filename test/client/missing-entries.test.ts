/** A room's log has gaps: entries are requested until they have come. */
import { describe, expect, test } from 'vitest';
import { createFakeSystem, openRoom } from './fake-system.ts';
import { historyEnd, ready, roomId, said } from './server-events.ts';

const seqs = (room: { messages: readonly { seq: number | null }[] }) => room.messages.map(({ seq }) => seq);

const page = (from: number) => Array.from({ length: 100 }, (_, index) => said(from + index));

describe('a missing entry', () => {
  test('is requested less and less often while it stays missing, and not any more once it is void', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 2);
    const { clock, socket } = system;
    socket().push(said(4));
    expect(seqs(room)).toEqual([1, 2, 4]);
    const requestedAtMs: number[] = [];
    const start = clock.now();
    for (let tick = 0; tick < 120; tick += 1) {
      await clock.advance(50);
      if (socket().ofType('history').length === requestedAtMs.length) continue;
      requestedAtMs.push(clock.now() - start);
      socket().push([said(4), historyEnd(2, { first_seq: 3 })]);
    }
    expect(socket().ofType('history')[0]).toMatchObject({ after: 2, room_id: roomId });
    const pauses = requestedAtMs.map((at, index) => at - (requestedAtMs[index - 1] ?? 0));
    expect(pauses.length).toBeGreaterThan(3);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    await clock.advance(5_000);
    socket().push([said(4), historyEnd(4, { first_seq: 3 })]);
    const asked = socket().ofType('history').length;
    await clock.advance(40_000);
    expect(socket().ofType('history')).toHaveLength(asked);
    expect(seqs(room)).toEqual([1, 2, 4]);
  });

  test('is not requested when it arrives a moment later', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 1);
    system.socket().push(said(3));
    system.socket().push(said(2));
    await system.clock.advance(10_000);
    expect(system.socket().ofType('history')).toEqual([]);
    expect(seqs(room)).toEqual([1, 2, 3]);
  });

  test('is detected by the heads of a pong', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 1);
    system.socket().push({ type: 'pong', heads: { [roomId]: 2 }, server_time: '' });
    await system.clock.advance(1_000);
    expect(system.socket().ofType('history')).toEqual([expect.objectContaining({ after: 1 })]);
    system.socket().push([said(2), historyEnd(2, { first_seq: 2 })]);
    expect(seqs(room)).toEqual([1, 2]);
  });

  test('is requested page after page when many are missing', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 1);
    system.socket().cut();
    await system.clock.advance(1_000);
    system.socket().accept();
    system.socket().push([ready(152), ...page(2), historyEnd(152, { first_seq: 2, has_more: true })]);
    expect(system.socket().ofType('history')).toEqual([expect.objectContaining({ after: 101 })]);
    system.socket().push([...page(102).slice(0, 51), historyEnd(152, { first_seq: 102 })]);
    expect(seqs(room)).toEqual(Array.from({ length: 152 }, (_, index) => index + 1));
  });

  test('is not requested when the server cannot resume: the client loads the newest page instead', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 5);
    system.socket().cut();
    await system.clock.advance(1_000);
    system.socket().accept();
    system.socket().push([ready(2), historyEnd(2, { recovered: false, gap: { from: 3, to: 5 } })]);
    const [question] = system.socket().ofType('history');
    expect(question).not.toHaveProperty('after');
    system.socket().push([said(1), said(2), historyEnd(2)]);
    expect(seqs(room)).toEqual([1, 2]);
  });

  test('makes the client end the socket when no answer comes', async () => {
    const system = createFakeSystem();
    await openRoom(system, 1);
    const first = system.socket();
    first.push(said(3));
    await system.clock.advance(25_000);
    expect(first.readyState).toBe(3);
    expect(system.socket()).not.toBe(first);
  });

  test('cannot be requested when a pong does not list the room, so the room is joined again', async () => {
    const system = createFakeSystem();
    await openRoom(system, 1);
    system.socket().push({ type: 'pong', heads: {}, server_time: '' });
    expect(system.socket().ofType('join')).toHaveLength(2);
  });
});
