import { describe, expect, it, vi } from 'vitest';
import {
  addMember,
  finishRemoval,
  leaveRoom,
  listMembers,
  removeMember,
} from '../../../shared/domain/rooms/members.ts';
import { openChat, roomId, type FakeChat } from '../fakes/chat.ts';
import { ann, bob, cat, connectionOf, listenerFor } from '../fakes/world.ts';
import { outline } from './log-steps.ts';

async function privateChat(...others: (typeof ann)[]): Promise<FakeChat> {
  const chat = await openChat({ isPrivate: true }, ...others);
  for (const { userId, username } of [ann, bob, cat]) {
    await chat.users.register(
      { userId, username, firstName: '', lastName: '', profilePicture: null, createdAt: 0 },
      { userId, email: '' },
      { userId, username, passwordHash: '', tokenVersion: 0 },
    );
  }
  return chat;
}

/** The names of the given methods, in the order in which they are called. */
function watch(chat: FakeChat, ...methods: [object, string][]): string[] {
  const order: string[] = [];
  for (const [store, method] of methods) {
    const call = (store as Record<string, (...given: unknown[]) => unknown>)[method]!;
    vi.spyOn(store as Record<string, (...given: unknown[]) => unknown>, method).mockImplementation(
      (...given) => {
        order.push(method);
        return call.apply(chat, given);
      },
    );
  }
  return order;
}

describe('adding a member', () => {
  it('is an entry of the log, left to the reaction to tell', async () => {
    const chat = await privateChat();
    expect(await addMember(chat, ann, roomId, bob.userId)).toMatchObject({ member_count: 2 });
    expect(await chat.log.get(roomId, 1)).toMatchObject({
      kind: 'member_added',
      outbox: true,
      member: { id: bob.userId, username: 'bob', role: 'member' },
    });
  });

  it('again changes nothing and leaves no hole, also when both come at once', async () => {
    const chat = await privateChat();
    await Promise.all([1, 2].map(() => addMember(chat, ann, roomId, bob.userId)));
    expect(await addMember(chat, ann, roomId, bob.userId)).toMatchObject({ member_count: 2 });
    expect(outline(chat)).toMatch(/^(m1 -2|-1 m2)$/);
  });

  it('takes another seq when a reader filled its own', async () => {
    const chat = await privateChat();
    vi.spyOn(chat.members, 'add').mockResolvedValueOnce('seq_taken');
    await addMember(chat, ann, roomId, bob.userId);
    expect(outline(chat)).toBe('m2');
  });

  it("who is nobody, or to a room that is hidden or not one's own, is refused", async () => {
    const chat = await privateChat(bob);
    await expect(addMember(chat, ann, roomId, roomId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(addMember(chat, bob, roomId, cat.userId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(addMember(chat, cat, roomId, cat.userId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('who is on the way out asks to try again', async () => {
    const chat = await privateChat(bob);
    await chat.members.startRemoval(roomId, bob.userId);
    await expect(addMember(chat, ann, roomId, bob.userId)).rejects.toMatchObject({ code: 'try_again' });
    expect(outline(chat)).toBe('-1');
  });
});

describe('removing a member', () => {
  it('ends the membership, then clears the audience, and only then writes the entry', async () => {
    const chat = await privateChat(bob, cat);
    const rooms = { [roomId]: { name: 'general', shard: 0 } };
    await chat.connections.open(connectionOf(bob, 'b1', { rooms }));
    await chat.audiences.add(roomId, listenerFor(bob, 'b1'));
    await chat.audiences.add(roomId, listenerFor(cat, 'c1'));
    const order = watch(
      chat,
      [chat.members, 'startRemoval'],
      [chat.audiences, 'remove'],
      [chat.connections, 'markRemoved'],
      [chat.members, 'remove'],
    );
    expect(await removeMember(chat, ann, roomId, bob.userId)).toMatchObject({ member_count: 2 });
    expect(order).toEqual(['startRemoval', 'remove', 'markRemoved', 'remove']);
    expect(chat.audiences.of(roomId).map(({ connectionId }) => connectionId)).toEqual(['c1']);
    expect(chat.connections.all.get('b1')?.rooms[roomId]?.isRemoved).toBe(true);
    expect(await chat.log.get(roomId, 1)).toMatchObject({
      kind: 'member_removed',
      outbox: true,
      member: { id: bob.userId },
    });
    expect(await chat.members.get(roomId, bob.userId)).toBeUndefined();
  });

  it('reads every shard of the audience', async () => {
    const chat = await privateChat(bob);
    await chat.rooms.spreadAudience(roomId, 1, 4);
    for (const shard of [0, 3]) await chat.audiences.add(roomId, listenerFor(bob, `b${shard}`, { shard }));
    await removeMember(chat, ann, roomId, bob.userId);
    expect(chat.audiences.of(roomId)).toEqual([]);
  });

  it('twice at once removes once, and leaves no hole', async () => {
    const chat = await privateChat(bob);
    const both = await Promise.allSettled([1, 2].map(() => removeMember(chat, ann, roomId, bob.userId)));
    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await chat.rooms.get(roomId))?.memberCount).toBe(1);
    expect(outline(chat)).toMatch(/^(m1( -2)?|-1 m2)$/);
  });

  it('who is none, or the creator, is refused', async () => {
    const chat = await privateChat(bob);
    await expect(removeMember(chat, ann, roomId, cat.userId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(removeMember(chat, ann, roomId, ann.userId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(removeMember(chat, bob, roomId, bob.userId)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('that was left half done is completed by whoever finds it', async () => {
    const chat = await privateChat(bob);
    await chat.members.startRemoval(roomId, bob.userId);
    expect(await chat.members.get(roomId, bob.userId)).toBeUndefined();
    await finishRemoval(chat, roomId, bob.userId);
    expect(outline(chat)).toBe('m1');
    await finishRemoval(chat, roomId, bob.userId);
    expect(outline(chat)).toBe('m1');
  });

  it('does not take out whoever was added again since, though word of it comes late', async () => {
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

describe('leaving', () => {
  it('is what members do, but not the creator, nor anybody in a direct room', async () => {
    const chat = await openChat({}, bob);
    await leaveRoom(chat, bob, roomId);
    expect(await chat.members.get(roomId, bob.userId)).toBeUndefined();
    await expect(leaveRoom(chat, bob, roomId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(leaveRoom(chat, ann, roomId)).rejects.toMatchObject({ code: 'forbidden' });
    const direct = await openChat({ isPrivate: true, isDirect: true }, bob);
    await expect(leaveRoom(direct, bob, roomId)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('the list of members', () => {
  it('comes in pages by user id, without those on the way out', async () => {
    const chat = await openChat({}, bob, cat);
    const first = await listMembers(chat, ann, roomId, { limit: 2 });
    expect(first.items.map(({ username, role }) => [username, role])).toEqual([
      ['ann', 'creator'],
      ['bob', 'member'],
    ]);
    await chat.members.startRemoval(roomId, cat.userId);
    const second = await listMembers(chat, ann, roomId, { limit: 2, cursor: first.next! });
    expect(second).toEqual({ items: [], next: undefined });
  });

  it.each(['nonsense', Buffer.from('["x"]').toString('base64url'), Buffer.from('[]').toString('base64url')])(
    'refuses %s as a cursor',
    async (cursor) => {
      const chat = await openChat();
      await expect(listMembers(chat, ann, roomId, { limit: 2, cursor })).rejects.toMatchObject({
        code: 'invalid_request',
        fields: [{ path: 'cursor' }],
      });
    },
  );
});
