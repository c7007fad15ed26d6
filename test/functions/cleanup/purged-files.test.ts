import { beforeEach, describe, expect, it } from 'vitest';
import { checkUpload } from '../../../functions/uploads/check-upload.ts';
import { incomingKey } from '../../../shared/domain/files/object-keys.ts';
import { deleteRoom } from '../../../shared/domain/rooms/delete-room.ts';
import type { CleanupTask } from '../../../shared/domain/model/cleanup.ts';
import { roomId } from '../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../kit/memory-chat/system.ts';
import { checkFile, openChatWithFiles, type ChatWithFiles } from './chat-with-files.ts';

let fixture: ChatWithFiles;
beforeEach(async () => {
  fixture = await openChatWithFiles();
});

describe('the purge of a room', () => {
  const purge: CleanupTask = { kind: 'purge', roomId };

  it('removes files and uploads in every state', async () => {
    const { chat, declare, post, ready, send, run, uploadsLeft, objectsLeft } = fixture;
    await send(ann, await ready(ann), await ready(ann));
    await ready(bob);
    await post(bob);
    await declare(ann);
    await deleteRoom(chat, ann, roomId);
    await run(purge);
    expect([uploadsLeft(), objectsLeft()]).toEqual([[], []]);
  });

  it('removes more files and uploads than one request takes', async () => {
    const { chat, ready, run, uploadsLeft, objectsLeft } = fixture;
    for (let count = 0; count < 120; count += 1) await ready(ann);
    for (let count = 0; count < 1_200; count += 1)
      chat.objects.post(`files/${roomId}/${String(count).padStart(22, 'A')}/original`, 'x');
    await deleteRoom(chat, ann, roomId);
    await run(purge);
    expect([uploadsLeft(), objectsLeft()]).toEqual([[], []]);
  });

  it('leaves the files of other rooms', async () => {
    const { chat, run, objectsLeft } = fixture;
    await deleteRoom(chat, ann, roomId);
    chat.objects.post(`files/${bob.userId}/AAECAwQFBgcICQoLDA0ODw/original`, 'x');
    await run(purge);
    expect(objectsLeft()).toHaveLength(1);
  });

  it('is completed after it ended anywhere', async () => {
    const { chat, post, ready, send, interrupt, uploadsLeft, objectsLeft } = fixture;
    await send(ann, await ready(ann), await ready(ann));
    await post(bob);
    await deleteRoom(chat, ann, roomId);
    expect(await interrupt(purge, () => undefined)).toBeGreaterThan(10);
    expect([uploadsLeft(), objectsLeft()]).toEqual([[], []]);
  });

  it('leaves nothing that has an address when a check runs at the same time', async () => {
    const { chat, post, run, uploadsLeft, objectsLeft } = fixture;
    const posted = await post(ann);
    await deleteRoom(chat, ann, roomId);
    const late = checkUpload(
      {
        ...chat,
        checkFile: async (file) => {
          await run(purge);
          return checkFile(file);
        },
      },
      posted,
    );
    expect(await late).toBeUndefined();
    expect([uploadsLeft(), objectsLeft()]).toEqual([[], []]);
  });

  it('removes what is posted afterwards with the form of an upload', async () => {
    const { chat, declare, check, run, objectsLeft } = fixture;
    const declared = await declare(ann);
    await deleteRoom(chat, ann, roomId);
    await run(purge);
    chat.objects.post(incomingKey(declared), 'map');
    expect(await check(declared)).toBeUndefined();
    expect(objectsLeft()).toEqual([]);
  });

  it('lets no send that is under way store a message with files', async () => {
    const { chat, ready, send, run, uploadsLeft, objectsLeft } = fixture;
    const upload = await ready(ann);
    const { putMessage } = chat.log;
    chat.log.putMessage = async (entry, hash) => {
      await deleteRoom({ ...chat, log: { ...chat.log, putMessage } }, ann, roomId);
      await run(purge);
      return putMessage(entry, hash);
    };
    await expect(send(ann, upload)).rejects.toMatchObject({ code: 'not_found' });
    expect([chat.state.entries(), uploadsLeft(), objectsLeft()]).toEqual([[], [], []]);
  });

  it('is seen by a declaration at the same time, which is refused', async () => {
    const { chat, declare, run } = fixture;
    const { declare: put } = chat.uploads;
    chat.uploads.declare = async (upload) => {
      await deleteRoom(chat, ann, roomId);
      await run(purge);
      return put(upload);
    };
    await expect(declare(ann)).rejects.toMatchObject({ code: 'not_found' });
  });
});
