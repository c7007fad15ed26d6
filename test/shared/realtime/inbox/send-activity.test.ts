import { describe, expect, it } from 'vitest';
import { subscriberOf } from '../../../../shared/domain/connections/subscribers.ts';
import { watchRoomsOf } from '../../../../shared/domain/inbox/watch-rooms.ts';
import { encodeMessageId } from '../../../../shared/domain/message-id.ts';
import { moveMarker } from '../../../../shared/domain/messages/read-markers.ts';
import { recordOwnSeq } from '../../../../shared/domain/messages/unread-seqs.ts';
import { sendMessage } from '../../../../shared/domain/messages/send-message.ts';
import type { Connection } from '../../../../shared/domain/model/connections.ts';
import { sendActivity } from '../../../../shared/realtime/inbox/send-activity.ts';
import { openChat, roomId } from '../../../kit/memory-chat/chat.ts';
import { scriptedGateway } from '../../../kit/memory-chat/scripted-gateway.ts';
import { ann, bob, cat, connectionOf } from '../../../kit/memory-chat/system.ts';

const interval = 2_000;

/** Opens a private room of ann, bob and cat, in which bob and cat watch their inboxes with one socket each. */
async function openInbox() {
  const chat = await openChat({ isPrivate: true }, bob, cat);
  const connectionGateway = scriptedGateway();
  const ports = { ...chat, connectionGateway, settings: { reconnectAfterMs: 6_000_000 } };
  const open = async (connection: Connection): Promise<void> => {
    await ports.connections.open(connection);
    await ports.subscriptions.add(connection.userId, subscriberOf(connection, 0, connection.openedAtMs));
    if (connection.inbox === true) await watchRoomsOf(ports, connection.userId);
  };
  const close = async (caller: typeof bob, connectionId: string): Promise<void> => {
    await ports.connections.remove(connectionId);
    await ports.subscriptions.remove({ topic: caller.userId, shard: 0, connectionId });
  };
  await open(connectionOf(bob, 'b', { inbox: true }));
  await open(connectionOf(cat, 'c', { inbox: true }));
  const say = async (content: string): Promise<number> => {
    const { entry } = await sendMessage(ports, {
      roomId,
      userId: ann.userId,
      username: ann.username,
      content,
      clientId: undefined,
      isPublishedByStream: () => false,
      verify: undefined,
    });
    await recordOwnSeq(ports, entry);
    return entry.seq;
  };
  const send = async (): Promise<void> => {
    ports.clock.pass(interval);
    await sendActivity(ports, { roomId, dueAtMs: ports.clock.now(), userId: ann.userId });
  };
  const eventsTo = (id: string) => connectionGateway.framesTo(id);
  return { ports, open, close, say, send, eventsTo };
}

describe('the activity of a room', () => {
  it('shows each member the head, the last message and their own unread count', async () => {
    const { ports, open, say, send, eventsTo } = await openInbox();
    await open(connectionOf(ann, 'a', { inbox: true }));
    await say('one');
    const seq = await say('two');
    await moveMarker(ports, { roomId, userId: cat.userId, messageId: encodeMessageId(roomId, 1) });
    await send();
    expect(eventsTo('b')).toEqual([
      {
        type: 'room_activity',
        room_id: roomId,
        head: seq,
        unread_count: 2,
        last_message: expect.objectContaining({ seq, content: 'two', sender_username: 'ann' }),
      },
    ]);
    expect(eventsTo('c')).toMatchObject([{ head: seq, unread_count: 1 }]);
    expect(eventsTo('a')).toMatchObject([{ head: seq, unread_count: 0 }]);
  });

  it('reaches only sockets that asked for it, have not joined the room, and are alive', async () => {
    const { ports, open, say, send, eventsTo } = await openInbox();
    const now = ports.clock.now();
    await open(connectionOf(bob, 'plain'));
    await open(
      connectionOf(bob, 'joined', { inbox: true, rooms: { [roomId]: { name: 'general', shard: 0 } } }),
    );
    await open(connectionOf(bob, 'expired', { inbox: true, tokenEndsAtMs: now + interval }));
    await open(connectionOf(bob, 'cut', { inbox: true, leaseEndsAtMs: now + interval }));
    await ports.connections.end('c', 'signed_out', now);
    await ports.subscriptions.end({ topic: cat.userId, shard: 0, connectionId: 'c' }, 'signed_out', now);
    await say('hi');
    await send();
    expect(eventsTo('b')).toHaveLength(1);
    for (const id of ['plain', 'joined', 'expired', 'cut', 'c']) expect(eventsTo(id)).toEqual([]);
  });

  it('does not reach a user who is no member any more, and ends no other watch', async () => {
    const { ports, say, send, eventsTo } = await openInbox();
    await ports.members.startRemoval(roomId, bob.userId);
    await say('not for bob');
    await send();
    expect(eventsTo('b')).toEqual([]);
    expect(eventsTo('c')).toHaveLength(1);
  });

  it('reads what it shows before it reads who is a member', async () => {
    const { ports, say, send } = await openInbox();
    await say('hi');
    const order: string[] = [];
    const { getMany } = ports.members;
    ports.members.getMany = (...input) => (order.push('members'), getMany(...input));
    const { getMany: readEntries } = ports.log;
    ports.log.getMany = (...input) => (order.push('content'), readEntries(...input));
    const { shard } = ports.subscriptions;
    ports.subscriptions.shard = (...input) => (order.push('sockets'), shard(...input));
    await send();
    expect([...new Set(order)]).toEqual(['content', 'members', 'sockets']);
  });

  it('after a read marker moved, reaches the devices of that reader alone', async () => {
    const { ports, say, send, eventsTo } = await openInbox();
    const seq = await say('hi');
    await send();
    ports.clock.pass(interval);
    await moveMarker(ports, { roomId, userId: bob.userId, messageId: encodeMessageId(roomId, seq) });
    await send();
    expect(eventsTo('b')).toMatchObject([{ unread_count: 1 }, { unread_count: 0 }]);
    expect(eventsTo('c')).toHaveLength(1);
  });

  it('is repeated for all when an attempt failed before it was recorded, and for none when it was', async () => {
    const { ports, say, send, eventsTo } = await openInbox();
    await say('hi');
    const { recordSent } = ports.inbox;
    ports.inbox.recordSent = () => Promise.reject(new Error('killed'));
    await expect(send()).rejects.toThrow('killed');
    ports.inbox.recordSent = recordSent;
    await send();
    await send();
    expect(eventsTo('b')).toHaveLength(2);
    expect(eventsTo('c')).toHaveLength(2);
  });

  it('measures how late it was sent, without the interval that it had to wait for', async () => {
    const { ports, say, send } = await openInbox();
    await say('hi');
    const { getMany } = ports.members;
    ports.members.getMany = async (...input) => {
      ports.clock.pass(300);
      return getMany(...input);
    };
    await send();
    expect(ports.metrics.of('ActivityLag')).toEqual([300]);
  });

  it('is charged to the user who caused it', async () => {
    const { ports, say, send } = await openInbox();
    const charged: [string, number][] = [];
    ports.budget = { ...ports.budget, charge: async (...input) => void charged.push(input) };
    await say('hi');
    await send();
    expect(charged).toEqual([[ann.userId, 17]]);
  });

  it('is not sent in a room that has grown beyond 100 members, whose writers then cause none', async () => {
    const { ports, say, send, eventsTo } = await openInbox();
    const { get } = ports.rooms;
    ports.rooms.get = async (id) => ({ ...(await get(id))!, memberCount: 101 });
    await say('hi');
    await send();
    expect(eventsTo('b')).toEqual([]);
    expect((await ports.rooms.head(roomId))?.watchedUntilMs).toBeUndefined();
  });
});

describe('the watch of a user without a socket', () => {
  it('ends at the first activity, and the last one frees the writers of the room', async () => {
    const { ports, close, say, send } = await openInbox();
    await close(bob, 'b');
    await say('one');
    await send();
    expect(await ports.inbox.watchers(roomId)).toMatchObject([{ userId: cat.userId }]);
    expect((await ports.rooms.head(roomId))?.watchedUntilMs).toBeDefined();
    await close(cat, 'c');
    await say('two');
    await send();
    expect(await ports.inbox.watchers(roomId)).toEqual([]);
    expect((await ports.rooms.head(roomId))?.watchedUntilMs).toBeUndefined();
    const seq = await say('free of charge');
    expect(await ports.log.get(roomId, seq)).toMatchObject({ outbox: false });
  });

  it.each(['unwatch', 'clearWatched'] as const)(
    'survives when a socket opens while %s runs',
    async (step) => {
      const { ports, open, close, say, send } = await openInbox();
      await close(bob, 'b');
      await close(cat, 'c');
      await say('one');
      let isOpened = false;
      const openOnce = async (): Promise<void> => {
        if (isOpened) return;
        isOpened = true;
        await open(connectionOf(bob, 'again', { inbox: true }));
      };
      const { unwatch, clearWatched } = ports.inbox;
      // The socket finds the watch as it was and relies on it.
      if (step === 'unwatch')
        ports.inbox.unwatch = async (...input) => {
          await openOnce();
          await unwatch(...input);
        };
      // The socket finds the head as it was, since its watch is stored just before the head is cleared.
      if (step === 'clearWatched')
        ports.inbox.clearWatched = async (...input) => {
          await openOnce();
          await clearWatched(...input);
        };
      await send();
      expect(isOpened).toBe(true);
      expect(await ports.inbox.watchers(roomId)).toMatchObject([{ userId: bob.userId }]);
      const head = (await ports.rooms.head(roomId))!;
      expect(head.watchedUntilMs).toBeGreaterThan(ports.clock.now());
    },
  );
});
