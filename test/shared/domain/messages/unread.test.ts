import { describe, expect, it, vi } from 'vitest';
import { encodeMessageId } from '../../../../shared/domain/message-id.ts';
import { listReaders, markRead, moveMarker } from '../../../../shared/domain/messages/read-markers.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import { listMyRooms } from '../../../../shared/domain/rooms/list-rooms.ts';
import { gapAgeMs } from '../../../../shared/domain/thresholds.ts';
import { listMessages } from '../../../../shared/domain/messages/list-messages.ts';
import { countUnread } from '../../../../shared/domain/messages/unread.ts';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import { messageCount } from '../../../../shared/domain/views.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat, uuid } from '../../../kit/memory-chat/system.ts';
import { send, writeLog } from '../log-steps.ts';

const id = (seq: number) => encodeMessageId(roomId, seq);

async function unreadOf(chat: MemoryChat, caller: Caller): Promise<number> {
  const { items } = await listMyRooms(chat, caller, { limit: 1 });
  return items[0]!.unread_count;
}

async function settle(chat: MemoryChat): Promise<void> {
  chat.clock.pass(gapAgeMs);
  await listMessages(chat, ann, roomId, { limit: 50 });
}

describe('the unread count', () => {
  it('includes every message for a user without a marker, and none in an empty room', async () => {
    const chat = await openChat();
    const reading = { userId: bob.userId, own: undefined, marker: undefined };
    const count = async () => countUnread(chat, { ...reading, head: await chat.rooms.head(roomId) });
    expect(await count()).toBe(0);
    await writeLog(chat, 'm-mm');
    expect(await count()).toBe(3);
    expect(await countUnread(chat, { ...reading, head: undefined })).toBe(0);
  });

  it('leaves out own messages, stored once or repeated', async () => {
    const chat = await openChat({}, bob);
    await send(chat, 'from ann');
    for (let repeat = 0; repeat < 3; repeat += 1) await send(chat, 'mine', { caller: bob, clientId: 'one' });
    await send(chat, 'from ann');
    await send(chat, 'mine', { caller: bob });
    expect(await unreadOf(chat, bob)).toBe(2);
    expect(await unreadOf(chat, ann)).toBe(2);
    expect((await markRead(chat, ann, roomId, id(1))).unread_count).toBe(2);
    expect((await markRead(chat, bob, roomId, id(1))).unread_count).toBe(1);
  });

  it('leaves out deleted messages, and an own deleted one only once', async () => {
    const chat = await openChat({}, bob);
    const [first, second, own] = [
      await send(chat),
      await send(chat),
      await send(chat, 'mine', { caller: bob }),
    ];
    await send(chat, 'last');
    const unverified = { isPublishedByStream: () => false, verify: undefined };
    await deleteMessage(chat, { message: second, ...unverified });
    await deleteMessage(chat, { message: own, ...unverified });
    expect(await unreadOf(chat, bob)).toBe(2);
    expect((await markRead(chat, bob, roomId, id(first.seq))).unread_count).toBe(1);
    await deleteMessage(chat, { message: first, ...unverified });
    expect(await unreadOf(chat, bob)).toBe(1);
  });

  it("includes a message whose seq could not be added to the sender's own, for the sender alone", async () => {
    const chat = await openChat({}, bob, cat);
    vi.spyOn(chat.unread, 'addOwn').mockRejectedValueOnce(new Error('throttled'));
    await send(chat, 'mine', { caller: bob, clientId: 'one' });
    expect([await unreadOf(chat, bob), await unreadOf(chat, cat)]).toEqual([1, 1]);
    await send(chat, 'mine', { caller: bob, clientId: 'one' });
    expect([await unreadOf(chat, bob), await unreadOf(chat, cat)]).toEqual([0, 1]);
  });

  it('includes the messages after the marker', async () => {
    const chat = await openChat();
    await writeLog(chat, 'mmmm');
    expect(await markRead(chat, bob, roomId, id(3))).toEqual({
      last_read_message_id: id(3),
      unread_count: 1,
    });
  });

  it.each([
    { plan: 'm_mm', read: 1, unread: 2 },
    { plan: 'm_mm', read: 3, unread: 1 },
    { plan: '_m_m_', read: 2, unread: 1 },
    { plan: 'm-_-m', read: 1, unread: 1 },
    { plan: 'mm___', read: 2, unread: 0 },
  ])('of $plan after $read is $unread, without void entries', async ({ plan, read, unread }) => {
    const chat = await openChat();
    await writeLog(chat, plan);
    await settle(chat);
    expect((await markRead(chat, bob, roomId, id(read))).unread_count).toBe(unread);
  });

  it('stays correct when a message is sent after void entries', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm__');
    await markRead(chat, bob, roomId, id(1));
    await settle(chat);
    await writeLog(chat, 'mm');
    expect((await markRead(chat, bob, roomId, id(1))).unread_count).toBe(2);
    expect(messageCount(await chat.rooms.head(roomId))).toBe(3);
  });
});

describe('the read marker', () => {
  it('moves forward only', async () => {
    const chat = await openChat();
    await writeLog(chat, 'mmm');
    await markRead(chat, ann, roomId, id(3));
    expect(await markRead(chat, ann, roomId, id(1))).toEqual({
      last_read_message_id: id(3),
      unread_count: 0,
    });
  });

  it('moves to messages of this room only', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm-');
    for (const messageId of [id(2), id(9), encodeMessageId(uuid(7), 1), 'nonsense']) {
      await expect(markRead(chat, ann, roomId, messageId)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('makes a user who reads a public room a member', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm');
    expect(await markRead(chat, bob, roomId, id(1))).toEqual({
      last_read_message_id: id(1),
      unread_count: 0,
    });
    expect(await chat.members.get(roomId, bob.userId)).toMatchObject({ role: 'member' });
  });

  it('does not move for a user who is no member', async () => {
    const chat = await openChat({ isPrivate: true });
    await writeLog(chat, 'm');
    expect(await moveMarker(chat, { roomId, userId: bob.userId, messageId: id(1) })).toBeUndefined();
    await expect(markRead(chat, bob, roomId, id(1))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is listed for every member, with nulls for members who have read nothing', async () => {
    const chat = await openChat({}, bob, cat);
    await writeLog(chat, 'm');
    await markRead(chat, bob, roomId, id(1));
    expect(await listReaders(chat, ann, roomId)).toEqual([
      { user_id: ann.userId, username: 'ann', last_read_message_id: null, read_at: null },
      {
        user_id: bob.userId,
        username: 'bob',
        last_read_message_id: id(1),
        read_at: '2026-11-22T12:00:00.000Z',
      },
      { user_id: cat.userId, username: 'cat', last_read_message_id: null, read_at: null },
    ]);
  });
});
