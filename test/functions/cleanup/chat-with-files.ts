/** A room of ann and bob with files in every state, and the cleanup function, which can be made to end anywhere. */
import type { Checked, CheckedFile } from '../../../functions/uploads/check-file.ts';
import { checkUpload } from '../../../functions/uploads/check-upload.ts';
import { runStep } from '../../../functions/cleanup/run-step.ts';
import { contentHeaders } from '../../../shared/domain/files/content-headers.ts';
import { declareUpload } from '../../../shared/domain/files/declare-upload.ts';
import { incomingKey } from '../../../shared/domain/files/object-keys.ts';
import { sendMessage } from '../../../shared/domain/messages/send-message.ts';
import type { Caller } from '../../../shared/domain/model/accounts.ts';
import type { CleanupTask } from '../../../shared/domain/model/cleanup.ts';
import type { MessageEntry } from '../../../shared/domain/model/log.ts';
import type { Upload } from '../../../shared/domain/model/uploads.ts';
import { uploadStore } from '../../../shared/storage/entities/upload.ts';
import { erasureStore } from '../../../shared/storage/erasure-store.ts';
import { logStore } from '../../../shared/storage/log-store.ts';
import { memberStore } from '../../../shared/storage/member-store.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';
import type { Take } from '../../kit/memory-table/memory-table.ts';
import { openChat, roomId } from '../../kit/memory-chat/chat.ts';
import { bob } from '../../kit/memory-chat/system.ts';

/** Accepts every file, and makes two objects of it. */
export async function checkFile({ bytes }: { bytes: Uint8Array }): Promise<Checked<CheckedFile>> {
  const headers = contentHeaders('image/png', 'map.png');
  const objects = (['original', '96'] as const).map((name) => ({ name, bytes, headers }));
  return { file: { type: 'image/png', size: bytes.length, dimensions: { width: 4, height: 3 }, objects } };
}

export async function openChatWithFiles() {
  const chat = await openChat({}, bob);
  const declare = (caller: Caller): Promise<Upload> =>
    declareUpload(chat, caller, {
      roomId,
      file: { name: 'map.png', declaredType: 'image/png', declaredSize: 3 },
      quota: { files: 1_000, bytes: 10_000 },
    });

  async function post(caller: Caller): Promise<Upload> {
    const declared = await declare(caller);
    chat.objects.post(incomingKey(declared), 'map');
    return declared;
  }

  const check = (upload: Upload) => checkUpload({ ...chat, checkFile }, upload);

  async function ready(caller: Caller): Promise<Upload> {
    const posted = await post(caller);
    await check(posted);
    return posted;
  }

  async function send(caller: Caller, ...uploads: Upload[]): Promise<MessageEntry> {
    const attachments = await Promise.all(
      uploads.map(async ({ uploadKey, name }) => {
        const { file } = (await chat.uploads.get({ roomId, uploadKey }))!;
        return { uploadKey, name, ...file! };
      }),
    );
    const { entry } = await sendMessage(chat, {
      roomId,
      userId: caller.userId,
      username: caller.username,
      content: 'look',
      clientId: undefined,
      attachments,
      isPublishedByStream: () => false,
      verify: undefined,
    });
    return entry;
  }

  /** Runs a task with all that follow from it. `take` decides about each request to the table and the bucket. */
  async function run(first: CleanupTask, take?: Take): Promise<void> {
    const db = take && chat.table.as(take);
    const ports = {
      ...chat,
      ...(db && {
        rooms: roomStore(db),
        log: logStore(db),
        members: memberStore(db),
        uploads: uploadStore(db),
        erasures: erasureStore(db),
      }),
      objects: take ? chat.objects.as(take) : chat.objects,
      pause: async () => undefined,
    };
    const tasks = [first];
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift())
      await runStep({ ...ports, enqueueCleanup: async (next) => void tasks.push(next) }, task);
  }

  /** Runs a task until it ends at each of its requests, before or after it, and then whole. Returns how often it ended. */
  async function interrupt(task: CleanupTask, check: () => Promise<void> | void): Promise<number> {
    for (let end = 1; ; end += 1) {
      let count = 0;
      const crash = new Error('The function has ended');
      try {
        await run(task, async (step) => {
          count += 1;
          if (count < end) return step();
          if (end % 2 === 0) step();
          throw crash;
        });
        return end - 1;
      } catch (error) {
        if (error !== crash) throw error;
        await check();
      }
    }
  }

  const uploadsLeft = () => chat.table.partition(`UPLOAD#${roomId}`).map(({ sk }) => sk);
  const objectsLeft = () => [...chat.objects.all.keys()];
  const messages = async (): Promise<MessageEntry[]> =>
    (await chat.log.range(roomId, 0, 1_000, 1_000)).filter((entry) => entry.kind === 'message');

  /** The keys of the objects of attachments that a message shows and that do not exist. */
  async function missing(): Promise<string[]> {
    const shown = (await messages()).flatMap(({ attachments = [] }) => attachments);
    return shown
      .map(({ folder }) => `files/${roomId}/${folder}/original`)
      .filter((key) => !chat.objects.all.has(key));
  }

  return {
    chat,
    declare,
    post,
    check,
    ready,
    send,
    run,
    interrupt,
    uploadsLeft,
    objectsLeft,
    messages,
    missing,
  };
}

export type ChatWithFiles = Awaited<ReturnType<typeof openChatWithFiles>>;
