import { describe, expect, it, vi } from 'vitest';
import { ChatError } from '../../../../shared/domain/chat-error.ts';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import { findOwnMessage } from '../../../../shared/domain/messages/find-message.ts';
import { listMessages } from '../../../../shared/domain/messages/list-messages.ts';
import { encodeMessageId } from '../../../../shared/domain/message-id.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, uuid } from '../../../kit/memory-chat/system.ts';
import { send, writeLog } from '../log-steps.ts';
import { unverified } from './own-messages.ts';

describe('finding a message to change', () => {
  const find = (chat: MemoryChat, messageId: string, userId = ann.userId) =>
    findOwnMessage(chat, { userId, messageId }, () => undefined);

  it('returns messages only, and none of other rooms', async () => {
    const chat = await openChat();
    await deleteMessage(chat, { message: await send(chat), ...unverified });
    for (const id of [
      encodeMessageId(roomId, 2),
      encodeMessageId(roomId, 9),
      encodeMessageId(uuid(7), 1),
      'x',
    ])
      await expect(find(chat, id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses a message of another sender', async () => {
    const chat = await openChat();
    const message = await send(chat);
    const id = encodeMessageId(roomId, message.seq);
    expect((await find(chat, id)).message).toEqual(message);
    await expect(find(chat, id, bob.userId)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('authorizes the user in the room before it reads the message', async () => {
    const chat = await openChat();
    await send(chat);
    const read = vi.spyOn(chat.log, 'get');
    const refuse = vi.fn(() => Promise.reject(new ChatError('not_found')));
    for (const seq of [1, 9]) {
      const input = { userId: bob.userId, messageId: encodeMessageId(roomId, seq) };
      await expect(findOwnMessage(chat, input, refuse)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(refuse.mock.calls).toEqual([[roomId], [roomId]]);
    expect(read).not.toHaveBeenCalled();
  });
});

describe('listMessages', () => {
  const contents = ({ items }: Awaited<ReturnType<typeof listMessages>>) => items.map(({ seq }) => seq);

  it('lists the newest page oldest first, and leads to all older pages', async () => {
    const chat = await openChat();
    await writeLog(chat, 'mmmmm');
    const newest = await listMessages(chat, ann, roomId, { limit: 2 });
    expect([contents(newest), newest.next]).toEqual([[4, 5], { before: 4 }]);
    const older = await listMessages(chat, ann, roomId, { limit: 2, before: 4 });
    expect([contents(older), older.next]).toEqual([[2, 3], { before: 2 }]);
    const oldest = await listMessages(chat, ann, roomId, { limit: 2, before: 2 });
    expect([contents(oldest), oldest.next]).toEqual([[1], undefined]);
  });

  it('lists forward from a seq to the end', async () => {
    const chat = await openChat();
    await writeLog(chat, 'mmm');
    const page = await listMessages(chat, ann, roomId, { limit: 2, after: 0 });
    expect([contents(page), page.next]).toEqual([[1, 2], { after: 2 }]);
    const last = await listMessages(chat, ann, roomId, { limit: 2, after: 2 });
    expect([contents(last), last.next]).toEqual([[3], undefined]);
  });

  it('lists a deleted message without its content', async () => {
    const chat = await openChat();
    await deleteMessage(chat, { message: await send(chat, 'a secret'), ...unverified });
    const { items } = await listMessages(chat, ann, roomId, { limit: 2 });
    expect(items).toMatchObject([{ content: 'This message has been deleted', is_deleted: true }]);
  });

  it('throws not_found for a private room of other users', async () => {
    const chat = await openChat({ isPrivate: true });
    await expect(listMessages(chat, bob, roomId, { limit: 2 })).rejects.toMatchObject({ code: 'not_found' });
  });
});
