import { beforeEach, describe, expect, it } from 'vitest';
import * as limits from '../../../../shared/contract/limits.ts';
import { Message, MessagePreview } from '../../../../shared/contract/entities.ts';
import { encodeAttachmentId } from '../../../../shared/domain/files/attachment-id.ts';
import { shownBytes, viewAttachmentsOf } from '../../../../shared/domain/files/view-attachments.ts';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import { listMessages } from '../../../../shared/domain/messages/list-messages.ts';
import type { Attachment, MessageEntry } from '../../../../shared/domain/model/log.ts';
import { listMyRooms } from '../../../../shared/domain/rooms/list-rooms.ts';
import { viewPreview } from '../../../../shared/domain/views.ts';
import { signFileAddress } from '../../../../shared/lambda/file-addresses.ts';
import { domainName, domainNameLength } from '../../../../shared/settings/parsers.ts';
import { chatMessage } from '../../../../shared/realtime/frames.ts';
import { historyEvents } from '../../../../shared/realtime/send-history.ts';
import { packFrames, toFrame } from '../../../../shared/realtime/send-events.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, start } from '../../../kit/memory-chat/system.ts';
import { imageFile, readyUpload, sendUploads } from '../../../kit/memory-chat/uploads.ts';

let chat: MemoryChat;
beforeEach(async () => {
  chat = await openChat({}, bob);
});

const page = async () => (await listMessages(chat, bob, roomId, { limit: 50 })).items;
const history = async (more: { after?: number } = {}) =>
  historyEvents(chat, (await chat.rooms.head(roomId))!, { limit: 50, ...more });

describe('the attachments of a message', () => {
  it('are shown in pages and in the history of sockets, with addresses made for the answer', async () => {
    const upload = await readyUpload(chat);
    await sendUploads(chat, [upload], 'look');
    const attachments = [
      expect.objectContaining({
        attachment_id: encodeAttachmentId(upload),
        name: 'map.png',
        url: `https://files.example/${roomId}/${imageFile(1).folder}/original`,
      }),
    ];
    const messages = await page();
    expect(messages).toMatchObject([{ content: 'look', attachments }]);
    expect(Message.strict().parse(messages[0])).toEqual(messages[0]);
    expect(await history()).toMatchObject([{ message: 'look', attachments }, { type: 'history_end' }]);
    expect(await history({ after: 0 })).toMatchObject([{ message: 'look', attachments }, {}]);
  });

  it('are not shown once it is deleted', async () => {
    const message = await sendUploads(chat, [await readyUpload(chat)]);
    await deleteMessage(chat, { message, isPublishedByStream: () => false, verify: undefined });
    expect((await page())[0]).not.toHaveProperty('attachments');
    for (const event of [...(await history()), ...(await history({ after: 0 }))])
      expect(event).not.toHaveProperty('attachments');
    // An entry that was read just before.
    const views = await viewAttachmentsOf(chat, [message]);
    expect(views({ ...message, isDeleted: true })).toEqual({});
  });

  it('are counted in lists of rooms, which show no addresses', async () => {
    await sendUploads(chat, [await readyUpload(chat), await readyUpload(chat, imageFile(2))]);
    const { items } = await listMyRooms(chat, ann, { limit: 10 });
    expect(items).toMatchObject([{ last_message: { content: '', attachment_count: 2 } }]);
    expect(items[0]!.last_message).not.toHaveProperty('attachments');
    expect(MessagePreview.strict().parse(items[0]!.last_message)).toEqual(items[0]!.last_message);
  });

  it('need the key of addresses, which messages without them do not', async () => {
    await sendUploads(chat, [], 'hi');
    await page();
    await history();
    await history({ after: 0 });
    await listMyRooms(chat, ann, { limit: 10 });
    expect(chat.files.opened).toBe(0);
    await sendUploads(chat, [await readyUpload(chat)]);
    const { opened } = chat.files;
    await page();
    expect(chat.files.opened).toBe(opened + 1);
  });

  it('leave a preview without any as it was', async () => {
    const entry = await sendUploads(chat, [], 'hi');
    expect(viewPreview(entry)).not.toHaveProperty('attachment_count');
  });
});

/** As long as the setting accepts it. */
const longestHost = `${'a'.repeat(63)}.${'b'.repeat(domainNameLength - 68)}.com`;

/** The largest attachment that can be declared, of an image. */
const largestAttachment: Attachment = {
  uploadKey: 'AAECAwQFBgcICQoLDA0ODw',
  name: '"'.repeat(limits.fileNameBytes),
  alt: '"'.repeat(limits.altBytes / 2),
  folder: 'AAECAwQFBgcICQoLDA0ODw',
  type: 'image/jpeg',
  size: limits.attachmentBytes,
  width: 50_000,
  height: 50_000,
};

const largestMessage: MessageEntry = {
  kind: 'message',
  roomId,
  seq: 2 ** 48 - 1,
  at: start,
  messageSeqs: 1,
  outbox: false,
  userId: ann.userId,
  username: '@'.repeat(limits.usernameLength),
  content: '語'.repeat(limits.contentBytes / 3),
  clientId: 'x'.repeat(limits.clientIdLength),
  editedAtMs: start,
  editSeq: 1,
  isDeleted: false,
  attachments: Array.from({ length: limits.attachmentsPerMessage }, () => largestAttachment),
};

const key = 'k'.repeat(64);
const signed = (host: string) => ({
  files: {
    open: async () => (file: { roomId: string; folder: string; name: 'original' | '320' }) =>
      `https://${host}${signFileAddress(key, file, start)}`,
  },
});

describe('the largest message', () => {
  it('may have a domain name of the longest length', () => {
    expect(domainName.parse(longestHost)).toBe(longestHost);
    expect(domainName.parse(`a${longestHost}`)).toBeUndefined();
  });

  it.each([['d111111abcdef8.cloudfront.net'], [longestHost]])(
    'fits into a frame whole, with ten attachments below %s',
    async (host) => {
      const event = chatMessage(largestMessage, await viewAttachmentsOf(signed(host), [largestMessage]));
      expect(Buffer.byteLength(JSON.stringify(event.message)) - 2).toBe(limits.contentBytes);
      const frame = toFrame(event);
      expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(limits.frameBytes - 2);
      expect(JSON.parse(frame)).toEqual(event);
      for (const one of packFrames([event, event]).batched)
        expect(Buffer.byteLength(one)).toBeLessThanOrEqual(limits.frameBytes);
    },
  );

  it('is charged for about what its attachments take', async () => {
    const host = 'd111111abcdef8.cloudfront.net';
    const { attachments } = (await viewAttachmentsOf(signed(host), [largestMessage]))(largestMessage);
    const bytes = Buffer.byteLength(JSON.stringify(attachments));
    expect(shownBytes(largestMessage.attachments)).toBeGreaterThanOrEqual(bytes);
    expect(shownBytes(largestMessage.attachments)).toBeLessThan(bytes * 1.2);
    expect(shownBytes([])).toBe(0);
  });
});
