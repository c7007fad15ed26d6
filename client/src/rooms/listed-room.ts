/** One row of the list of the user's rooms, and how events change it. */
import type { Message, MessagePreview, MyRoom, RoomDetails } from '../contract/entities.ts';
import type { EventOf } from '../contract/events.ts';
import { previewOf } from './preview-of.ts';

/** A room of the user, as a list of rooms shows it. */
export interface ListedRoom extends MyRoom {
  /** The name to show: the other user's name for a direct room, otherwise the room's name. */
  display_name: string;
}

/** What an open room knows better than the list does. */
export interface OpenRoom {
  room_id: string;
  unread: number;
  /** The newest message that is stored; undefined when none is loaded. */
  last: Message | undefined;
  /** The highest seq that the room is known to have reached. */
  head: number;
}

/** A row with what is known of the order of its room's events. */
export interface Row {
  room: ListedRoom;
  /** The highest seq that is known of the room. */
  head: number;
  /** The seq of the event that the name and the description come from; 0 when they come from the list. */
  detailsSeq: number;
  /** The seq with which the user was added; 0 when it is not known. */
  addedSeq: number;
}

export function rowOf(room: MyRoom): Row {
  return {
    room: { ...room, display_name: room.peer?.username ?? room.room_name },
    head: room.last_message?.seq ?? 0,
    detailsSeq: 0,
    addedSeq: 0,
  };
}

/** Returns the row of a room that the user has just become a member of. */
export function newRow(room: RoomDetails, addedSeq: number): Row {
  const row = rowOf({ ...room, unread_count: 0, last_read_message_id: null, last_message: null });
  return { ...row, detailsSeq: addedSeq, addedSeq };
}

/** Returns the row with a new name or description; the same object when it shows those of a later event. */
export function withDetails(row: Row, details: RoomDetails, seq: number): Row {
  if (seq < row.detailsSeq) return row;
  const { unread_count, last_read_message_id, last_message, peer } = row.room;
  const changed = { ...details, unread_count, last_read_message_id, last_message };
  const { room } = rowOf(peer === undefined ? changed : { ...changed, peer });
  return { ...row, room, detailsSeq: seq };
}

/** Returns the row after the event; the same object when the event is older than what is known. */
export function withActivity(row: Row, event: EventOf<'room_activity'>): Row {
  const { head, unread_count, last_message } = event;
  if (head < row.head || seqOf(last_message) < seqOf(row.room.last_message)) return row;
  return { ...row, room: { ...row.room, unread_count, last_message }, head };
}

/** Returns the row as the open room shows it; the same object when it shows that already. */
export function withOpenRoom(row: Row, { unread, last }: OpenRoom): Row {
  const known = row.room.last_message;
  const isNewer = last !== undefined && seqOf(last) >= seqOf(known) && !isSameMessage(last, known);
  if (!isNewer && unread === row.room.unread_count) return row;
  return {
    ...row,
    room: { ...row.room, unread_count: unread, last_message: isNewer ? previewOf(last) : known },
    head: Math.max(row.head, seqOf(last ?? null)),
  };
}

/** Whether the row shows a newer message than before, and therefore moves to the top of the list. */
export function hasNewMessage(before: Row, after: Row): boolean {
  return seqOf(after.room.last_message) > seqOf(before.room.last_message);
}

const seqOf = (message: Pick<Message, 'seq'> | null): number => message?.seq ?? 0;

function isSameMessage(one: Message, other: MessagePreview | null): boolean {
  return one.seq === other?.seq && one.is_deleted === other.is_deleted && one.edited_at === other.edited_at;
}
