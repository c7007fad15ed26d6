/** Attachments of messages in the log of a room: their addresses are renewed, and end with the message. */
import { describe, expect, test } from 'vitest';
import type { Attachment, Message } from '../../../client/src/index.ts';
import { isSame } from '../../../client/src/offline/stored-room.ts';
import { applyDeletion, applyEvent, applyMessage, emptyLog } from '../../../client/src/room-log.ts';
import { previewOf } from '../../../client/src/rooms/preview-of.ts';
import { withAttachment } from '../../../client/src/uploads/renewed-log.ts';
import { openRoom, createFakeSystem } from '../fake-system.ts';
import { ann, roomId, said } from '../server-events.ts';

const attachmentOf = (until: number, id = 'a1'): Attachment => ({
  attachment_id: id,
  name: 'plan.png',
  type: 'image/png',
  size: 5,
  url: `https://chat.test/files/${id}?until=${until}`,
});

const messageOf = (attachments?: Attachment[]): Message => ({
  message_id: 'm1',
  room_id: roomId,
  seq: 1,
  sender_id: ann.id,
  sender_username: 'ann',
  content: 'look',
  timestamp: '2027-01-15T08:00:00.000Z',
  edited_at: null,
  is_deleted: false,
  ...(attachments && { attachments }),
});

describe('the attachments of a message', () => {
  test('have the addresses that arrived last, and stay the same message while these are equal', () => {
    const log = applyMessage(emptyLog, messageOf([attachmentOf(1)]));
    expect(applyMessage(log, messageOf([attachmentOf(1)])).messages).toBe(log.messages);
    const later = applyMessage(log, messageOf([attachmentOf(2)]));
    expect(later.messages[0]?.attachments).toEqual([attachmentOf(2)]);
    expect(applyMessage(later, messageOf()).messages).toBe(later.messages);
  });

  test('stay when the message is edited, and go with it', () => {
    const log = applyMessage(emptyLog, messageOf([attachmentOf(1)]));
    const edited = applyEvent(log, {
      type: 'message_edited',
      message_id: 'm1',
      room_id: roomId,
      seq: 2,
      new_content: '',
      edited_at: '2027-01-15T09:00:00.000Z',
      sender_id: ann.id,
      sender_username: 'ann',
    });
    expect(edited.messages[0]).toMatchObject({ content: '', attachments: [attachmentOf(1)] });
    expect(applyDeletion(edited, 'm1').messages[0]).not.toHaveProperty('attachments');
  });

  test('are renewed in all messages that have them, and in no other one', () => {
    const log = applyMessage(emptyLog, messageOf([attachmentOf(1, 'a0'), attachmentOf(1)]));
    const renewed = withAttachment(log, attachmentOf(9));
    expect(renewed.messages[0]?.attachments).toEqual([attachmentOf(1, 'a0'), attachmentOf(9)]);
    expect(withAttachment(log, attachmentOf(9, 'other'))).toBe(log);
  });

  test('are stored again with new addresses', () => {
    expect(isSame(messageOf([attachmentOf(1)]), messageOf([attachmentOf(1)]))).toBe(true);
    expect(isSame(messageOf([attachmentOf(1)]), messageOf([attachmentOf(2)]))).toBe(false);
  });

  test('are counted in lists of rooms, which have no addresses', () => {
    expect(previewOf(messageOf([attachmentOf(1)]))).toEqual({ ...messageOf(), attachment_count: 1 });
    expect(previewOf(messageOf())).toEqual(messageOf());
  });

  test('are renewed by the room, with one request for all that ask at once', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    system.socket().push(said(1, 'look', { attachments: [attachmentOf(1)] }));
    system.answers.set('GET /chat/attachments/a1/', () => Response.json(attachmentOf(2)));
    const renewed = await Promise.all([room.renewAttachment('a1'), system.client.renewAttachment('a1')]);
    expect(renewed).toEqual([attachmentOf(2), attachmentOf(2)]);
    expect(room.messages[0]?.attachments).toEqual([attachmentOf(2)]);
    expect(system.requests.filter((name) => name.includes('/attachments/'))).toHaveLength(1);
  });
});
