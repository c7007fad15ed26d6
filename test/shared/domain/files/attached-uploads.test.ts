import { beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeAttachmentId } from '../../../../shared/domain/files/attachment-id.ts';
import { declareUpload } from '../../../../shared/domain/files/declare-upload.ts';
import { findAttachments } from '../../../../shared/domain/files/find-attachments.ts';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import { editMessage } from '../../../../shared/domain/messages/edit-message.ts';
import { sendMessage, type SentMessage } from '../../../../shared/domain/messages/send-message.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import type { LogEntry, MessageEntry } from '../../../../shared/domain/model/log.ts';
import type { CheckedUpload, Upload } from '../../../../shared/domain/model/uploads.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../../kit/memory-chat/system.ts';

const hour = 60 * 60 * 1_000;
const folder = (n: number): string => `AAECAwQFBgcICQoLDA0OD${n}`;
const file = (n: number): CheckedUpload => ({
  folder: folder(n),
  type: 'image/png',
  size: n,
  width: 4,
  height: 3,
});

let chat: MemoryChat;
beforeEach(async () => {
  chat = await openChat({}, bob);
});

const declare = (caller: Caller = ann): Promise<Upload> =>
  declareUpload(chat, caller, {
    roomId,
    file: { name: 'map.png', declaredType: 'image/png', declaredSize: 9, alt: 'a map' },
    quota: { files: 100, bytes: 10_000 },
  });

async function ready(n: number, caller: Caller = ann): Promise<Upload> {
  const declared = await declare(caller);
  await chat.uploads.settle(declared, { file: file(n) });
  return declared;
}

interface Send {
  caller?: Caller;
  clientId?: string;
  checkUpload?: (upload: { roomId: string; uploadKey: string }) => Promise<Upload | undefined>;
}

/** Sends a message with uploads as a handler does. */
async function send(
  uploads: (Upload | string)[],
  { caller = ann, clientId, checkUpload = (place) => chat.uploads.get(place) }: Send = {},
): Promise<SentMessage> {
  const { userId, username } = caller;
  const attachments = await findAttachments(
    { ...chat, checkUpload },
    {
      userId,
      roomId,
      attachmentIds: uploads.map((one) => (typeof one === 'string' ? one : encodeAttachmentId(one))),
      mayRepeat: clientId !== undefined,
    },
  );
  return sendMessage(chat, {
    roomId,
    userId,
    username,
    content: 'look',
    clientId,
    attachments,
    isPublishedByStream: () => false,
    verify: async () => undefined,
  });
}

const refused = (path: string) => ({
  code: 'invalid_request',
  fields: [{ path, message: expect.stringContaining('must be uploads of yours') }],
});

const messages = async (): Promise<MessageEntry[]> =>
  (await chat.log.range(roomId, 0, 1_000, 1_000)).filter((entry) => entry.kind === 'message');

describe('a message with attachments', () => {
  it.each([undefined, 'c-1'])(
    'shows what was checked, in the order of the send (client_id %s)',
    async (clientId) => {
      const [first, second] = [await ready(1), await ready(2)];
      const { entry } = await send([second, first], { ...(clientId !== undefined && { clientId }) });
      const shown = [
        { uploadKey: second.uploadKey, name: 'map.png', alt: 'a map', ...file(2) },
        { uploadKey: first.uploadKey, name: 'map.png', alt: 'a map', ...file(1) },
      ];
      expect(entry.attachments).toEqual(shown);
      expect(await chat.log.get(roomId, entry.seq)).toEqual(entry);
      expect(await chat.uploads.get(first)).toMatchObject({ state: 'attached' });
      expect(chat.table.partition(`UPLOAD#${roomId}`).map(({ ttl }) => ttl)).toEqual([undefined, undefined]);
    },
  );

  it('keeps them when it is edited', async () => {
    const { entry } = await send([await ready(1)]);
    await editMessage(chat, {
      message: entry,
      content: 'look here',
      isPublishedByStream: () => false,
      verify: undefined,
    });
    expect(await messages()).toMatchObject([{ content: 'look here', attachments: entry.attachments }]);
  });

  it('loses them when it is deleted, and the deletion names their folders', async () => {
    const { entry } = await send([await ready(1), await ready(2)]);
    await deleteMessage(chat, { message: entry, isPublishedByStream: () => false, verify: undefined });
    const [deleted, deletion] = (await chat.log.range(roomId, 0, 100, 100)) as [LogEntry, LogEntry];
    expect(deleted).toMatchObject({ kind: 'message', isDeleted: true });
    expect(deleted).not.toHaveProperty('attachments');
    expect(deletion).toMatchObject({
      kind: 'delete',
      removedFiles: entry.attachments!.map(({ uploadKey, folder }) => ({ uploadKey, folder })),
    });
  });
});

describe('an upload is attached once', () => {
  it('by messages one after the other', async () => {
    const upload = await ready(1);
    await send([upload]);
    await expect(send([upload])).rejects.toMatchObject(refused('attachments.0'));
    expect(await messages()).toHaveLength(1);
  });

  it('by messages at the same time, of which the others leave no gap', async () => {
    const upload = await ready(1);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => send([upload], { clientId: `c-${n}` })),
    );
    const failed = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    expect(failed).toHaveLength(7);
    for (const error of failed) expect(error).toMatchObject({ code: 'invalid_request' });
    const entries = await chat.log.range(roomId, 0, 1_000, 1_000);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    expect(await messages()).toHaveLength(1);
  });

  it('or not at all, when another upload of the message is not available', async () => {
    const [first, second] = [await ready(1), await ready(2)];
    await send([second]);
    await expect(send([first, second], { clientId: 'c-1' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    expect(await chat.uploads.get(first)).toMatchObject({ state: 'ready' });
    await send([first], { clientId: 'c-1' });
  });
});

describe('a repeated send', () => {
  it('with the same attachments is answered with the original, also after they could be sent', async () => {
    const upload = await ready(1);
    const { entry } = await send([upload], { clientId: 'c-1' });
    expect(await send([upload], { clientId: 'c-1' })).toMatchObject({ entry, duplicate: true });
    chat.clock.pass(13 * hour);
    expect(await send([upload], { clientId: 'c-1' })).toMatchObject({ entry, duplicate: true });
    expect(await messages()).toHaveLength(1);
  });

  it('with other attachments, or without them, is refused', async () => {
    await send([await ready(1)], { clientId: 'c-1' });
    await expect(send([await ready(2)], { clientId: 'c-1' })).rejects.toMatchObject({
      code: 'client_id_reused',
    });
    await expect(send([], { clientId: 'c-1' })).rejects.toMatchObject({ code: 'client_id_reused' });
  });

  it('whose first answer was lost is stored once', async () => {
    const upload = await ready(1);
    const putMessage = chat.log.putMessage.bind(chat.log);
    vi.spyOn(chat.log, 'putMessage').mockImplementationOnce(async (entry, hash) => {
      await putMessage(entry, hash);
      return putMessage(entry, hash);
    });
    expect(await send([upload])).toMatchObject({ duplicate: false });
    expect(await messages()).toHaveLength(1);
  });
});

describe('an attachment is refused', () => {
  it.each([
    ['of another user', async () => ready(1, bob)],
    [
      'of another room',
      async () => encodeAttachmentId({ roomId: bob.userId, uploadKey: folder(1).slice(0, 21) + 'w' }),
    ],
    [
      'that does not exist',
      async () => encodeAttachmentId({ roomId, uploadKey: folder(1).slice(0, 21) + 'w' }),
    ],
    ['whose id is none', async () => 'x'],
  ])('%s', async (_, make) => {
    const upload = await make();
    const own = await ready(2);
    await expect(send([own, upload])).rejects.toMatchObject(refused('attachments.1'));
    expect(await messages()).toEqual([]);
  });

  it('that was refused by its check', async () => {
    const declared = await declare();
    await chat.uploads.settle(declared, { problem: 'type_mismatch' });
    await expect(send([declared])).rejects.toMatchObject(refused('attachments.0'));
  });

  it('that was declared twelve hours before', async () => {
    const upload = await ready(1);
    chat.clock.pass(12 * hour);
    await expect(send([upload])).rejects.toMatchObject(refused('attachments.0'));
  });
});

describe('an attachment that is not checked', () => {
  it('is checked by the send that names it', async () => {
    const declared = await declare();
    const checkUpload = vi.fn((place: Upload) => chat.uploads.settle(place, { file: file(1) }));
    const { entry } = await send([declared], { checkUpload: checkUpload as never });
    expect(entry.attachments).toMatchObject([file(1)]);
    expect(checkUpload.mock.calls).toEqual([[{ roomId, uploadKey: declared.uploadKey }]]);
  });

  it('can be sent again when its check takes longer, and no message is stored', async () => {
    const declared = await declare();
    await expect(send([declared])).rejects.toMatchObject({ code: 'try_again', retryAfterMs: 1_000 });
    expect(await messages()).toEqual([]);
  });

  it('is not checked for another user', async () => {
    const checkUpload = vi.fn();
    await expect(send([await declare(bob)], { checkUpload })).rejects.toMatchObject(refused('attachments.0'));
    expect(checkUpload).not.toHaveBeenCalled();
  });
});
