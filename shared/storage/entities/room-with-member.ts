/** Reads a room together with its head and one member, as most requests about a room need them. */
import type { Head, Member, Room } from '../../domain/model/rooms.ts';
import { accessPattern } from '../access-pattern.ts';
import { head, parseHead } from './head.ts';
import { member, parseMember } from './member.ts';
import { parseRoom, room } from './room.ts';
import type { Item } from '../item.ts';
import { findItem, type Key } from '../keys.ts';
import type { Table } from '../table.ts';

/** A room with its head, as one user may see it. */
export interface RoomWithMember {
  room: Room;
  head: Head;
  member: Member | undefined;
}

/** The items from which {@link parseRoomWithMember} reads. */
export const roomWithMemberKeys = (roomId: string, userId: string): Key[] => [
  room.key({ roomId }),
  head.key({ roomId }),
  member.key({ roomId, userId }),
];

/** From items that were read together; undefined when the room is gone. */
export function parseRoomWithMember(
  items: readonly Item[],
  roomId: string,
  userId: string,
): RoomWithMember | undefined {
  const roomFound = findItem(items, room.key({ roomId }));
  const headFound = findItem(items, head.key({ roomId }));
  const parsed = roomFound && parseRoom(roomFound);
  if (parsed === undefined || headFound === undefined) return undefined;
  const memberFound = findItem(items, member.key({ roomId, userId }));
  return { room: parsed, head: parseHead(headFound), member: memberFound && parseMember(memberFound) };
}

export const roomWithMemberItems = (table: Table) => ({
  getWithRoom: accessPattern(
    'BatchGetItem',
    'Reads a room with its head and one member, in one request.',
    async (roomId: string, userId: string): Promise<RoomWithMember | undefined> => {
      return parseRoomWithMember(await table.getMany(roomWithMemberKeys(roomId, userId)), roomId, userId);
    },
  ),
});
