/** The keys by which rooms are asked for: an id, or a name as a user typed it. */

/** What a room is asked for by. */
export interface RoomTarget {
  /** A name or id. */
  key: string;
  /** The id, if it is known. */
  roomId?: string | undefined;
  /** Whether a public room is created when none has the name. */
  mayCreate: boolean;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Brings a key into a form in which most spellings of one name are equal. Names that look alike stay different here;
 * only the server knows that they lead to one room.
 */
export function normalizeRoomKey(nameOrId: string): string {
  return nameOrId.normalize('NFKC').toLowerCase();
}

/** Returns the room id if the key is one; no room name has the form of an id. */
export function parseRoomId(nameOrId: string): string | undefined {
  const key = normalizeRoomKey(nameOrId);
  return uuid.test(key) ? key : undefined;
}
