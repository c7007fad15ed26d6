import { describe, expect, it } from 'vitest';
import { evictFromRoom, signOutSession } from '../../../shared/realtime/evict.ts';
import { openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { ann, bob, cat, connectionOf, subscriberFor, start } from '../../kit/memory-chat/system.ts';
import { enter, place, realtime, typesTo } from './room-sockets.ts';

describe('evictFromRoom', () => {
  const leaving = {
    lastEvent: { type: 'user_leave' as const, user_id: bob.userId, username: 'bob', room_id: roomId },
    code: 'forbidden' as const,
    reason: 'out',
    onlyMarked: false,
    notifyRoomless: false,
  };

  it('ends sockets that were opened with the room, and closes the room on the others', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'single', { isSingleRoom: true });
    await enter(ports, bob, 'many');
    const before = ports.connectionGateway.done.length;
    await evictFromRoom(ports, ['single', 'many', 'none'], roomId, leaving);
    expect(ports.connectionGateway.done.slice(before).sort()).toEqual([
      'close single',
      'post many user_leave',
      'post single close',
      'post single user_leave',
    ]);
    expect(ports.connections.all.has('single')).toBe(false);
    expect(ports.connections.all.get('many')?.rooms).toEqual({});
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });

  it('posts the last event also to sockets without a room, but not to those of another room', async () => {
    const ports = realtime(await openChat());
    ports.connections.all.set(connectionOf(bob, 'roomless', { rooms: {} }));
    const elsewhere = connectionOf(bob, 'elsewhere', { isSingleRoom: true, rooms: {} });
    ports.connections.all.set(elsewhere);
    const ids = ['roomless', 'elsewhere'];
    await evictFromRoom(ports, ids, roomId, leaving);
    expect(ids.map((id) => typesTo(ports, id))).toEqual([[], []]);
    await evictFromRoom(ports, ids, roomId, { ...leaving, notifyRoomless: true });
    expect(ids.map((id) => typesTo(ports, id))).toEqual([['user_leave'], []]);
  });

  it('evicts only the marked sockets of a user who was added again', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'old');
    await enter(ports, bob, 'new');
    await ports.connections.updateRoom('old', roomId, { isRemoved: true });
    await evictFromRoom(ports, ['old', 'new'], roomId, { ...leaving, onlyMarked: true });
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['new']);
  });

  it('leaves a socket whose handshake is not over, and its connection, to its welcome', async () => {
    const ports = realtime(await openChat(), { young: () => 'gone', old: () => 'gone' });
    for (const [id, age] of [
      ['young', 15_000],
      ['old', 15_001],
    ] as const) {
      const more = { isSingleRoom: true, rooms: { [roomId]: place }, openedAtMs: start - age };
      await ports.connections.open(connectionOf(bob, id, more));
    }
    await evictFromRoom(ports, ['young', 'old'], roomId, leaving);
    expect([...ports.connections.all.keys()]).toEqual(['young']);
    expect(ports.connectionGateway.done).not.toContain('close young');
    expect(ports.connectionGateway.done).toContain('close old');
  });

  it('changes nothing when it is repeated', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'many');
    for (let time = 0; time < 2; time += 1) await evictFromRoom(ports, ['many'], roomId, leaving);
    expect(typesTo(ports, 'many').filter((type) => type === 'user_leave')).toHaveLength(1);
  });
});

describe('signOutSession', () => {
  it('ends the sockets of this session and no others, and all their subscriptions', async () => {
    const ports = realtime(await openChat());
    const other = { ...ann, sessionId: cat.sessionId };
    for (const [caller, id] of [
      [ann, 'here'],
      [other, 'there'],
    ] as const) {
      await enter(ports, caller, id);
      await ports.subscriptions.add(ann.userId, subscriberFor(caller, id));
    }
    await signOutSession(ports, ann.userId, ann.sessionId);
    expect(ports.connectionGateway.framesTo('here').at(-1)).toMatchObject({ type: 'close', code: 4001 });
    expect([...ports.connections.all.keys()]).toEqual(['there']);
    expect(
      [...ports.subscriptions.of(roomId), ...ports.subscriptions.of(ann.userId)].map(
        ({ connectionId }) => connectionId,
      ),
    ).toEqual(['there', 'there']);
  });
});
