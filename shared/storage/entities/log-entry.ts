/** Entries of rooms' logs: messages, changes of messages, members and rooms, and void entries. */
import type { ChangeEntry, LogEntry, MessageEntry, RemovedFile, VoidEntry } from '../../domain/model/log.ts';
import type { Condition } from '../condition.ts';
import { accessPattern } from '../access-pattern.ts';
import { defineEntity, exists, isNew } from '../entity.ts';
import type { Item } from '../item.ts';
import { seqKey, seqKeyEnd, type Key } from '../keys.ts';
import {
  attributesOf,
  deletionAttributes,
  editAttributes,
  logEntryAttributes,
  parseEntry,
  removedFilesAttributes,
} from '../log-entry-codec.ts';
import { removePage } from '../remove-page.ts';
import type { Outcome, Step, Table, TransactionOutcome } from '../table.ts';
import { headSteps } from './head.ts';
import { uploadSteps } from './upload.ts';

export const logEntry = defineEntity({
  name: 'log entry',
  description:
    'a message, a change or a void entry; an edit or a deletion holds no content, so that a deletion leaves no copy',
  pk: 'LOG#{roomId}',
  sk: '{seq}',
  attributes: logEntryAttributes,
});

const entryKey = (roomId: string, seq: number): Key => logEntry.key({ roomId, seq: seqKey(seq) });

export const entryItem = (entry: LogEntry): Item => ({
  ...entryKey(entry.roomId, entry.seq),
  kind: entry.kind,
  ...attributesOf(entry),
});

/** An entry that is no void entry: under its seq the writer's own, because only one writer takes a seq. */
export const isWritten = (item: Item | undefined): boolean => item !== undefined && item['kind'] !== 'void';

export const isDeletedMessage = (item: Item | undefined): boolean =>
  item === undefined || item['deleted_at'] !== undefined;

/** The message exists and no later change was made to it. */
const isUnchangedSince = (seq: number): Condition => ({
  if: 'attribute_exists(pk) AND attribute_not_exists(deleted_at) AND (attribute_not_exists(edit_seq) OR edit_seq < :seq)',
  values: { ':seq': seq },
});

const putNew = (entry: LogEntry): Step => ({ put: entryItem(entry), condition: isNew });

const before = (seq: number): string => (seq === Number.MAX_SAFE_INTEGER ? seqKeyEnd : seqKey(seq - 1));

export const logEntryItems = (table: Table) => ({
  get: accessPattern(
    'GetItem',
    'Reads an entry.',
    async (roomId: string, seq: number): Promise<LogEntry | undefined> => {
      const item = await table.get(entryKey(roomId, seq));
      return item && parseEntry(item);
    },
  ),
  getMany: accessPattern(
    'BatchGetItem',
    'Reads several entries, of one room or of several.',
    async (positions: { roomId: string; seq: number }[], consistent: boolean): Promise<LogEntry[]> => {
      const items = await table.getMany(
        positions.map(({ roomId, seq }) => entryKey(roomId, seq)),
        { consistent },
      );
      return items.map(parseEntry);
    },
  ),
  listUp: accessPattern(
    'Query',
    'Reads entries between two seqs, ascending.',
    async (roomId: string, after: number, end: number, limit: number): Promise<LogEntry[]> => {
      const partition = logEntry.partition({ roomId });
      const items = await table.all({ partition, from: seqKey(after + 1), to: before(end), limit });
      return items.map(parseEntry);
    },
  ),
  listDown: accessPattern(
    'Query',
    'Reads entries below a seq, descending.',
    async (roomId: string, end: number, limit: number): Promise<LogEntry[]> => {
      const partition = logEntry.partition({ roomId });
      const items = await table.all({ partition, from: seqKey(1), to: before(end), limit, descending: true });
      return items.map(parseEntry);
    },
  ),
  removeSome: accessPattern(
    ['Query', 'BatchWriteItem'],
    "Deletes a part of a room's entries.",
    (roomId: string, limit: number): Promise<{ done: boolean }> =>
      removePage(table, { partition: logEntry.partition({ roomId }), limit }),
  ),
  put: accessPattern(
    'PutItem',
    'Stores an entry under a seq that has none.',
    (entry: LogEntry): Promise<Outcome> => table.put(entryItem(entry), isNew),
  ),
  putOnce: accessPattern(
    'TransactWriteItems',
    'Stores a message together with its send key, if it has one, and attaches the uploads that it shows.',
    (entry: MessageEntry, sendKey: Item | undefined): Promise<TransactionOutcome> =>
      table.transact([
        putNew(entry),
        ...(sendKey === undefined ? [] : [{ put: sendKey, condition: isNew }]),
        ...(entry.attachments ?? []).map(({ uploadKey }) =>
          uploadSteps.attach({ roomId: entry.roomId, uploadKey }, entry),
        ),
      ]),
  ),
  putEdit: accessPattern(
    'TransactWriteItems',
    'Stores an edit and changes the message, unless a later change was made to it.',
    (entry: ChangeEntry, content: string): Promise<TransactionOutcome> =>
      table.transact([
        putNew(entry),
        {
          update: entryKey(entry.roomId, entry.targetSeq),
          change: { set: editAttributes(entry, content) },
          condition: isUnchangedSince(entry.seq),
        },
      ]),
  ),
  putDeletion: accessPattern(
    'TransactWriteItems',
    "Stores a deletion and removes the message's content, unless a later change was made to it.",
    (entry: ChangeEntry): Promise<TransactionOutcome> =>
      table.transact([
        putNew(entry),
        {
          update: entryKey(entry.roomId, entry.targetSeq),
          change: { set: deletionAttributes(entry), remove: ['content', 'attachments'] },
          condition: isUnchangedSince(entry.seq),
        },
        headSteps.addDeletedMessage(entry.roomId, entry.targetSeq),
      ]),
  ),
  putVoids: accessPattern(
    'TransactWriteItems',
    'Stores void entries of one room, and counts those that had been taken for messages.',
    (entries: VoidEntry[], roomId: string, messageSeqs: number[]): Promise<TransactionOutcome> =>
      table.transact([
        ...entries.map(putNew),
        ...(messageSeqs.length === 0 ? [] : [headSteps.addVoids(roomId, messageSeqs)]),
      ]),
  ),
  renameUser: accessPattern(
    'UpdateItem',
    "Replaces a user's name in an entry: as its author, as the member or as the creator of the room that it is about. Takes the attachments from the user's messages.",
    (entry: LogEntry, userId: string, name: string): Promise<RemovedFile[]> =>
      renameIn((...change) => table.update(...change), entry, { userId, name }),
  ),
  forgetRemovedFiles: accessPattern(
    'UpdateItem',
    'Forgets the files that were taken from a message, once they are removed.',
    async ({ roomId, seq }: LogEntry): Promise<void> => {
      await table.update(entryKey(roomId, seq), { remove: ['removed_files'] }, exists);
    },
  ),
});

const hasAttachments: Condition = { if: 'attribute_exists(attachments)' };

/** Returns the files that were taken from the user's own message, now or by a run that ended before it removed them. */
async function renameIn(
  update: Table['update'],
  entry: LogEntry,
  { userId, name }: { userId: string; name: string },
): Promise<RemovedFile[]> {
  const set: Item = {};
  if ('userId' in entry && entry.userId === userId) set['username'] = name;
  if ('member' in entry && entry.member.userId === userId) set['member.username'] = name;
  if ('room' in entry && entry.room.creatorId === userId) set['room.creator_username'] = name;
  if (Object.keys(set).length === 0) return [];
  const { attachments = [], removedFiles = [] } = entry.kind === 'message' ? entry : {};
  const key = entryKey(entry.roomId, entry.seq);
  if (attachments.length === 0) {
    await update(key, { set }, exists);
    return removedFiles;
  }
  const files = attachments.map(({ uploadKey, folder }) => ({ uploadKey, folder }));
  const change = { set: { ...set, ...removedFilesAttributes(files) }, remove: ['attachments'] };
  const outcome = await update(key, change, hasAttachments);
  if (outcome.ok) return files;
  // The deletion of the message has taken them, or another run of the erasure, which may end before it removes them.
  return outcome.item === undefined ? [] : renameIn(update, parseEntry(outcome.item), { userId, name });
}
