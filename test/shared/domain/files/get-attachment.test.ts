import { beforeEach, describe, expect, it } from 'vitest';
import { encodeAttachmentId } from '../../../../shared/domain/files/attachment-id.ts';
import { getAttachment } from '../../../../shared/domain/files/get-attachment.ts';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import { removeMember } from '../../../../shared/domain/rooms/membership/members.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat } from '../../../kit/memory-chat/system.ts';
import { declareImage, imageFile, readyUpload, sendUploads } from '../../../kit/memory-chat/uploads.ts';

const hour = 60 * 60 * 1_000;
const notFound = { code: 'not_found' };

let chat: MemoryChat;
beforeEach(async () => {
  chat = await openChat({ isPrivate: true }, bob);
});

const get = (caller: Caller, upload: { roomId: string; uploadKey: string }) =>
  getAttachment(chat, caller, encodeAttachmentId(upload));

describe('an attachment of a message', () => {
  it('is shown to all who may read the room, as the message shows it', async () => {
    const upload = await readyUpload(chat);
    await sendUploads(chat, [await readyUpload(chat, imageFile(2)), upload]);
    const shown = {
      attachment_id: encodeAttachmentId(upload),
      name: 'map.png',
      type: 'image/png',
      size: 1,
      alt: 'a map',
      width: 4,
      height: 3,
      url: `https://files.example/${roomId}/${imageFile(1).folder}/original`,
      thumbnail_url: `https://files.example/${roomId}/${imageFile(1).folder}/320`,
    };
    expect(await get(ann, upload)).toEqual(shown);
    expect(await get(bob, upload)).toEqual(shown);
  });

  it('is shown long after its upload could be sent', async () => {
    const upload = await readyUpload(chat);
    await sendUploads(chat, [upload]);
    chat.clock.pass(1_000 * hour);
    expect(await get(bob, upload)).toMatchObject({ name: 'map.png' });
  });

  it('has no thumbnail and no dimensions when it is no image', async () => {
    const upload = await readyUpload(chat, { folder: imageFile(1).folder, type: 'application/pdf', size: 7 });
    await sendUploads(chat, [upload]);
    const shown = await get(bob, upload);
    expect(shown).toMatchObject({ type: 'application/pdf', size: 7 });
    expect(Object.keys(shown)).not.toEqual(expect.arrayContaining(['thumbnail_url']));
    expect(shown).not.toHaveProperty('width');
  });

  it('does not exist for users who may not read the room, also its sender who has left', async () => {
    const upload = await readyUpload(chat);
    await sendUploads(chat, [upload]);
    await expect(get(cat, upload)).rejects.toMatchObject(notFound);
    await removeMember(chat, ann, roomId, bob.userId);
    await expect(get(bob, upload)).rejects.toMatchObject(notFound);
  });

  it('does not exist once the message is deleted, although its upload is still stored', async () => {
    const upload = await readyUpload(chat);
    const message = await sendUploads(chat, [upload]);
    await deleteMessage(chat, { message, isPublishedByStream: () => false, verify: undefined });
    expect(await chat.uploads.get(upload)).toMatchObject({ state: 'attached', messageSeq: message.seq });
    for (const caller of [ann, bob]) await expect(get(caller, upload)).rejects.toMatchObject(notFound);
  });
});

describe('an upload that was not sent', () => {
  it('is shown to its own user alone, once it is checked', async () => {
    const upload = await declareImage(chat);
    await expect(get(ann, upload)).rejects.toMatchObject({ code: 'upload_not_checked', retryAfterMs: 1_000 });
    await expect(get(bob, upload)).rejects.toMatchObject(notFound);
    await chat.uploads.settle(upload, { file: imageFile(1) });
    expect(await get(ann, upload)).toMatchObject({ name: 'map.png', width: 4 });
    await expect(get(bob, upload)).rejects.toMatchObject(notFound);
    await expect(get(cat, upload)).rejects.toMatchObject(notFound);
  });

  it('is answered with the reason when it was refused', async () => {
    const upload = await declareImage(chat);
    await chat.uploads.settle(upload, { problem: 'type_mismatch' });
    await expect(get(ann, upload)).rejects.toMatchObject({ code: 'type_mismatch' });
    await expect(get(bob, upload)).rejects.toMatchObject(notFound);
  });

  it('does not exist once it can no longer be sent', async () => {
    const upload = await readyUpload(chat);
    chat.clock.pass(12 * hour);
    await expect(get(ann, upload)).rejects.toMatchObject(notFound);
  });
});

it.each([
  ['of no upload', encodeAttachmentId({ roomId, uploadKey: imageFile(1).folder.slice(0, 21) + 'w' })],
  [
    'of no room',
    encodeAttachmentId({ roomId: bob.userId, uploadKey: imageFile(1).folder.slice(0, 21) + 'w' }),
  ],
  ['that is none', 'x'],
])('an id %s is not found', async (_, id) => {
  await expect(getAttachment(chat, ann, id)).rejects.toMatchObject(notFound);
});
