import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '../../../../shared/domain/chat-error.ts';
import { appendEntry } from '../../../../shared/domain/messages/append-entry.ts';
import { sendMessage } from '../../../../shared/domain/messages/send-message.ts';
import type { Head } from '../../../../shared/domain/model/rooms.ts';
import { leaveRoom, removeMember } from '../../../../shared/domain/rooms/membership/members.ts';
import { stillAllowed, verifyAccess } from '../../../../shared/domain/rooms/verify-access.ts';
import { messageCount } from '../../../../shared/domain/views.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../../kit/memory-chat/system.ts';
import { outline, send } from '../log-steps.ts';

const right = { action: 'sendMessage', roomId, userId: bob.userId, verifiedSeq: 0 } as const;
const headOf = async (chat: MemoryChat): Promise<Head> => (await chat.rooms.head(roomId))!;

describe('verifyAccess', () => {
  it('reads nothing while no right in the room has ended', async () => {
    const chat = await openChat({ isPrivate: true }, bob);
    await send(chat);
    const look = vi.spyOn(chat.rooms, 'getWithMember');
    const head = await headOf(chat);
    expect(await verifyAccess(chat, right, head)).toEqual({ head, wasLookedUp: false });
    expect(await verifyAccess(chat, { ...right, verifiedSeq: 7 }, { ...head, rightsSeq: 7 })).toMatchObject({
      wasLookedUp: false,
    });
    expect(look).not.toHaveBeenCalled();
  });

  it("looks the right up once another user's right has ended, and confirms it", async () => {
    const chat = await openChat({ isPrivate: true }, bob);
    const head = { ...(await headOf(chat)), rightsSeq: 3 };
    expect(await verifyAccess(chat, right, head)).toEqual({ head, wasLookedUp: true });
    expect(await verifyAccess(chat, { ...right, verifiedSeq: 2 }, head)).toMatchObject({ wasLookedUp: true });
  });

  it('throws not_found for a member who was removed', async () => {
    const chat = await openChat({ isPrivate: true }, bob);
    await removeMember(chat, ann, roomId, bob.userId);
    for (const action of ['sendMessage', 'readMessages', 'editMessage', 'deleteMessage'] as const)
      await expect(verifyAccess(chat, { ...right, action }, await headOf(chat))).rejects.toMatchObject({
        code: 'not_found',
      });
    await expect(
      verifyAccess(chat, { ...right, userId: ann.userId }, await headOf(chat)),
    ).resolves.toBeDefined();
  });

  it('throws not_found as soon as a removal has begun, where the right is looked up', async () => {
    const chat = await openChat({ isPrivate: true }, bob);
    await chat.members.startRemoval(roomId, bob.userId);
    const head = { ...(await headOf(chat)), rightsSeq: 1 };
    await expect(verifyAccess(chat, right, head)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('confirms the right in a public room that the user has left', async () => {
    const chat = await openChat({}, bob);
    await leaveRoom(chat, bob, roomId);
    expect(await verifyAccess(chat, right, await headOf(chat))).toMatchObject({ wasLookedUp: false });
  });

  it('throws not_found for a room that is gone or was deleted, without a further read', async () => {
    const chat = await openChat({}, bob);
    const look = vi.spyOn(chat.rooms, 'getWithMember');
    const notFound = { code: 'not_found' };
    await expect(verifyAccess(chat, right, undefined)).rejects.toMatchObject(notFound);
    const closed = { ...(await headOf(chat)), closedAtMs: 1 };
    await expect(verifyAccess(chat, { ...right, verifiedSeq: 99 }, closed)).rejects.toMatchObject(notFound);
    expect(look).not.toHaveBeenCalled();
  });

  it('throws not_found for a room that is gone when the right is looked up', async () => {
    const chat = await openChat({ isPrivate: true }, bob);
    const head = { ...(await headOf(chat)), rightsSeq: 1 };
    chat.state.rooms.delete(roomId);
    await expect(verifyAccess(chat, right, head)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('looks the right up for every right that ever ended, in a request that has just checked it', async () => {
    const chat = await openChat({ isPrivate: true }, bob);
    const look = vi.spyOn(chat.rooms, 'getWithMember');
    const verify = stillAllowed(chat, { action: 'sendMessage', roomId, userId: bob.userId });
    await verify(await headOf(chat));
    expect(look).not.toHaveBeenCalled();
    await verify({ ...(await headOf(chat)), rightsSeq: 1 });
    expect(look).toHaveBeenCalledOnce();
  });
});

describe('an entry whose writer has lost the right to write', () => {
  const appending = (verify: (head: Head) => Promise<void>, forMessage = true) => ({
    roomId,
    forMessage,
    at: 0,
    verify,
  });
  const refuse = () => Promise.reject(new ChatError('forbidden'));

  it('is not stored, and its seq is filled with a void entry at once', async () => {
    const chat = await openChat({}, bob);
    const store = vi.fn(async () => 'stored' as const);
    await expect(appendEntry(chat.log, appending(refuse), store)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(appendEntry(chat.log, appending(refuse, false), store)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(store).not.toHaveBeenCalled();
    expect(outline(chat)).toBe('_1 -2');
    expect(messageCount(await headOf(chat))).toBe(0);
  });

  it('leaves its seq to the readers when the right could not be verified', async () => {
    const chat = await openChat({}, bob);
    const verify = () => Promise.reject(new Error('throttled'));
    await expect(appendEntry(chat.log, appending(verify), async () => 'stored' as const)).rejects.toThrow(
      'throttled',
    );
    expect(outline(chat)).toBe('');
  });

  it('is verified again with each seq that it takes', async () => {
    const chat = await openChat({}, bob);
    const seen: number[] = [];
    let tries = 0;
    const { head } = await appendEntry(
      chat.log,
      appending(async ({ seq }) => void seen.push(seq)),
      async () => ((tries += 1) < 3 ? ('seq_taken' as const) : ('stored' as const)),
    );
    expect(seen).toEqual([1, 2, 3]);
    expect(head.seq).toBe(3);
  });

  it('never follows the removal of its writer, in whatever order the two run', async () => {
    for (const [sendsFirst, turns] of [true, false].flatMap((first) =>
      [0, 1, 2, 3, 5, 8].map((n) => [first, n] as const),
    )) {
      const chat = await openChat({ isPrivate: true }, bob);
      const wait = async (): Promise<void> => {
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      };
      const sending = async () => {
        if (!sendsFirst) await wait();
        return sendMessage(chat, {
          roomId,
          userId: bob.userId,
          username: bob.username,
          content: 'bye',
          clientId: undefined,
          isPublishedByStream: () => false,
          verify: stillAllowed(chat, { action: 'sendMessage', roomId, userId: bob.userId }),
        });
      };
      const removing = async () => {
        if (sendsFirst) await wait();
        return removeMember(chat, ann, roomId, bob.userId);
      };
      await Promise.allSettled([sending(), removing()]);
      const log = chat.state.entries(roomId);
      const removalSeq = log.find(({ kind }) => kind === 'member_removed')!.seq;
      expect(log.filter(({ kind, seq }) => kind === 'message' && seq > removalSeq)).toEqual([]);
    }
  });
});
