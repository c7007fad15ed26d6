import { describe, expect, it } from 'vitest';
import { openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { ann, bob, cat, subscriberFor, start } from '../../kit/memory-chat/system.ts';
import { send, writeLog } from '../domain/log-steps.ts';
import { enter, realtime, typesTo, type Ports } from './room-sockets.ts';

describe('openRoom', () => {
  it('sends ready, the users present, the history and its end, in this order', async () => {
    const ports = realtime(await openChat());
    await writeLog(ports, 'mm');
    expect((await enter(ports, ann, 'a')).outcome).toBe('sent');
    expect(typesTo(ports, 'a')).toEqual([
      'ready',
      'room_users_list',
      'chat_message',
      'chat_message',
      'history_end',
    ]);
    expect(ports.connectionGateway.framesTo('a')).toMatchObject([
      { room_id: roomId, room: 'general', head: 2, heartbeat_seconds: 25, user: { username: 'ann' } },
      { users: [{ username: 'ann' }] },
      { seq: 1 },
      { seq: 2 },
      { head: 2, first_seq: 1, has_more: false, recovered: true },
    ]);
  });

  it('subscribes the socket after its first frames and before it reads the log, so that no entry is missed', async () => {
    const ports = realtime(await openChat());
    const order: string[] = [];
    const { add } = ports.subscriptions;
    ports.subscriptions.add = async (...args) => {
      order.push(...ports.connectionGateway.done.map((post) => post.split(' ')[2]!), 'joined');
      await send(ports, 'between');
      return add(...args);
    };
    await enter(ports, ann, 'a');
    expect(order).toEqual(['ready', 'room_users_list', 'joined']);
    expect(ports.connectionGateway.framesTo('a').find(({ type }) => type === 'chat_message')).toMatchObject({
      message: 'between',
    });
  });

  it('still waits for the subscribers when the admission cannot be read', async () => {
    const ports = realtime(await openChat());
    let answer = (): void => undefined;
    const { shard } = ports.subscriptions;
    ports.subscriptions.add = async () => {
      ports.subscriptions.shard = async (...args) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return shard(...args);
      };
    };
    ports.admissions.get = () => Promise.reject(new Error('no answer'));
    let hasEnded = false;
    const entered = enter(ports, ann, 'a').finally(() => (hasEnded = true));
    entered.catch(() => undefined);
    await new Promise(setImmediate);
    expect(hasEnded).toBe(false);
    answer();
    await expect(entered).rejects.toThrow('no answer');
  });

  it('publishes user_join for the first socket of a user only', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    await enter(ports, ann, 'a1');
    await enter(ports, ann, 'a2');
    expect(typesTo(ports, 'b').filter((type) => type === 'user_join')).toHaveLength(1);
    expect(typesTo(ports, 'a1')).not.toContain('user_join');
  });

  it('refuses and unsubscribes a socket whose right to the room ended while the room was being opened', async () => {
    for (const take of [
      (ports: Ports) => void ports.members.startRemoval(roomId, bob.userId),
      (ports: Ports) => void ports.revocations.revoke(bob.sessionId, 0),
      (ports: Ports) => void ports.state.rooms.delete(roomId),
      (ports: Ports) => void ports.connections.end('b', 'signed_out', start),
      (ports: Ports) => void ports.connections.end('b', 'too_many', start),
    ]) {
      const ports = realtime(await openChat({ isPrivate: true }, bob), { b: () => (take(ports), 'sent') });
      expect((await enter(ports, bob, 'b')).outcome).toBe('refused');
      expect(ports.subscriptions.of(roomId)).toEqual([]);
      expect(typesTo(ports, 'b')).not.toContain('history_end');
    }
  });

  it('refuses a socket that was ended after it had been subscribed', async () => {
    const ports = realtime(await openChat());
    const { add } = ports.subscriptions;
    let joins = 0;
    ports.subscriptions.add = async (...args) => {
      await add(...args);
      if ((joins += 1) === 1) await ports.connections.end('a', 'signed_out', start);
    };
    expect((await enter(ports, ann, 'a')).outcome).toBe('refused');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });

  it('refuses a socket whose room was marked as removed before its welcome', async () => {
    const ports = realtime(await openChat({ isPrivate: true }, bob), {
      b: () => (void ports.connections.updateRoom('b', roomId, { isRemoved: true }), 'sent'),
    });
    expect((await enter(ports, bob, 'b')).outcome).toBe('refused');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
    expect(typesTo(ports, 'b')).not.toContain('history_end');
  });

  it('returns the ref of the join command, and none to a socket that was opened with the room', async () => {
    const ports = realtime(await openChat());
    await enter(ports, ann, 'a', {}, { ref: 'r-1' });
    expect(ports.connectionGateway.framesTo('a')[0]).toMatchObject({ type: 'ready', ref: 'r-1' });
    expect(ports.connectionGateway.framesTo('a').at(-1)).toMatchObject({ type: 'history_end', ref: 'r-1' });
    await enter(ports, bob, 'b');
    for (const frame of ports.connectionGateway.framesTo('b')) expect(frame).not.toHaveProperty('ref');
  });

  it('unsubscribes a socket that was closed while the room was being opened, and does not call it refused', async () => {
    const ports = realtime(await openChat(), { a: () => (ports.connections.all.delete('a'), 'sent') });
    expect((await enter(ports, ann, 'a')).outcome).toBe('gone');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
    expect(typesTo(ports, 'a')).not.toContain('history_end');
  });

  it('sends user_join and user_leave for users who came or went between the list and the subscription', async () => {
    const ports = realtime(await openChat());
    await enter(ports, bob, 'b');
    const { add } = ports.subscriptions;
    ports.subscriptions.add = async (...args) => {
      await ports.subscriptions.remove({ topic: roomId, shard: 0, connectionId: 'b' });
      await add(roomId, subscriberFor(cat, 'c'));
      return add(...args);
    };
    await enter(ports, ann, 'a');
    expect(ports.connectionGateway.framesTo('a').slice(1)).toMatchObject([
      { type: 'room_users_list', users: [{ username: 'bob' }, { username: 'ann' }] },
      { type: 'user_join', user_id: cat.userId, room_id: roomId },
      { type: 'user_leave', user_id: bob.userId, room_id: roomId },
      { type: 'history_end' },
    ]);
  });

  it('subscribes the socket until its newest token ends, when that token came while the room was being opened', async () => {
    const ports = realtime(await openChat(), {
      a: () => (void ports.connections.extend('a', { tokenEndsAtMs: start + 900_000 }, start), 'sent'),
    });
    await enter(ports, ann, 'a');
    expect(ports.subscriptions.of(roomId)).toMatchObject([
      { connectionId: 'a', tokenEndsAtMs: start + 900_000 },
    ]);
  });

  it('judges and subscribes the socket by the session that it was moved to while the room was being opened', async () => {
    const later = { sessionId: cat.sessionId, tokenEndsAtMs: start + 900_000 };
    for (const [revoked, expected, subscribed] of [
      [cat.sessionId, 'refused', []],
      [bob.sessionId, 'sent', [later]],
    ] as const) {
      const ports = realtime(await openChat({ isPrivate: true }, bob), {
        b: () => (void ports.connections.extend('b', later, start), 'sent'),
      });
      await ports.revocations.revoke(revoked, 0);
      expect((await enter(ports, bob, 'b')).outcome).toBe(expected);
      expect(ports.subscriptions.of(roomId)).toMatchObject(subscribed);
    }
  });

  it('sends user_join for users in shards that were added while the room was being opened', async () => {
    const ports = realtime(await openChat(), { a: () => grow().then(() => 'sent' as const) });
    const grow = async (): Promise<void> => {
      await ports.rooms.addShards(roomId, 1, 4);
      await ports.subscriptions.add(roomId, subscriberFor(bob, 'b', { shard: 3 }));
    };
    await enter(ports, ann, 'a');
    expect(typesTo(ports, 'a')).toContain('user_join');
    expect(typesTo(ports, 'b')).toEqual(['user_join']);
  });

  it('does not subscribe a socket that is gone', async () => {
    const ports = realtime(await openChat(), { a: () => 'gone' });
    expect((await enter(ports, ann, 'a')).outcome).toBe('gone');
    expect(ports.subscriptions.of(roomId)).toEqual([]);
  });

  it('lists two hundred users, and says how many there are', async () => {
    const ports = realtime(await openChat());
    for (let at = 0; at < 201; at += 1) {
      await ports.subscriptions.add(roomId, subscriberFor({ ...ann, userId: `user-${at}` }, `c${at}`));
    }
    await enter(ports, bob, 'b');
    const list = ports.connectionGateway.framesTo('b')[1];
    expect([list.users.length, list.total]).toEqual([200, 202]);
  });

  it('adds shards to a room that has outgrown its shards', async () => {
    const ports = realtime(await openChat());
    for (let at = 0; at < 100; at += 1) await ports.subscriptions.add(roomId, subscriberFor(ann, `c${at}`));
    await enter(ports, bob, 'b');
    expect((await ports.rooms.head(roomId))?.shards).toBe(4);
  });
});
