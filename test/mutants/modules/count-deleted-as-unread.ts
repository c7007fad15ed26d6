/** Defect: unread counts include deleted messages. */
import type { Head } from '../../../shared/domain/model/rooms.ts';
import * as original from '../../../shared/domain/messages/unread.ts';

export * from '../../../shared/domain/messages/unread.ts';

export const countUnread: typeof original.countUnread = (ports, input) =>
  original.countUnread(ports, { ...input, head: input.head && withoutDeleted(input.head) });

export const countUnreadInRooms: typeof original.countUnreadInRooms = (ports, userId, rooms) =>
  original.countUnreadInRooms(
    ports,
    userId,
    rooms.map((room) => ({ ...room, head: withoutDeleted(room.head) })),
  );

function withoutDeleted(head: Head): Head {
  return { ...head, dead: original.noSeqs };
}
