/** What is kept of a room on the device. */
import type { Message } from '../contract/entities.ts';
import type { Reading } from '../room/room-snapshot.ts';
import type { ReadMarker } from '../room/unread.ts';

/** A room at one moment: everything that a client needs to show it, and to resume its log from `frontier`. */
export interface StoredRoom {
  room_id: string;
  name: string;
  /** The seq up to which the messages are complete, each as it was after that entry. */
  frontier: number;
  /** The seq from which on they are. */
  floor: number;
  hasOlder: boolean;
  /** The user's own read marker; undefined while it is not known. */
  marker: ReadMarker | undefined;
  /** The read markers of others, by user id. */
  readers: ReadonlyMap<string, Reading>;
  /** By rising seq. */
  messages: readonly Message[];
}

/** The row of a room: the messages have rows of their own. */
export interface RoomRow extends Omit<StoredRoom, 'messages'> {
  /** The normalized names that the room was opened with. */
  names: readonly string[];
  /** Another one after each write. */
  version: number;
  /** When it was written last, in milliseconds since 1970. The room that was not used for longest is removed first. */
  used_at: number;
}

/** What a client knows of the rows in the database, from its last read or write of the room. */
export interface KnownRows {
  version: number;
  messages: ReadonlyMap<number, Message>;
}

/** What a room is looked up by. */
export interface RoomLookup {
  roomId: string | undefined;
  /** The normalized names by which the room was opened, while its id is not known. */
  names: readonly string[];
}

export interface RoomChange {
  room: StoredRoom;
  names: readonly string[];
  known: KnownRows | undefined;
  /** Whether the room replaces what is stored in any case: the server has said that it is void. */
  isReset: boolean;
  usedAtMs: number;
}

/** Whether two states of one message are stored alike. */
export function isSame(one: Message | undefined, other: Message): boolean {
  return (
    one === other ||
    (one?.message_id === other.message_id &&
      one.edited_at === other.edited_at &&
      one.content === other.content &&
      one.is_deleted === other.is_deleted &&
      // Their addresses are renewed.
      one.attachments?.[0]?.url === other.attachments?.[0]?.url)
  );
}
