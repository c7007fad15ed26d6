import { describe, expect, it, vi } from 'vitest';
import { closeRoom } from '../../../shared/realtime/close-room.ts';
import { publishUserLeaves } from '../../../shared/realtime/presence.ts';
import { openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { ann, bob, cat, subscriberFor, start } from '../../kit/memory-chat/system.ts';
import { enter, place, realtime, typesTo, type Ports } from './room-sockets.ts';

describe('the limit of arrivals in a room', () => {
  const arrive = (ports: Ports, id: string, isNew = false) => enter(ports, ann, id, {}, { isNew });

  it('publishes user_join five times in ten seconds, and refuses further arrivals', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    const outcomes: string[] = [];
    for (let round = 0; round < 7; round += 1) {
      const { connection, outcome } = await arrive(ports, `a${round}`);
      outcomes.push(outcome);
      if (outcome === 'sent')
        await closeRoom(ports, connection, { roomId, room: place, receivedAtMs: start });
    }
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => 'sent'), 'too_often', 'too_often']);
    expect(typesTo(ports, 'b').filter((type) => type === 'user_join')).toHaveLength(5);
    expect(ports.connectionGateway.framesTo('a5')).toEqual([]);
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['b']);
    ports.clock.pass(10_000);
    expect((await arrive(ports, 'later')).outcome).toBe('sent');
  });

  it('does not count sockets of a user who has another socket in the room', async () => {
    const ports = realtime(await openChat());
    await enter(ports, ann, 'stays');
    for (let round = 0; round < 10; round += 1)
      expect((await arrive(ports, `a${round}`)).outcome).toBe('sent');
  });

  it('counts a new socket once its handshake is over, and not for each attempt to welcome it', async () => {
    let isOpen = false;
    const ports = realtime(await openChat(), { a0: () => (isOpen ? 'sent' : 'gone') });
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect((await arrive(ports, 'a0', true)).outcome).toBe('gone');
    isOpen = true;
    expect((await arrive(ports, 'a0', true)).outcome).toBe('sent');
  });

  it('does not subscribe a new socket beyond the limit', async () => {
    const ports = realtime(await openChat());
    for (let round = 0; round < 5; round += 1) {
      const { connection } = await arrive(ports, `a${round}`, true);
      await closeRoom(ports, connection, { roomId, room: place, receivedAtMs: start });
    }
    expect((await arrive(ports, 'a5', true)).outcome).toBe('too_often');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });
});

describe('presence in a large room', () => {
  it('is not published in a room of more than four shards, which still grows', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    await ports.rooms.addShards(roomId, 1, 16);
    const { connection } = await enter(ports, ann, 'a');
    await closeRoom(ports, connection, { roomId, room: place, receivedAtMs: start });
    expect(typesTo(ports, 'b')).toEqual(['ready', 'room_users_list', 'history_end']);
    expect(typesTo(ports, 'a')).toEqual(['ready', 'room_users_list', 'history_end']);
    for (let at = 0; at < 8_000; at += 1) await ports.subscriptions.add(roomId, subscriberFor(bob, `c${at}`));
    await enter(ports, ann, 'again');
    expect((await ports.rooms.head(roomId))?.shards).toBe(64);
  });

  it('is published in a room of four shards', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    await ports.rooms.addShards(roomId, 1, 4);
    const { connection } = await enter(ports, ann, 'a');
    await closeRoom(ports, connection, { roomId, room: place, receivedAtMs: start });
    expect(typesTo(ports, 'b').slice(-2)).toEqual(['user_join', 'user_leave']);
  });
});

describe('publishing user_leave', () => {
  it('happens when the last socket of a user leaves the room, and only then', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    const [one, two] = [await enter(ports, ann, 'a1'), await enter(ports, ann, 'a2')];
    await closeRoom(ports, one.connection, { roomId, room: place, receivedAtMs: start });
    expect(typesTo(ports, 'b')).not.toContain('user_leave');
    await closeRoom(ports, two.connection, { roomId, room: place, receivedAtMs: start });
    expect(ports.connectionGateway.framesTo('b').at(-1)).toMatchObject({
      type: 'user_leave',
      username: 'ann',
      room_id: roomId,
    });
    expect(ports.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['b']);
  });

  it('posts the events of several users one by one, so that a socket that misses one receives the others', async () => {
    let posts = 0;
    const ports = realtime(await openChat(), { b: () => ((posts += 1) === 4 ? 'failed' : 'sent') });
    await enter(ports, bob, 'b');
    const left = [ann, cat].map(({ userId, username }, at) => ({ connectionId: `x${at}`, userId, username }));
    await publishUserLeaves(ports, [[roomId, left]]);
    expect(typesTo(ports, 'b').slice(3)).toEqual(['user_leave', 'user_leave']);
  });

  it('posts the events of several sockets to existing connections only, and looks those up once', async () => {
    const ports = realtime(await openChat());
    for (const [caller, id] of [
      [bob, 'b'],
      [ann, 'a'],
    ] as const)
      await enter(ports, caller, id);
    // Closed as well, and not handled by the table stream yet.
    ports.connections.all.delete('a');
    const lookUp = vi.spyOn(ports.connections, 'filterExisting');
    const left = ['x', 'y'].map((id) => ({ connectionId: id, userId: id, username: id }));
    const before = typesTo(ports, 'a').length;
    await publishUserLeaves(ports, [[roomId, left]]);
    expect(typesTo(ports, 'b').slice(-2)).toEqual(['user_leave', 'user_leave']);
    expect(typesTo(ports, 'a')).toHaveLength(before);
    expect(lookUp).toHaveBeenCalledOnce();
    await publishUserLeaves(ports, [[roomId, left.slice(1)]]);
    expect(typesTo(ports, 'b').slice(-3)).toEqual(['user_leave', 'user_leave', 'user_leave']);
    expect(lookUp).toHaveBeenCalledOnce();
  });

  it('leaves out a user who came back while the existing connections were looked up', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    const before = typesTo(ports, 'b').length;
    const { filterExisting } = ports.connections;
    ports.connections.filterExisting = async (ids) => {
      await enter(ports, ann, 'back');
      return filterExisting(ids);
    };
    const left = [ann, cat].map(({ userId, username }, at) => ({ connectionId: `x${at}`, userId, username }));
    await publishUserLeaves(ports, [[roomId, left]]);
    expect(ports.connectionGateway.framesTo('b').slice(before)).toMatchObject([
      { type: 'user_join', username: 'ann' },
      { type: 'user_leave', username: 'cat' },
    ]);
  });

  it('posts to every subscriber when the existing connections cannot be looked up, and logs why', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    vi.spyOn(ports.connections, 'filterExisting').mockRejectedValue(new Error('throttled'));
    const warn = vi.spyOn(ports.logger, 'warn');
    const left = ['x', 'y'].map((id) => ({ connectionId: id, userId: id, username: id }));
    await publishUserLeaves(ports, [[roomId, left]]);
    expect(typesTo(ports, 'b').slice(-2)).toEqual(['user_leave', 'user_leave']);
    expect(warn).toHaveBeenCalledOnce();
  });

  it('is skipped in a room that is gone, whose subscription is removed all the same', async () => {
    const ports = realtime(await openChat());
    const { connection } = await enter(ports, ann, 'a');
    ports.state.heads.delete(roomId);
    await closeRoom(ports, connection, { roomId, room: place, receivedAtMs: start });
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });
});
