import { expect, it } from 'vitest';
import type { Attachment, ChangeEntry, MessageEntry } from '../../../../shared/domain/model/log.ts';
import { fileSteps } from '../../../../shared/storage/entities/file-step.ts';
import { isPassedOn } from '../../../../shared/storage/stream-changes.ts';
import { entryItem } from '../../../../shared/storage/entities/log-entry.ts';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, start } from '../../../kit/memory-chat/system.ts';
import { record } from '../../../shared/storage/stream-records.ts';
import { base, message, openStream, stored } from '../open-stream.ts';

const image: Attachment = {
  uploadKey: 'u1',
  name: 'map.png',
  folder: 'f1',
  type: 'image/png',
  size: 9,
  width: 4,
  height: 3,
};
const text: Attachment = { uploadKey: 'u2', name: 'notes.txt', folder: 'f2', type: 'text/plain', size: 9 };
const withFiles = (seq: number, outbox: MessageEntry['outbox']): MessageEntry => ({
  ...message(seq),
  outbox,
  attachments: [image, text],
});
const deletion = (outbox: MessageEntry['outbox']): ChangeEntry => ({
  ...base,
  kind: 'delete',
  seq: 2,
  outbox,
  targetSeq: 1,
  userId: ann.userId,
  username: 'ann',
  removedFiles: [{ uploadKey: 'u2', folder: 'f2' }],
});

const below = (folder: string, ...names: string[]): string[] =>
  names.map((name) => `files/${roomId}/${folder}/${name}`);
const keeping = {
  kind: 'keep_files',
  keys: [...below('f1', 'original', '1280', '320', '96'), ...below('f2', 'original')],
};
const removing = {
  kind: 'remove_files',
  keys: below('f2', 'original', '1280', '320', '96'),
  uploads: [{ roomId, uploadKey: 'u2' }],
};

it.each([true, 'inbox', 'files'] as const)(
  'has the files of a message with the mark %s kept, and those of its deletion removed',
  async (outbox) => {
    const { ports, handle, errors } = await openStream();
    expect(await handle(stored(withFiles(1, outbox)), stored(deletion(outbox)))).toEqual([]);
    expect(errors).toEqual([]);
    expect(ports.enqueueCleanup.mock.calls).toEqual([[keeping], [removing]]);
  },
);

it('publishes no message that has the mark for its files alone', async () => {
  const { handle, typesTo } = await openStream();
  await handle(stored(withFiles(1, 'files')), stored(deletion('files')));
  expect(typesTo('b')).toEqual([]);
});

it('publishes a message with files that its writer left to the stream', async () => {
  const { handle, typesTo } = await openStream();
  await handle(stored(withFiles(1, true)));
  expect(typesTo('b')).toEqual(['chat_message']);
});

it('asks for nothing when a message has no files', async () => {
  const { ports, handle } = await openStream();
  await handle(stored(message(1)));
  expect(ports.enqueueCleanup).not.toHaveBeenCalled();
});

it('repeats the record when the cleanup function cannot be invoked', async () => {
  const { ports, handle } = await openStream();
  ports.enqueueCleanup.mockRejectedValueOnce(new Error('throttled'));
  const entry = stored(withFiles(1, 'files'));
  expect(await handle(entry)).toEqual(['s1']);
  expect(await handle(entry)).toEqual([]);
  expect(ports.enqueueCleanup).toHaveBeenCalledTimes(2);
});

it('asks for the files of many messages in several tasks', async () => {
  const { ports, handle } = await openStream();
  await handle(...Array.from({ length: 120 }, (_, index) => stored(withFiles(index + 1, 'files'))));
  const asked = ports.enqueueCleanup.mock.calls.map(([task]) => ('keys' in task ? task.keys.length : 0));
  expect(asked).toEqual([250, 250, 100]);
});

it('keeps the objects of a new picture, and removes those of the old one', async () => {
  const { ports, handle } = await openStream();
  const step = fileSteps.add({ stepKey: 'AAECAwQFBgcICQoLDA0ODw', keep: ['new'], remove: ['old'] }, start);
  const after = 'put' in step ? step.put : {};
  expect(await handle(record({ after, sequenceNumber: 'picture' }))).toEqual([]);
  expect(ports.enqueueCleanup.mock.calls).toEqual([
    [{ kind: 'keep_files', keys: ['new'] }],
    [{ kind: 'remove_files', keys: ['old'], uploads: [] }],
  ]);
});

it('is reached by messages with files, and by no others that their writer publishes', () => {
  const passes = (entry: MessageEntry): boolean => {
    const after = entryItem(entry);
    return isPassedOn({
      key: { pk: String(after['pk']), sk: String(after['sk']) },
      before: undefined,
      after,
    });
  };
  expect([passes(withFiles(1, 'files')), passes({ ...message(1), outbox: false })]).toEqual([true, false]);
});
