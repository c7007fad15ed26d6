/** Creates rooms of users that will be erased, and erases ann. */
import { eraseUser } from '../../../../shared/domain/accounts/erase-user.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import type { LogEntry } from '../../../../shared/domain/model/log.ts';
import { memberOf, roomOf, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann } from '../../../kit/memory-chat/system.ts';

export type RoomRequest = Parameters<typeof roomOf>[0];

/** Creates a room with members, and returns its id. */
export async function addRoom(chat: MemoryChat, request: RoomRequest, ...members: Caller[]): Promise<string> {
  const room = roomOf({ name: request!.roomId!, memberCount: members.length, ...request });
  await chat.rooms.create(
    room,
    members.map((caller) => memberOf(room, caller)),
    [],
  );
  return room.roomId;
}

/** Runs the erasure of ann for at most that many milliseconds. */
export const erase = (chat: MemoryChat, forMs = 60_000) =>
  eraseUser(chat, ann.userId, chat.clock.now() + forMs);

/** Returns the stored entries of a room. */
export const entriesOf = (chat: MemoryChat, roomId: string): LogEntry[] => chat.state.entries(roomId);
