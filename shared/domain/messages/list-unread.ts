/** Counts what the caller has not read in all of their rooms: two requests for up to 50 rooms. */
import type { UnreadRooms } from '../../contract/entities.ts';
import { openCursor, sealCursor, type ListName } from '../cursor.ts';
import type { Caller } from '../model/accounts.ts';
import type { CursorSeal, MemberStore } from '../ports/rooms.ts';
import type { UnreadStore } from '../ports/unread.ts';
import { countInRooms, type UnreadPorts } from './unread.ts';

/** Rooms that one answer counts: as many as four requests read, besides the archives of rooms with an old marker. */
const roomsPerPage = 200;

export interface ListUnreadPorts extends UnreadPorts {
  members: Pick<MemberStore, 'listOfUser'>;
  unread: UnreadPorts['unread'] & Pick<UnreadStore, 'getHeads'>;
  cursors: CursorSeal;
}

/**
 * Returns the caller's rooms with unread messages, and their number in all rooms of the page. Eventually consistent.
 * @throws ChatError `invalid_request` for an invalid cursor.
 */
export async function listUnread(
  ports: ListUnreadPorts,
  { userId }: Caller,
  cursor: string | undefined,
): Promise<{ items: UnreadRooms; next: string | undefined }> {
  const list: ListName = ['listUnread', userId];
  const [after] = cursor === undefined ? [] : await openCursor(ports, list, cursor);
  const { items, next } = await ports.members.listOfUser(userId, roomsPerPage, after);
  const heads = await ports.unread.getHeads(
    userId,
    items.map(({ roomId }) => roomId),
  );
  const rooms = items.flatMap(({ roomId, lastRead }) => {
    const current = heads.get(roomId);
    // The members of a deleted room stay until it is purged.
    const isGone = current === undefined || current.head.closedAtMs !== undefined;
    return isGone ? [] : [{ ...current, marker: lastRead }];
  });
  const counts = await countInRooms(ports, userId, rooms);
  const unread = [...counts].filter(([, count]) => count > 0);
  return {
    items: {
      total: unread.reduce((sum, [, count]) => sum + count, 0),
      rooms: unread.map(([roomId, count]) => ({ room_id: roomId, unread_count: count })),
    },
    next: next && (await sealCursor(ports, list, [next])),
  };
}
