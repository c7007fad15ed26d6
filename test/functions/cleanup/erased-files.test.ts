import { beforeEach, describe, expect, it } from 'vitest';
import { checkUpload } from '../../../functions/uploads/check-upload.ts';
import { folderOfPictures } from '../../../shared/domain/files/object-keys.ts';
import type { CleanupTask } from '../../../shared/domain/model/cleanup.ts';
import { roomId } from '../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../kit/memory-chat/system.ts';
import { checkFile, openChatWithFiles, type ChatWithFiles } from './chat-with-files.ts';

let fixture: ChatWithFiles;
beforeEach(async () => {
  fixture = await openChatWithFiles();
});

describe('the erasure of an account', () => {
  const erasure: CleanupTask = { kind: 'erasure', userId: bob.userId, step: 0 };

  it('leaves the messages without their attachments, and removes the files', async () => {
    const { ready, send, run, uploadsLeft, objectsLeft, messages } = fixture;
    const own = await send(bob, await ready(bob), await ready(bob));
    const others = await send(ann, await ready(ann));
    await run(erasure);
    expect(await messages()).toEqual(
      [{ ...own, username: 'deleted user', attachments: undefined }, others].map(
        ({ attachments, ...entry }) => (attachments === undefined ? entry : { ...entry, attachments }),
      ),
    );
    const folder = `files/${roomId}/${others.attachments![0]!.folder}`;
    expect(objectsLeft()).toEqual([`${folder}/original`, `${folder}/96`]);
    expect(uploadsLeft()).toEqual([others.attachments![0]!.uploadKey]);
  });

  it('removes uploads that were not sent, and pictures', async () => {
    const { chat, declare, post, ready, run, uploadsLeft, objectsLeft } = fixture;
    await ready(bob);
    await post(bob);
    await declare(bob);
    const others = await ready(ann);
    chat.objects.post(`${folderOfPictures(bob.userId)}AAECAwQFBgcICQoLDA0ODw/96`, 'bob');
    chat.objects.post(`${folderOfPictures(ann.userId)}AAECAwQFBgcICQoLDA0ODw/96`, 'ann');
    await run(erasure);
    expect(uploadsLeft()).toEqual([others.uploadKey]);
    expect(objectsLeft().filter((key) => !key.startsWith(`files/${roomId}`))).toEqual([
      `${folderOfPictures(ann.userId)}AAECAwQFBgcICQoLDA0ODw/96`,
    ]);
    expect(objectsLeft()).toHaveLength(3);
  });

  it('is completed after it ended anywhere, and at no time does a message show a file that cannot be had', async () => {
    const { post, ready, send, interrupt, uploadsLeft, objectsLeft, messages, missing } = fixture;
    await send(bob, await ready(bob), await ready(bob));
    await send(ann, await ready(ann));
    await ready(bob);
    await post(bob);
    const ends = await interrupt(erasure, async () => expect(await missing()).toEqual([]));
    expect(ends).toBeGreaterThan(10);
    expect(await missing()).toEqual([]);
    expect([uploadsLeft().length, objectsLeft().length]).toEqual([1, 2]);
    expect((await messages()).flatMap(({ removedFiles = [] }) => removedFiles)).toEqual([]);
  });

  it('leaves nothing that has an address when a check runs at the same time', async () => {
    const { chat, post, run, uploadsLeft, objectsLeft } = fixture;
    const posted = await post(bob);
    const late = checkUpload(
      {
        ...chat,
        checkFile: async (file) => {
          await run(erasure);
          return checkFile(file);
        },
      },
      posted,
    );
    expect(await late).toBeUndefined();
    expect([uploadsLeft(), objectsLeft()]).toEqual([[], []]);
  });

  it('lets no send that is under way store a message with files', async () => {
    const { chat, ready, send, run, uploadsLeft, objectsLeft, messages } = fixture;
    const upload = await ready(bob);
    const { putMessage } = chat.log;
    chat.log.putMessage = async (entry, hash) => {
      await run(erasure);
      return putMessage(entry, hash);
    };
    await expect(send(bob, upload)).rejects.toMatchObject({ code: 'invalid_request' });
    expect([await messages(), uploadsLeft(), objectsLeft()]).toEqual([[], [], []]);
  });

  it('is seen by a declaration at the same time, which is refused', async () => {
    const { chat, declare } = fixture;
    const { declare: put } = chat.uploads;
    chat.uploads.declare = async (upload) => {
      await chat.revocations.revoke(bob.sessionId, bob.tokenEndsAtMs);
      return put(upload);
    };
    await expect(declare(bob)).rejects.toMatchObject({ code: 'unauthorized' });
  });
});
