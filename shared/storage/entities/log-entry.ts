/** Entries of rooms' logs: messages, changes of messages, members and rooms, and void entries. */
import type {
  ChangeEntry,
  LogEntry,
  MembershipEntry,
  MessageEntry,
  RoomEntry,
  VoidEntry,
} from '../../domain/model.ts';
import { decodeMessageId } from '../../domain/message-id.ts';
import {
  boolean,
  map,
  mapCodec,
  nullable,
  number,
  numberCodec,
  oneOf,
  optional,
  text,
  withDefault,
  type Attribute,
  type Attributes,
} from '../attributes.ts';
import type { Condition } from '../condition.ts';
import { defineEntity, exists, isNew } from '../entity.ts';
import type { Item } from '../item.ts';
import { seqKey, seqKeyEnd, type Key } from '../keys.ts';
import { outbox } from '../outbox.ts';
import { removePage } from '../remove-page.ts';
import type { Outcome, Step, Table, TransactionOutcome } from '../table.ts';
import { headSteps } from './head.ts';
import { memberFacts } from './member.ts';
import { roomFacts } from './room.ts';

/** The attributes of every entry. */
const position = {
  roomId: text('room_id'),
  seq: number('seq'),
  at: number('at'),
  /** `Head.taken` at that seq. */
  taken: number('taken'),
  outbox,
};

const author = { userId: text('user_id'), username: text('username') };

const messageAttributes = {
  ...author,
  content: withDefault(text('content'), ''),
  clientId: optional(text('client_id')),
  editedAt: optional(number('edited_at')),
  editSeq: optional(number('edit_seq')),
};
const changeAttributes = { ...author, targetSeq: number('target_seq') };
/** In milliseconds; entries of earlier releases hold the text that clients see. */
const time = (name: string): Attribute<number> => ({
  ...number(name),
  parse: (stored, path) =>
    typeof stored === 'string' ? Date.parse(stored) : numberCodec.parse(stored, path),
});

const memberAttributes = {
  member: map('member', {
    userId: optional(text('user_id')),
    username: memberFacts.username,
    role: memberFacts.role,
    joinedAt: time(memberFacts.joinedAt.name),
    lastReadSeq: optional(number('last_read_seq')),
    /** Of earlier releases, instead of `user_id` and `last_read_seq`. */
    id: optional(text('id')),
    lastReadMessageId: optional(nullable(text('last_read_message_id'))),
  }),
};

const { roomId: _, ...roomFactsWithoutId } = roomFacts;
const roomAttributes = {
  room: map('room', {
    ...roomFactsWithoutId,
    createdAt: time(roomFacts.createdAt.name),
    /** Of earlier releases, instead of the attribute of the entry. */
    messageCount: optional(number('message_count')),
  }),
  messageCount: optional(number('message_count')),
};
const voidAttributes = {
  /** The seq had been counted as a message's. */
  wasMessage: boolean('was_message'),
};

const kind = oneOf('kind', [
  'message',
  'edit',
  'delete',
  'member_added',
  'member_updated',
  'member_removed',
  'room_updated',
  'room_deleted',
  'void',
]);

const optionalAttributes = (attributes: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([property, attribute]) => [property, optional(attribute)]),
  );

export const logEntry = defineEntity({
  name: 'log entry',
  description:
    'a message, a change or a void entry; an edit or a deletion holds no content, so that a deletion leaves no copy',
  pk: 'LOG#{roomId}',
  sk: '{seq}',
  attributes: {
    kind,
    ...position,
    ...optionalAttributes({
      ...messageAttributes,
      ...changeAttributes,
      ...memberAttributes,
      ...roomAttributes,
      ...voidAttributes,
    }),
    deletedAt: optional(number('deleted_at')),
  },
});

const message = mapCodec({
  ...position,
  ...messageAttributes,
  deletedAt: logEntry.attributes.deletedAt,
});
const change = mapCodec({ ...position, ...changeAttributes });
const membership = mapCodec({ ...position, ...memberAttributes });
const roomChange = mapCodec({ ...position, ...roomAttributes });
const voidEntry = mapCodec({ ...position, ...voidAttributes });

const entryKey = (roomId: string, seq: number): Key => logEntry.key({ roomId, seq: seqKey(seq) });

export function parseEntry(item: Item): LogEntry {
  const entryKind = kind.parse(item['kind'], 'kind');
  switch (entryKind) {
    case 'message': {
      const { deletedAt, ...fields } = message.parse(item);
      return { kind: entryKind, ...fields, isDeleted: deletedAt !== undefined } satisfies MessageEntry;
    }
    case 'edit':
    case 'delete':
      return { kind: entryKind, ...change.parse(item) } satisfies ChangeEntry;
    case 'member_added':
    case 'member_updated':
    case 'member_removed':
      return parseMembership(entryKind, item);
    case 'room_updated':
    case 'room_deleted':
      return parseRoomChange(entryKind, item);
    case 'void':
      return { kind: entryKind, ...voidEntry.parse(item) } satisfies VoidEntry;
  }
}

function parseMembership(entryKind: MembershipEntry['kind'], item: Item): MembershipEntry {
  const { member, ...fields } = membership.parse(item);
  const { userId = member.id, lastReadSeq = seqOf(member.lastReadMessageId), ...facts } = member;
  if (userId === undefined) throw new TypeError(`The entry ${fields.seq} of ${fields.roomId} has no member`);
  return {
    kind: entryKind,
    ...fields,
    member: {
      roomId: fields.roomId,
      userId,
      username: facts.username,
      role: facts.role,
      joinedAt: facts.joinedAt,
      ...(lastReadSeq === undefined ? {} : { lastRead: { seq: lastReadSeq } }),
    },
  };
}

const seqOf = (messageId: string | null | undefined): number | undefined =>
  typeof messageId === 'string' ? decodeMessageId(messageId).seq : undefined;

function encodeMembership({ member, ...fields }: MembershipEntry): Item {
  const { userId, username, role, joinedAt, lastRead } = member;
  const facts = { userId, username, role, joinedAt, lastReadSeq: lastRead?.seq };
  return membership.encode({ ...fields, member: facts });
}

function parseRoomChange(entryKind: RoomEntry['kind'], item: Item): RoomEntry {
  const { room, messageCount = room.messageCount ?? 0, ...fields } = roomChange.parse(item);
  const { messageCount: _count, ...facts } = room;
  return { kind: entryKind, ...fields, room: { roomId: fields.roomId, ...facts }, messageCount };
}

export const entryItem = (entry: LogEntry): Item => ({
  ...entryKey(entry.roomId, entry.seq),
  kind: entry.kind,
  ...attributesOf(entry),
});

function attributesOf(entry: LogEntry): Item {
  switch (entry.kind) {
    case 'message':
      return message.encode(entry);
    case 'edit':
    case 'delete':
      return change.encode(entry);
    case 'member_added':
    case 'member_updated':
    case 'member_removed':
      return encodeMembership(entry);
    case 'room_updated':
    case 'room_deleted':
      return roomChange.encode(entry);
    case 'void':
      return voidEntry.encode(entry);
  }
}

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
  /** Reads an entry. */
  get: async (roomId: string, seq: number): Promise<LogEntry | undefined> => {
    const item = await table.get(entryKey(roomId, seq));
    return item && parseEntry(item);
  },
  /** Reads several entries, of one room or of several. */
  getMany: async (positions: { roomId: string; seq: number }[], consistent: boolean): Promise<LogEntry[]> => {
    const items = await table.getMany(
      positions.map(({ roomId, seq }) => entryKey(roomId, seq)),
      { consistent },
    );
    return items.map(parseEntry);
  },
  /** Reads entries between two seqs, ascending. */
  listUp: async (roomId: string, after: number, end: number, limit: number): Promise<LogEntry[]> => {
    const partition = logEntry.partition({ roomId });
    const items = await table.all({ partition, from: seqKey(after + 1), to: before(end), limit });
    return items.map(parseEntry);
  },
  /** Reads entries below a seq, descending. */
  listDown: async (roomId: string, end: number, limit: number): Promise<LogEntry[]> => {
    const partition = logEntry.partition({ roomId });
    const items = await table.all({ partition, from: seqKey(1), to: before(end), limit, descending: true });
    return items.map(parseEntry);
  },
  /** Deletes a part of a room's entries and purge steps. */
  removeSome: (roomId: string, limit: number): Promise<{ done: boolean }> =>
    removePage(table, { partition: logEntry.partition({ roomId }), limit }),
  /** Stores an entry under a seq that has none. */
  put: (entry: LogEntry): Promise<Outcome> => table.put(entryItem(entry), isNew),
  /** Stores a message together with its send key. */
  putOnce: (entry: MessageEntry, sendKey: Item): Promise<TransactionOutcome> =>
    table.transact([putNew(entry), { put: sendKey, condition: isNew }]),
  /** Stores an edit and changes the message, unless a later change was made to it. */
  putEdit: (entry: ChangeEntry, content: string): Promise<TransactionOutcome> =>
    table.transact([
      putNew(entry),
      {
        update: entryKey(entry.roomId, entry.targetSeq),
        change: { set: message.encode({ content, editedAt: entry.at, editSeq: entry.seq }) },
        condition: isUnchangedSince(entry.seq),
      },
    ]),
  /** Stores a deletion and removes the message's content, unless a later change was made to it. */
  putDeletion: (entry: ChangeEntry): Promise<TransactionOutcome> =>
    table.transact([
      putNew(entry),
      {
        update: entryKey(entry.roomId, entry.targetSeq),
        change: { set: message.encode({ deletedAt: entry.at }), remove: ['content'] },
        condition: isUnchangedSince(entry.seq),
      },
      headSteps.addDeletedMessage(entry.roomId, entry.targetSeq),
    ]),
  /** Stores void entries of one room, and counts those that had been taken for messages. */
  putVoids: (entries: VoidEntry[], roomId: string, messageSeqs: number[]): Promise<TransactionOutcome> =>
    table.transact([
      ...entries.map(putNew),
      ...(messageSeqs.length === 0 ? [] : [headSteps.addVoids(roomId, messageSeqs)]),
    ]),
  /** Replaces a user's name in an entry: as its author, as the member or as the creator of the room that it is about. */
  renameUser: async (entry: LogEntry, userId: string, name: string): Promise<void> => {
    const set: Item = {};
    if ('userId' in entry && entry.userId === userId) set['username'] = name;
    if ('member' in entry && entry.member.userId === userId) set['member.username'] = name;
    if ('room' in entry && entry.room.creatorId === userId) set['room.creator_username'] = name;
    if (Object.keys(set).length > 0) await table.update(entryKey(entry.roomId, entry.seq), { set }, exists);
  },
});
