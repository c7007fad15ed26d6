import { describe, expect, it, vi } from 'vitest';
import { openConnection } from '../../../../shared/domain/connections/open-connection.ts';
import { fanOutSurcharge } from '../../../../shared/domain/rate-limits/charges.ts';
import { finishRemoval } from '../../../../shared/domain/rooms/membership/end-membership.ts';
import { addMember, leaveRoom, removeMember } from '../../../../shared/domain/rooms/membership/members.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat, connectionOf, subscriberFor, uuid } from '../../../kit/memory-chat/system.ts';
import { outline, send } from '../log-steps.ts';
import { privateChat } from './private-chat.ts';

/** Opens a socket with the room, registered everywhere like one that has been welcomed. */
async function openSocket(chat: MemoryChat, caller: typeof ann, id: string, shard = 0): Promise<void> {
  await chat.connections.open(connectionOf(caller, id, { rooms: { [roomId]: { name: 'general', shard } } }));
  await chat.subscriptions.add(caller.userId, subscriberFor(caller, id));
  await chat.subscriptions.add(roomId, subscriberFor(caller, id, { shard }));
}

/** Records the names of these methods in the order in which they are called. */
function watch(chat: MemoryChat, ...methods: [object, string][]): string[] {
  const order: string[] = [];
  for (const [store, method] of methods) {
    const call = (store as Record<string, (...args: unknown[]) => unknown>)[method]!;
    vi.spyOn(store as Record<string, (...args: unknown[]) => unknown>, method).mockImplementation(
      (...args) => {
        order.push(method);
        return call.apply(chat, args);
      },
    );
  }
  return order;
}

describe('removeMember', () => {
  it('ends the membership first, unsubscribes the sockets next, and appends the entry last', async () => {
    const chat = await privateChat(bob, cat);
    await openSocket(chat, bob, 'b1');
    await openSocket(chat, cat, 'c1');
    const order = watch(
      chat,
      [chat.members, 'startRemoval'],
      [chat.subscriptions, 'remove'],
      [chat.connections, 'updateRoom'],
      [chat.members, 'remove'],
    );
    expect(await removeMember(chat, ann, roomId, bob.userId)).toMatchObject({ member_count: 2 });
    expect(order).toEqual(['startRemoval', 'remove', 'updateRoom', 'remove']);
    expect(chat.subscriptions.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['c1']);
    expect(chat.connections.all.get('b1')?.rooms[roomId]?.isRemoved).toBe(true);
    expect(await chat.log.get(roomId, 1)).toMatchObject({
      kind: 'member_removed',
      outbox: true,
      member: { userId: bob.userId },
    });
    expect(await chat.members.get(roomId, bob.userId)).toBeUndefined();
  });

  it('finds every socket of the user in any shard, without reading the subscribers of the room', async () => {
    const chat = await privateChat(bob);
    await chat.rooms.addShards(roomId, 1, 4);
    for (const shard of [0, 3]) await openSocket(chat, bob, `b${shard}`, shard);
    const reads = vi.spyOn(chat.subscriptions, 'shard');
    await removeMember(chat, ann, roomId, bob.userId);
    expect(chat.subscriptions.of(roomId)).toEqual([]);
    expect(reads.mock.calls).toEqual([[bob.userId, 0]]);
  });

  it('marks the room as removed on a socket that has not been welcomed yet', async () => {
    const chat = await privateChat(bob);
    const opening = { connectionId: 'b1', room: 'general', after: undefined, history: 50, batch: false };
    await openConnection(chat, bob, opening, { mayCreateRooms: false, connectionsPerUser: 0 });
    expect(chat.subscriptions.of(roomId)).toEqual([]);
    await removeMember(chat, ann, roomId, bob.userId);
    expect(chat.connections.all.get('b1')?.rooms[roomId]).toMatchObject({ isRemoved: true });
  });

  it('leaves other rooms and sockets without the room alone', async () => {
    const chat = await privateChat(bob);
    const other = { [uuid(101)]: { name: 'other', shard: 0 } };
    await openSocket(chat, bob, 'b1');
    await chat.connections.open(connectionOf(bob, 'b2', { rooms: other }));
    await chat.subscriptions.add(bob.userId, subscriberFor(bob, 'b2'));
    await removeMember(chat, ann, roomId, bob.userId);
    expect(chat.connections.all.get('b2')?.rooms).toEqual(other);
    expect(chat.subscriptions.of(bob.userId)).toHaveLength(2);
  });

  it('records the seq that ended a right on the head of a room that only members may read', async () => {
    const secret = await privateChat(bob);
    await send(secret);
    await removeMember(secret, ann, roomId, bob.userId);
    expect(await secret.rooms.head(roomId)).toMatchObject({ seq: 2, rightsSeq: 2 });
    const open = await openChat({}, bob);
    await leaveRoom(open, bob, roomId);
    expect(await open.rooms.head(roomId)).toMatchObject({ seq: 1, rightsSeq: 0 });
  });

  it('charges the fan-out in a large room', async () => {
    const chat = await privateChat(bob);
    await removeMember(chat, ann, roomId, bob.userId);
    expect(chat.budgets.spent).toEqual([]);
    await addMember(chat, ann, roomId, cat.userId);
    await chat.rooms.addShards(roomId, 1, 4);
    await removeMember(chat, ann, roomId, cat.userId);
    expect(chat.budgets.spent).toEqual([
      { userId: ann.userId, costMicroDollars: fanOutSurcharge({ shards: 4 }), writes: 0 },
    ]);
  });

  it('removes the member once and leaves no gap when it runs twice at the same time', async () => {
    const chat = await privateChat(bob);
    const both = await Promise.allSettled([1, 2].map(() => removeMember(chat, ann, roomId, bob.userId)));
    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await chat.rooms.get(roomId))?.memberCount).toBe(1);
    expect(outline(chat)).toMatch(/^(m1( -2)?|-1 m2)$/);
  });

  it('refuses a user who is no member, and the owner', async () => {
    const chat = await privateChat(bob);
    await expect(removeMember(chat, ann, roomId, cat.userId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(removeMember(chat, ann, roomId, ann.userId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(removeMember(chat, bob, roomId, bob.userId)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('is completed by finishRemoval when it was interrupted', async () => {
    const chat = await privateChat(bob);
    await chat.members.startRemoval(roomId, bob.userId);
    expect(await chat.members.get(roomId, bob.userId)).toBeUndefined();
    await finishRemoval(chat, roomId, bob.userId);
    expect(outline(chat)).toBe('m1');
    await finishRemoval(chat, roomId, bob.userId);
    expect(outline(chat)).toBe('m1');
  });

  it('does not remove a user who was added again when finishRemoval runs late', async () => {
    const chat = await privateChat(bob);
    await removeMember(chat, ann, roomId, bob.userId);
    await addMember(chat, ann, roomId, bob.userId);
    await finishRemoval(chat, roomId, bob.userId);
    expect(await chat.members.get(roomId, bob.userId)).toBeDefined();
    expect(await chat.members.remove(roomId, bob.userId, (await chat.log.get(roomId, 1)) as never)).toBe(
      'gone',
    );
  });
});
