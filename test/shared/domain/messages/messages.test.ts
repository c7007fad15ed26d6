import { describe, expect, it, vi } from 'vitest';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import { editMessage } from '../../../../shared/domain/messages/edit-message.ts';
import { getMessage } from '../../../../shared/domain/messages/find-message.ts';
import { sendMessage } from '../../../../shared/domain/messages/send-message.ts';
import { messageCount } from '../../../../shared/domain/views.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, fingerprint } from '../../../kit/memory-chat/system.ts';
import { outline, send } from '../log-steps.ts';
import { unverified } from './own-messages.ts';

const sending = (content: string, clientId?: string) => {
  const { userId, username } = ann;
  return { roomId, userId, username, content, clientId, ...unverified };
};

async function current(chat: MemoryChat, seq: number) {
  return getMessage(chat, roomId, seq);
}

describe('sendMessage', () => {
  it('takes consecutive seqs for all senders', async () => {
    const chat = await openChat({}, bob);
    const entries = await Promise.all([ann, bob, ann, bob].map((caller) => send(chat, 'hi', { caller })));
    expect(entries.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    expect(entries.map(({ messageSeqs }) => messageSeqs).sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  });

  it('stores the content unchanged', async () => {
    const chat = await openChat();
    const { entry, duplicate } = await sendMessage(chat, sending('  <b>hi</b>\n', 'c-1'));
    expect(duplicate).toBe(false);
    expect(await current(chat, 1)).toEqual(entry);
    expect(entry).toMatchObject({
      content: '  <b>hi</b>\n',
      clientId: 'c-1',
      at: chat.clock.now(),
      outbox: true,
    });
  });

  it('returns the original for a repeat, and leaves no gap', async () => {
    const chat = await openChat();
    const first = await sendMessage(chat, sending('hi', 'c-1'));
    chat.clock.pass(24 * 3_600_000);
    expect(await sendMessage(chat, sending('hi', 'c-1'))).toMatchObject({
      entry: first.entry,
      duplicate: true,
    });
    expect(outline(chat)).toBe('m1 _2');
    expect(messageCount(await chat.rooms.head(roomId))).toBe(1);
  });

  it('stores one message for many repeats at the same time', async () => {
    const chat = await openChat();
    const sent = await Promise.all(Array.from({ length: 8 }, () => sendMessage(chat, sending('hi', 'c-1'))));
    expect(new Set(sent.map(({ entry }) => entry.seq)).size).toBe(1);
    expect(sent.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(messageCount(await chat.rooms.head(roomId))).toBe(1);
  });

  it('refuses a client_id that was used for other content, and leaves no gap', async () => {
    const chat = await openChat();
    await sendMessage(chat, sending('hi', 'c-1'));
    await expect(sendMessage(chat, sending('ho', 'c-1'))).rejects.toMatchObject({ code: 'client_id_reused' });
    expect(outline(chat)).toBe('m1 _2');
  });

  it('does not need the key of the content hashes without a client_id', async () => {
    const chat = await openChat();
    const hash = vi.fn(() => Promise.reject(new Error('the key cannot be read')));
    const ports = { ...chat, contentHashes: { hash, matches: hash } };
    await expect(sendMessage(ports, sending('hi', 'c-1'))).rejects.toThrow('cannot be read');
    // Refused before a seq was taken.
    expect((await chat.rooms.head(roomId))?.seq).toBe(0);
    hash.mockClear();
    await sendMessage(ports, sending('hi'));
    expect(hash).not.toHaveBeenCalled();
  });

  it('recognizes repeats of messages that an earlier release stored with a plain hash', async () => {
    const chat = await openChat();
    await sendMessage(chat, sending('hi', 'c-1'));
    for (const id of chat.state.sendKeys.keys())
      chat.state.sendKeys.update(id, { contentHash: fingerprint('hi') });
    expect(await sendMessage(chat, sending('hi', 'c-1'))).toMatchObject({ duplicate: true });
    await expect(sendMessage(chat, sending('ho', 'c-1'))).rejects.toMatchObject({ code: 'client_id_reused' });
  });

  it('keeps the client_ids of different users apart', async () => {
    const chat = await openChat({}, bob);
    await send(chat, 'hi', { clientId: 'c-1' });
    expect((await send(chat, 'ho', { clientId: 'c-1', caller: bob })).content).toBe('ho');
  });

  it('throws not_found for a room that is gone', async () => {
    const chat = await openChat();
    chat.state.heads.delete(roomId);
    await expect(send(chat)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('editMessage', () => {
  it('changes the message, and appends an entry without its content', async () => {
    const chat = await openChat();
    const message = await send(chat, 'hi');
    chat.clock.pass(5);
    const { message: edited, entry } = await editMessage(chat, { message, content: 'ho', ...unverified });
    expect(edited).toEqual(await current(chat, 1));
    expect(edited).toMatchObject({ content: 'ho', editedAtMs: chat.clock.now(), editSeq: 2 });
    expect(entry).toMatchObject({ kind: 'edit', seq: 2, targetSeq: 1 });
    expect(JSON.stringify(entry)).not.toContain('ho"');
  });

  it('keeps the content of the edit with the later seq when the earlier one is stored last, and both entries', async () => {
    const chat = await openChat();
    const message = await send(chat, 'hi');
    const putEdit = chat.log.putEdit.bind(chat.log);
    vi.spyOn(chat.log, 'putEdit').mockImplementationOnce(async (entry, content) => {
      await editMessage(chat, { message, content: 'later', ...unverified });
      return putEdit(entry, content);
    });
    const { message: now, entry } = await editMessage(chat, { message, content: 'earlier', ...unverified });
    expect(entry.seq).toBe(2);
    expect(now).toMatchObject({ content: 'later', editSeq: 3 });
    expect(outline(chat)).toBe('m1 e2 e3');
  });

  it('throws not_found and leaves no gap when the message was deleted in the meantime', async () => {
    const chat = await openChat();
    const message = await send(chat, 'hi');
    await deleteMessage(chat, { message, ...unverified });
    await expect(editMessage(chat, { message, content: 'ho', ...unverified })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(outline(chat)).toBe('m1 d2 -3');
    expect((await current(chat, 1)).content).toBe('');
  });

  it('throws not_found without taking a seq when the message is already deleted', async () => {
    const chat = await openChat();
    await deleteMessage(chat, { message: await send(chat), ...unverified });
    const message = await current(chat, 1);
    await expect(editMessage(chat, { message, content: 'ho', ...unverified })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await chat.rooms.head(roomId))?.seq).toBe(2);
  });

  it('takes another seq when a reader filled its seq', async () => {
    const chat = await openChat();
    const message = await send(chat);
    vi.spyOn(chat.log, 'putEdit').mockResolvedValueOnce('seq_taken');
    expect((await editMessage(chat, { message, content: 'ho', ...unverified })).entry.seq).toBe(3);
  });
});

describe('deleteMessage', () => {
  it('removes the content, and keeps the place of the message', async () => {
    const chat = await openChat();
    const message = await send(chat, 'a secret');
    const deleted = await deleteMessage(chat, { message, ...unverified });
    expect(deleted?.entry).toMatchObject({ kind: 'delete', seq: 2, targetSeq: 1 });
    expect(await current(chat, 1)).toMatchObject({ isDeleted: true });
    expect(JSON.stringify(chat.state.entries(roomId))).not.toContain('a secret');
  });

  it('changes nothing the second time, also when both run at the same time', async () => {
    const chat = await openChat();
    const message = await send(chat);
    const both = await Promise.all([1, 2].map(() => deleteMessage(chat, { message, ...unverified })));
    expect(both.filter((deleted) => deleted !== undefined)).toHaveLength(1);
    expect(outline(chat)).toMatch(/^m1 (d2 -3|-2 d3)$/);
    expect(await deleteMessage(chat, { message: await current(chat, 1), ...unverified })).toBeUndefined();
  });
});
