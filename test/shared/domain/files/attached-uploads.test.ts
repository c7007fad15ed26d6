import { beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeAttachmentId } from '../../../../shared/domain/files/attachment-id.ts';
import { declareUpload } from '../../../../shared/domain/files/declare-upload.ts';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import { editMessage } from '../../../../shared/domain/messages/edit-message.ts';
import type { SentMessage } from '../../../../shared/domain/messages/send-message.ts';
import { sendWithAttachments } from '../../../../shared/domain/messages/send-with-attachments.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import type { LogEntry, MessageEntry } from '../../../../shared/domain/model/log.ts';
import type { CheckUpload } from '../../../../shared/domain/ports/files.ts';
import type { CheckedUpload, Upload } from '../../../../shared/domain/model/uploads.ts';
import { checkMicroDollars } from '../../../../shared/domain/rate-limits/charges.ts';
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
  content?: string;
  clientId?: string;
  checkUpload?: CheckUpload;
}

/** Sends a message with uploads as a handler does. */
async function send(
  uploads: (Upload | string)[],
  { caller = ann, content = 'look', clientId, checkUpload = chat.checkUpload }: Send = {},
): Promise<SentMessage> {
  const { userId, username } = caller;
  return sendWithAttachments(
    { ...chat, checkUpload },
    {
      roomId,
      userId,
      username,
      content,
      clientId,
      attachmentIds: uploads.map((one) => (typeof one === 'string' ? one : encodeAttachmentId(one))),
      isPublishedByStream: () => false,
      verify: async () => undefined,
    },
  );
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

describe('the content of a message with attachments', () => {
  const edit = (message: MessageEntry, content: string) =>
    editMessage(chat, { message, content, isPublishedByStream: () => false, verify: undefined });

  it('may be empty, and may become so', async () => {
    const { entry } = await send([await ready(1)], { content: '' });
    expect(await edit(entry, 'look')).toMatchObject({ message: { content: 'look' } });
    expect(await edit(entry, '')).toMatchObject({ message: { content: '', attachments: entry.attachments } });
  });

  it('must not become empty without them', async () => {
    const { entry } = await send([]);
    await expect(edit(entry, '')).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ path: 'content', message: expect.stringContaining('1 to 4000 characters') }],
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

  it('is answered with the original when its message was deleted and its uploads are gone', async () => {
    const upload = await ready(1);
    const { entry } = await send([upload], { clientId: 'c-1' });
    await deleteMessage(chat, { message: entry, isPublishedByStream: () => false, verify: undefined });
    vi.spyOn(chat.uploads, 'getMany').mockResolvedValue([]);
    expect(await send([upload], { clientId: 'c-1' })).toMatchObject({
      duplicate: true,
      entry: { seq: entry.seq, isDeleted: true },
    });
    await expect(send([upload], { clientId: 'c-1', content: 'other' })).rejects.toMatchObject({
      code: 'client_id_reused',
    });
    await expect(send([upload], { clientId: 'c-2' })).rejects.toMatchObject(refused('attachments.0'));
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
    await expect(send([declared])).rejects.toMatchObject({
      code: 'type_mismatch',
      message: 'map.png: The file is not of the type that was declared for it.',
    });
  });

  it('that was declared twelve hours before', async () => {
    const upload = await ready(1);
    chat.clock.pass(12 * hour);
    await expect(send([upload])).rejects.toMatchObject(refused('attachments.0'));
  });
});

describe('an attachment that is not checked', () => {
  const settling = (result: Parameters<MemoryChat['uploads']['settle']>[1]) =>
    vi.fn<CheckUpload>(async (place) => {
      await chat.uploads.settle(place, result);
      return true;
    });

  it('is checked by the send that names it, which is charged for it', async () => {
    const declared = await declare();
    const checkUpload = settling({ file: file(1) });
    const { entry } = await send([declared], { checkUpload });
    expect(entry.attachments).toMatchObject([file(1)]);
    expect(checkUpload.mock.calls).toEqual([[{ roomId, uploadKey: declared.uploadKey }]]);
    expect(chat.budgets.spent).toMatchObject([{ userId: ann.userId, costMicroDollars: checkMicroDollars }]);
  });

  it('is checked beside one that is', async () => {
    const [checked, declared] = [await ready(1), await declare()];
    const checkUpload = settling({ file: file(2) });
    const { entry } = await send([declared, checked], { checkUpload });
    expect(entry.attachments).toMatchObject([file(2), file(1)]);
    expect(checkUpload).toHaveBeenCalledOnce();
  });

  it('is refused with the reason when its check refuses it', async () => {
    const checkUpload = settling({ problem: 'unreadable_image' });
    await expect(send([await declare()], { checkUpload })).rejects.toMatchObject({
      code: 'unreadable_image',
    });
    expect(await messages()).toEqual([]);
  });

  it('is missing when its check finds no file', async () => {
    await expect(send([await declare()])).rejects.toMatchObject({ code: 'upload_missing' });
    expect(await messages()).toEqual([]);
  });

  it('can be sent again when its check takes longer, and no message is stored', async () => {
    const declared = await declare();
    const late = { code: 'try_again', retryAfterMs: 1_000 };
    const checkUpload = vi.fn<CheckUpload>(async () => false);
    await expect(send([declared], { checkUpload })).rejects.toMatchObject(late);
    await expect(send([declared], { checkUpload })).rejects.toMatchObject(late);
    expect(checkUpload).toHaveBeenCalledOnce();
    expect(await messages()).toEqual([]);
    chat.clock.pass(10_000);
    await send([declared], { checkUpload: settling({ file: file(1) }) });
    expect(await messages()).toHaveLength(1);
  });

  it('is checked once for sends at the same time', async () => {
    const declared = await declare();
    const checkUpload = vi.fn<CheckUpload>(async () => false);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => send([declared], { checkUpload })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    expect(checkUpload).toHaveBeenCalledOnce();
  });

  it('is not checked for another user', async () => {
    const checkUpload = vi.fn<CheckUpload>();
    await expect(send([await declare(bob)], { checkUpload })).rejects.toMatchObject(refused('attachments.0'));
    expect(checkUpload).not.toHaveBeenCalled();
    expect(chat.budgets.spent).toEqual([]);
  });
});

describe('what a send does before it stores the message', () => {
  const sendAfter = (beforeStoring: () => Promise<void>, attachmentIds: string[]) =>
    sendWithAttachments(chat, {
      roomId,
      userId: ann.userId,
      username: ann.username,
      content: 'look',
      clientId: undefined,
      attachmentIds,
      beforeStoring,
      isPublishedByStream: () => false,
      verify: undefined,
    });

  it('is done once the attachments are found, and not when they are refused', async () => {
    const join = vi.fn(async () => undefined);
    await expect(sendAfter(join, ['x'])).rejects.toMatchObject(refused('attachments.0'));
    expect(join).not.toHaveBeenCalled();
    await sendAfter(join, [encodeAttachmentId(await ready(1))]);
    await sendAfter(join, []);
    expect(join).toHaveBeenCalledTimes(2);
  });
});

describe('the key of addresses', () => {
  it('is read before a message with attachments is stored', async () => {
    const upload = await ready(1);
    chat.files.open = () => Promise.reject(new Error('no key'));
    await expect(send([upload])).rejects.toThrow('no key');
    expect(await messages()).toEqual([]);
    expect(await chat.uploads.get(upload)).toMatchObject({ state: 'ready' });
  });

  it('is not read for a message without them', async () => {
    await send([]);
    expect(chat.files.opened).toBe(0);
  });
});
