/** Makes entries of the log for the tests of rooms and members, and looks names up. */
import type { MembershipEntry, RoomEntry } from '../../../shared/domain/model/log.ts';
import type { Room } from '../../../shared/domain/model/rooms.ts';
import type { Table } from '../../../shared/storage/table.ts';
import { memberOf } from '../../kit/memory-chat/chat.ts';
import { bob, start } from '../../kit/memory-chat/system.ts';
import { keys } from './stored-keys.ts';

/** Returns the id of the room to which a stored name leads. */
export const idOf = async (table: Table, name: string): Promise<unknown> =>
  (await table.get(keys.roomName(name)))?.['room_id'];

/** Returns the entry of a change of a room. */
export function roomEntry(room: Room, seq: number, kind: RoomEntry['kind'] = 'room_updated'): RoomEntry {
  return {
    kind,
    roomId: room.roomId,
    seq,
    at: start,
    messageSeqs: 0,
    outbox: true,
    room,
    messageCount: 0,
  };
}

/** Returns the entry of a new member. */
export function memberEntry(room: Room, seq: number, caller = bob): MembershipEntry {
  const member = memberOf(room, caller);
  return { kind: 'member_added', roomId: room.roomId, seq, at: start, messageSeqs: 0, outbox: true, member };
}
