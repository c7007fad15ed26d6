/** How entries of a log are stored: the attributes of each kind, and those of earlier releases. */
import type {
  ChangeEntry,
  LogEntry,
  MembershipEntry,
  MessageEntry,
  RemovedFile,
  RoomEntry,
  VoidEntry,
} from '../domain/model/log.ts';
import { decodeMessageId } from '../domain/message-id.ts';
import {
  boolean,
  listOf,
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
} from './attributes.ts';
import { checkedUpload } from './checked-upload.ts';
import { memberFacts } from './member-attributes.ts';
import { roomFacts } from './entities/room.ts';
import type { Item } from './item.ts';
import { outbox } from './outbox.ts';

/** The attributes of every entry. */
const position = {
  roomId: text('room_id'),
  seq: number('seq'),
  at: number('at'),
  /** `Head.messageSeqs` at that seq. */
  messageSeqs: number('taken'),
  outbox,
};

const author = { userId: text('user_id'), username: text('username') };

const removedFiles = optional(
  listOf('removed_files', { uploadKey: text('upload_key'), folder: checkedUpload.folder }),
);

const messageAttributes = {
  ...author,
  content: withDefault(text('content'), ''),
  clientId: optional(text('client_id')),
  editedAtMs: optional(number('edited_at')),
  editSeq: optional(number('edit_seq')),
  attachments: optional(
    listOf('attachments', {
      uploadKey: text('upload_key'),
      name: text('file_name'),
      alt: optional(text('alt')),
      ...checkedUpload,
    }),
  ),
  removedFiles,
};
const changeAttributes = {
  ...author,
  targetSeq: number('target_seq'),
  removedFiles,
};
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
    joinedAtMs: time(memberFacts.joinedAtMs.name),
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
    createdAtMs: time(roomFacts.createdAtMs.name),
    /** Of earlier releases, instead of the attribute of the entry. */
    messageCount: optional(number('message_count')),
  }),
  messageCount: optional(number('message_count')),
};
const voidAttributes = {
  /** The seq had been counted as a message's. */
  wasMessage: boolean('was_message'),
};

const kinds = [
  'message',
  'edit',
  'delete',
  'member_added',
  'member_updated',
  'member_removed',
  'room_updated',
  'room_deleted',
  'void',
] as const;
const kind = oneOf('kind', kinds);
const isKnown = (stored: unknown): boolean =>
  typeof stored !== 'string' || kinds.some((one) => one === stored);

const optionalAttributes = (attributes: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([property, attribute]) => [property, optional(attribute)]),
  );

const deletedAtMs = optional(number('deleted_at'));

/** The attributes of all kinds together. */
export const logEntryAttributes = {
  kind,
  ...position,
  ...optionalAttributes({
    ...messageAttributes,
    ...changeAttributes,
    ...memberAttributes,
    ...roomAttributes,
    ...voidAttributes,
  }),
  deletedAtMs,
};

const message = mapCodec({
  ...position,
  ...messageAttributes,
  deletedAtMs,
});
const change = mapCodec({ ...position, ...changeAttributes });
const membership = mapCodec({ ...position, ...memberAttributes });
const roomChange = mapCodec({ ...position, ...roomAttributes });
const voidEntry = mapCodec({ ...position, ...voidAttributes });
const laterEntry = mapCodec({ ...position, userId: optional(author.userId) });

/**
 * An entry of a kind that only later releases know is read as a void entry: this release may run again after one that
 * wrote it, and has to serve the rest of the log.
 */
export function parseEntry(item: Item): LogEntry {
  if (!isKnown(item['kind'])) return { kind: 'void', ...laterEntry.parse(item), wasMessage: false };
  const entryKind = kind.parse(item['kind'], 'kind');
  switch (entryKind) {
    case 'message': {
      const { deletedAtMs, ...fields } = message.parse(item);
      return { kind: entryKind, ...fields, isDeleted: deletedAtMs !== undefined } satisfies MessageEntry;
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
      joinedAtMs: facts.joinedAtMs,
      ...(lastReadSeq === undefined ? {} : { lastRead: { seq: lastReadSeq } }),
    },
  };
}

const seqOf = (messageId: string | null | undefined): number | undefined =>
  typeof messageId === 'string' ? decodeMessageId(messageId).seq : undefined;

function encodeMembership({ member, ...fields }: MembershipEntry): Item {
  const { userId, username, role, joinedAtMs, lastRead } = member;
  const facts = { userId, username, role, joinedAtMs, lastReadSeq: lastRead?.seq };
  return membership.encode({ ...fields, member: facts });
}

function parseRoomChange(entryKind: RoomEntry['kind'], item: Item): RoomEntry {
  const { room, messageCount = room.messageCount ?? 0, ...fields } = roomChange.parse(item);
  const { messageCount: _count, ...facts } = room;
  return { kind: entryKind, ...fields, room: { roomId: fields.roomId, ...facts }, messageCount };
}

export function attributesOf(entry: LogEntry): Item {
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

/** The attributes that an edit changes in its message. */
export const editAttributes = ({ at, seq }: ChangeEntry, content: string): Item =>
  message.encode({ content, editedAtMs: at, editSeq: seq });

/** The attributes that a deletion sets in its message. */
export const deletionAttributes = ({ at }: ChangeEntry): Item => message.encode({ deletedAtMs: at });

/** The attributes of a message whose attachments are being removed, instead of them. */
export const removedFilesAttributes = (files: RemovedFile[]): Item => message.encode({ removedFiles: files });
