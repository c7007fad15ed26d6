import { describe, expect, it, vi } from 'vitest';
import { endConnection, extendConnection } from '../../../../shared/domain/connections/extend-connection.ts';
import type { EndReason } from '../../../../shared/domain/model/connections.ts';
import { memoryChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, connectionOf, subscriberFor, start, uuid } from '../../../kit/memory-chat/system.ts';

const rooms = {
  [roomId]: { name: 'general', shard: 0 },
  [uuid(101)]: { name: 'large', shard: 3 },
};
const connection = connectionOf(ann, 'a', { rooms });
const later = { tokenEndsAtMs: start + 900_000, leaseEndsAtMs: start + 7_300_000, sessionId: uuid(9) };

/** Opens a connection that is registered under its user and in two rooms. */
async function registered(): Promise<MemoryChat> {
  const chat = memoryChat();
  await chat.connections.open(connection);
  await chat.subscriptions.add(ann.userId, subscriberFor(ann, 'a'));
  for (const [id, { shard }] of Object.entries(rooms))
    await chat.subscriptions.add(id, subscriberFor(ann, 'a', { shard }));
  return chat;
}

const everywhere = (chat: MemoryChat) => [
  chat.connections.all.get('a'),
  ...[ann.userId, ...Object.keys(rooms)].map((topic) => chat.subscriptions.of(topic)[0]),
];

describe('extendConnection', () => {
  it('extends the item, the registration and every room, the item first', async () => {
    const chat = await registered();
    const order: string[] = [];
    for (const [name, store] of [
      ['item', chat.connections],
      ['subscription', chat.subscriptions],
    ] as const) {
      const { extend } = store as { extend: (...args: unknown[]) => Promise<unknown> };
      vi.spyOn(store as { extend: typeof extend }, 'extend').mockImplementation((...args) => {
        order.push(name);
        return extend(...args);
      });
    }
    expect(await extendConnection(chat, connection, later, start)).toBe(true);
    expect(order).toEqual(['item', 'subscription', 'subscription', 'subscription']);
    for (const one of everywhere(chat)) expect(one).toMatchObject(later);
  });

  it.each<[string, (chat: MemoryChat) => unknown, number]>([
    ['was ended', (chat) => endConnection(chat, connection, 'signed_out', start), start],
    ['has a token that has ended', () => undefined, ann.tokenEndsAtMs],
    [
      'has a lease that has ended',
      (chat) => chat.connections.all.update('a', { leaseEndsAtMs: start }),
      start,
    ],
    ['is gone', (chat) => chat.connections.remove('a'), start],
  ])('changes nothing anywhere when the connection %s', async (_, end, now) => {
    const chat = await registered();
    await end(chat);
    const before = structuredClone(everywhere(chat));
    expect(await extendConnection(chat, connection, later, now)).toBe(false);
    expect(everywhere(chat)).toEqual(before);
  });
});

describe('endConnection', () => {
  it.each<EndReason>(['signed_out', 'too_many'])(
    'records %s wherever the connection is registered',
    async (reason) => {
      const chat = await registered();
      await endConnection(chat, connection, reason, start + 1);
      for (const one of everywhere(chat))
        expect(one).toMatchObject({ ended: reason, tokenEndsAtMs: start + 1 });
    },
  );

  it('is final, also for an extension that was allowed before it and is written after it', async () => {
    const chat = await registered();
    const { extend } = chat.connections;
    chat.connections.extend = async (...args) => {
      const isExtended = await extend(...args);
      await endConnection(chat, connection, 'signed_out', start + 1);
      return isExtended;
    };
    await extendConnection(chat, connection, later, start);
    for (const one of everywhere(chat))
      expect(one).toMatchObject({ ended: 'signed_out', tokenEndsAtMs: start + 1 });
  });

  it('lets no room be added, and does not bring back a connection that is gone', async () => {
    const chat = await registered();
    await endConnection(chat, connection, 'signed_out', start);
    expect(await chat.connections.addRoom('a', uuid(102), { name: 'new', shard: 0 })).toBe(false);
    await chat.connections.remove('a');
    await chat.subscriptions.remove({ topic: ann.userId, shard: 0, connectionId: 'a' });
    await endConnection(chat, connection, 'signed_out', start);
    expect(chat.connections.all.has('a')).toBe(false);
    expect(chat.subscriptions.of(ann.userId)).toEqual([]);
  });
});
