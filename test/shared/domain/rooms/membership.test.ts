import { describe, expect, it, vi } from 'vitest';
import { addMember, leaveRoom, listMembers } from '../../../../shared/domain/rooms/membership/members.ts';
import { openChat, roomId } from '../../../kit/memory-chat/chat.ts';
import { memberId } from '../../../kit/memory-chat/stored.ts';
import { ann, bob, cat } from '../../../kit/memory-chat/system.ts';
import { outline } from '../log-steps.ts';
import { privateChat } from './private-chat.ts';

describe('addMember', () => {
  it('appends an entry to the log, and leaves publishing to the table stream', async () => {
    const chat = await privateChat();
    expect(await addMember(chat, ann, roomId, bob.userId)).toMatchObject({ member_count: 2 });
    expect(await chat.log.get(roomId, 1)).toMatchObject({
      kind: 'member_added',
      outbox: true,
      member: { userId: bob.userId, username: 'bob', role: 'member' },
    });
  });

  it('changes nothing and leaves no gap when it is repeated, also at the same time', async () => {
    const chat = await privateChat();
    await Promise.all([1, 2].map(() => addMember(chat, ann, roomId, bob.userId)));
    expect(await addMember(chat, ann, roomId, bob.userId)).toMatchObject({ member_count: 2 });
    expect(outline(chat)).toMatch(/^(m1 -2|-1 m2)$/);
  });

  it('takes another seq when a reader filled its seq', async () => {
    const chat = await privateChat();
    vi.spyOn(chat.members, 'add').mockResolvedValueOnce('seq_taken');
    await addMember(chat, ann, roomId, bob.userId);
    expect(outline(chat)).toBe('m2');
  });

  it('refuses an unknown user, a room that the caller cannot see, and a room of another owner', async () => {
    const chat = await privateChat(bob);
    await expect(addMember(chat, ann, roomId, roomId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(addMember(chat, bob, roomId, cat.userId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(addMember(chat, cat, roomId, cat.userId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('asks to try again while a removal of the user is incomplete', async () => {
    const chat = await privateChat(bob);
    await chat.members.startRemoval(roomId, bob.userId);
    await expect(addMember(chat, ann, roomId, bob.userId)).rejects.toMatchObject({ code: 'try_again' });
    expect(outline(chat)).toBe('-1');
  });
});

describe('addMember by a user whose right ends at the same time', () => {
  it('is refused once a seq has been taken, and leaves a void entry', async () => {
    const chat = await privateChat();
    const { get } = chat.users;
    chat.users.get = async (userId) => {
      chat.state.members.update(memberId(roomId, ann.userId), { role: 'member' });
      await chat.log.takeSeq(roomId, { forMessage: false, endsRight: true }, chat.clock.now());
      return get(userId);
    };
    await expect(addMember(chat, ann, roomId, bob.userId)).rejects.toMatchObject({ code: 'forbidden' });
    expect(outline(chat)).toBe('-2');
    expect(await chat.members.get(roomId, bob.userId)).toBeUndefined();
  });
});

describe('leaveRoom', () => {
  it('is allowed to members, but not to the owner, nor in a direct room', async () => {
    const chat = await openChat({}, bob);
    await leaveRoom(chat, bob, roomId);
    expect(await chat.members.get(roomId, bob.userId)).toBeUndefined();
    await expect(leaveRoom(chat, bob, roomId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(leaveRoom(chat, ann, roomId)).rejects.toMatchObject({ code: 'forbidden' });
    const direct = await openChat({ isPrivate: true, isDirect: true }, bob);
    await expect(leaveRoom(direct, bob, roomId)).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('listMembers', () => {
  it('lists members in pages by user id, without members whose removal has begun', async () => {
    const chat = await openChat({}, bob, cat);
    const first = await listMembers(chat, ann, roomId, { limit: 2 });
    expect(first.items.map(({ username, role }) => [username, role])).toEqual([
      ['ann', 'owner'],
      ['bob', 'member'],
    ]);
    await chat.members.startRemoval(roomId, cat.userId);
    const second = await listMembers(chat, ann, roomId, { limit: 2, cursor: first.next! });
    expect(second).toEqual({ items: [], next: undefined });
  });

  it.each(['nonsense', Buffer.from('["x"]').toString('base64url'), Buffer.from('[]').toString('base64url')])(
    'refuses the cursor %s',
    async (cursor) => {
      const chat = await openChat();
      await expect(listMembers(chat, ann, roomId, { limit: 2, cursor })).rejects.toMatchObject({
        code: 'invalid_request',
        fields: [{ path: 'cursor' }],
      });
    },
  );
});
