import { describe, expect, it, vi } from 'vitest';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import { listUnread } from '../../../../shared/domain/messages/list-unread.ts';
import { markUnread } from '../../../../shared/domain/messages/mark-unread.ts';
import { listReaders, markRead } from '../../../../shared/domain/messages/read-markers.ts';
import { encodeMessageId } from '../../../../shared/domain/message-id.ts';
import { deleteRoom } from '../../../../shared/domain/rooms/delete-room.ts';
import { listMembers } from '../../../../shared/domain/rooms/membership/members.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat, uuid } from '../../../kit/memory-chat/system.ts';
import { send, writeLog } from '../log-steps.ts';

const id = (seq: number) => encodeMessageId(roomId, seq);
const state = (seq: number | null, unread: number) => ({
  last_read_message_id: seq === null ? null : id(seq),
  unread_count: unread,
});

async function readerOf(chat: MemoryChat, userId: string) {
  return (await listReaders(chat, ann, roomId)).find(({ user_id }) => user_id === userId);
}

describe('marking a message as unread', () => {
  it('moves the marker to the message before it', async () => {
    const chat = await openChat({}, bob);
    await writeLog(chat, 'mmmm');
    await markRead(chat, bob, roomId, id(4));
    expect(await markUnread(chat, bob, roomId, id(3))).toEqual(state(2, 2));
    expect(await markRead(chat, bob, roomId, id(3))).toEqual(state(3, 1));
  });

  it('leaves a marker alone that is below the message already, and repeats change nothing', async () => {
    const chat = await openChat({}, bob);
    await writeLog(chat, 'mmmm');
    expect(await markUnread(chat, bob, roomId, id(3))).toEqual(state(null, 4));
    await markRead(chat, bob, roomId, id(1));
    expect(await markUnread(chat, bob, roomId, id(3))).toEqual(state(1, 3));
    const write = vi.spyOn(chat.members, 'markUnread');
    expect(await markUnread(chat, bob, roomId, id(2))).toEqual(state(1, 3));
    expect(write).not.toHaveBeenCalled();
  });

  it('leaves no message read when it is the first one of the room', async () => {
    const chat = await openChat({}, bob);
    await writeLog(chat, '--mm');
    await markRead(chat, bob, roomId, id(4));
    expect(await markUnread(chat, bob, roomId, id(3))).toEqual(state(null, 2));
    expect(await markRead(chat, bob, roomId, id(3))).toEqual(state(3, 1));
  });

  it.each(['m-m', 'm--------m', `m${'-'.repeat(80)}m`])('counts exactly after %s', async (plan) => {
    const chat = await openChat({}, bob);
    await writeLog(chat, plan);
    await markRead(chat, bob, roomId, id(plan.length));
    expect((await markUnread(chat, bob, roomId, id(plan.length))).unread_count).toBe(1);
    await writeLog(chat, 'm');
    expect((await listUnread(chat, bob, undefined)).items.total).toBe(2);
  });

  it('counts neither own messages nor deleted ones', async () => {
    const chat = await openChat({}, bob);
    const first = await send(chat);
    const second = await send(chat);
    await send(chat, 'mine', { caller: bob });
    const last = await send(chat);
    await markRead(chat, bob, roomId, id(last.seq));
    expect((await markUnread(chat, bob, roomId, id(first.seq))).unread_count).toBe(3);
    await deleteMessage(chat, { message: second, isPublishedByStream: () => false, verify: undefined });
    expect((await markUnread(chat, bob, roomId, id(first.seq))).unread_count).toBe(2);
    expect((await listUnread(chat, bob, undefined)).items).toEqual({
      total: 2,
      rooms: [{ room_id: roomId, unread_count: 2 }],
    });
  });

  it('does not take back what others see, also after the user has read a part of it again', async () => {
    const chat = await openChat({}, bob);
    await writeLog(chat, 'mmmmm');
    await markRead(chat, bob, roomId, id(4));
    const seen = await readerOf(chat, bob.userId);
    chat.clock.pass(1_000);
    await markUnread(chat, bob, roomId, id(1));
    expect(await readerOf(chat, bob.userId)).toEqual(seen);
    await markRead(chat, bob, roomId, id(2));
    await markUnread(chat, bob, roomId, id(2));
    expect(await readerOf(chat, bob.userId)).toEqual(seen);
    const { items } = await listMembers(chat, ann, roomId, { limit: 9 });
    expect(items.find((member) => member.id === bob.userId)?.last_read_message_id).toBe(id(4));
    await markRead(chat, bob, roomId, id(5));
    expect(await readerOf(chat, bob.userId)).toMatchObject({ last_read_message_id: id(5) });
  });

  it('starts anew when the marker moves at the same moment', async () => {
    const chat = await openChat({}, bob);
    await writeLog(chat, 'mmmmm');
    await markRead(chat, bob, roomId, id(4));
    const write = chat.members.markUnread;
    vi.spyOn(chat.members, 'markUnread').mockImplementationOnce(async (...input) => {
      await markRead(chat, bob, roomId, id(5));
      return write(...input);
    });
    expect(await markUnread(chat, bob, roomId, id(2))).toEqual(state(1, 4));
    expect(await readerOf(chat, bob.userId)).toMatchObject({ last_read_message_id: id(5) });
  });

  it('refuses ids of other rooms and of no message, and joins a stranger of a public room', async () => {
    const chat = await openChat({}, bob);
    await writeLog(chat, 'm');
    const missing = expect.objectContaining({ code: 'not_found' });
    for (const bad of ['x', encodeMessageId(uuid(77), 1), id(9)])
      await expect(markUnread(chat, cat, roomId, bad)).rejects.toEqual(missing);
    expect(await chat.members.get(roomId, cat.userId)).toBeUndefined();
    expect(await markUnread(chat, cat, roomId, id(1))).toEqual(state(null, 1));
    expect(await chat.members.get(roomId, cat.userId)).toBeDefined();
  });
});

describe('the list of unread rooms', () => {
  it('has no room that was deleted', async () => {
    const chat = await openChat({}, bob);
    await writeLog(chat, 'mm');
    expect((await listUnread(chat, bob, undefined)).items.total).toBe(2);
    await deleteRoom(chat, ann, roomId);
    expect((await listUnread(chat, bob, undefined)).items).toEqual({ total: 0, rooms: [] });
  });

  it('has the rooms with unread messages alone, and pages by a cursor of its user', async () => {
    const chat = await openChat({}, bob);
    expect((await listUnread(chat, bob, undefined)).items).toEqual({ total: 0, rooms: [] });
    await writeLog(chat, 'mm');
    const list = vi.spyOn(chat.members, 'listOfUser');
    list.mockImplementationOnce(async (userId, _limit, after) => ({
      ...(await chat.members.listOfUser(userId, 1, after)),
      next: roomId,
    }));
    const { items, next } = await listUnread(chat, bob, undefined);
    expect(items.total).toBe(2);
    expect(await listUnread(chat, bob, next)).toEqual({ items: { total: 0, rooms: [] }, next: undefined });
    const refused = expect.objectContaining({ code: 'invalid_request' });
    await expect(listUnread(chat, ann, next)).rejects.toEqual(refused);
  });
});
