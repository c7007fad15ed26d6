/** Entries of a room's log, as items. */
import type { Member as MemberView, Room as RoomView } from '../contract/entities.ts';
import type { LogEntry, MembershipEntry, MessageEntry, RoomEntry } from '../domain/model.ts';
import { keys } from './keys.ts';
import type { Item } from './item.ts';
import { toRole } from './member-role.ts';

/** The stream's filter looks for this: an entry whose publishing is left to the reaction. */
const outbox = 'stream';

export function entryItem(entry: LogEntry): Item {
  return {
    ...keys.entry(entry.roomId, entry.seq),
    kind: entry.kind,
    room_id: entry.roomId,
    seq: entry.seq,
    at: entry.at,
    taken: entry.taken,
    ...(entry.outbox ? { outbox } : {}),
    ...kindAttributes(entry),
  };
}

function kindAttributes(entry: LogEntry): Item {
  switch (entry.kind) {
    case 'message':
      return {
        user_id: entry.userId,
        username: entry.username,
        content: entry.content,
        ...(entry.clientId === undefined ? {} : { client_id: entry.clientId }),
      };
    case 'edit':
    case 'delete':
      return { user_id: entry.userId, username: entry.username, target_seq: entry.targetSeq };
    case 'member_added':
    case 'member_updated':
    case 'member_removed':
      return { member: entry.member };
    case 'room_updated':
    case 'room_deleted':
      return { room: entry.room };
    case 'void':
      return { was_message: entry.wasMessage };
  }
}

export function toEntry(item: Item): LogEntry {
  const base = {
    roomId: item['room_id'] as string,
    seq: item['seq'] as number,
    at: item['at'] as number,
    taken: item['taken'] as number,
    outbox: item['outbox'] === outbox,
  };
  const kind = item['kind'] as LogEntry['kind'];
  switch (kind) {
    case 'message':
      return { ...base, kind, ...messageAttributes(item) };
    case 'edit':
    case 'delete':
      return {
        ...base,
        kind,
        targetSeq: item['target_seq'] as number,
        userId: item['user_id'] as string,
        username: item['username'] as string,
      };
    case 'member_added':
    case 'member_updated':
    case 'member_removed':
      return { ...base, kind, member: toMemberView(item['member'] as MemberView) } satisfies MembershipEntry;
    case 'room_updated':
    case 'room_deleted':
      return { ...base, kind, room: item['room'] as RoomView } satisfies RoomEntry;
    case 'void':
      return { ...base, kind, wasMessage: item['was_message'] as boolean };
  }
}

function toMemberView(member: MemberView): MemberView {
  return { ...member, role: toRole(member.role) };
}

function messageAttributes(
  item: Item,
): Omit<MessageEntry, 'kind' | 'roomId' | 'seq' | 'at' | 'taken' | 'outbox'> {
  const deletedAt = item['deleted_at'] as number | undefined;
  const editedAt = item['edited_at'] as number | undefined;
  return {
    userId: item['user_id'] as string,
    username: item['username'] as string,
    content: (item['content'] as string | undefined) ?? '',
    ...(item['client_id'] === undefined ? {} : { clientId: item['client_id'] as string }),
    ...(editedAt === undefined ? {} : { editedAt }),
    ...(item['edit_seq'] === undefined ? {} : { editSeq: item['edit_seq'] as number }),
    isDeleted: deletedAt !== undefined,
  };
}
