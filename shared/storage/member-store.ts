/** Members, with the outcomes of changes that lost a race. */
import { ChatError } from '../domain/chat-error.ts';
import type { MemberStore } from '../domain/ports/rooms.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import { entryItem } from './entities/log-entry.ts';
import { memberItems, parseLeavingMember, parseMember } from './entities/member.ts';
import { parseRoom, roomItems } from './entities/room.ts';
import type { Item } from './item.ts';
import type { Table } from './table.ts';

const isRoomGone = (failure: { item: Item | undefined } | undefined): boolean =>
  failure !== undefined && (failure.item === undefined || parseRoom(failure.item) === undefined);

export function memberStore(table: Table): MemberStore {
  const members = memberItems(table);
  const rooms = roomItems(table);
  return {
    get: members.get,
    getMany: members.getMany,
    list: members.list,
    listOfUser: members.listOfUser,
    async join(member) {
      // Not in one transaction: when thousands come to a room together, their transactions would cancel each other.
      const [isJoined, isCounted] = await waitForAll([
        members.join(member),
        rooms.countMember(member.roomId, 1),
      ]);
      // Another socket of the same user was faster.
      if (!isJoined && isCounted) await rooms.countMember(member.roomId, -1);
    },
    async add(member, entry) {
      const outcome = await members.add(member, entryItem(entry), entry.seq);
      if (outcome.ok) return 'added';
      const [present, room, taken] = outcome.failed;
      if (isRoomGone(room)) throw new ChatError('not_found');
      if (present !== undefined) return 'present';
      return taken === undefined ? 'overtaken' : 'seq_taken';
    },
    async startRemoval(roomId, userId, { evenOwner } = { evenOwner: false }) {
      const outcome = await members.startRemoval(roomId, userId, Date.now(), evenOwner);
      if (outcome.ok) return parseLeavingMember(outcome.item);
      if (outcome.item === undefined) return undefined;
      throw new ChatError('forbidden', { detail: 'The owner of a room can neither leave nor be removed' });
    },
    async passRole(role, entry) {
      const outcome = await members.passRole(role, entryItem(entry), entry.seq);
      if (outcome.ok) return 'passed';
      const [successor, holder, room, taken] = outcome.failed;
      if (isRoomGone(room)) throw new ChatError('not_found');
      if (holder !== undefined) return 'passed_before';
      if (successor !== undefined) return 'successor_gone';
      return taken === undefined ? 'overtaken' : 'seq_taken';
    },
    findRemoval: members.getLeaving,
    async remove(roomId, userId, entry) {
      const outcome = await members.remove(roomId, userId, entryItem(entry), entry.seq);
      if (outcome.ok) return 'removed';
      const [gone, room, taken] = outcome.failed;
      if (gone !== undefined || (room !== undefined && room.item === undefined)) return 'gone';
      return taken === undefined ? 'overtaken' : 'seq_taken';
    },
    async markUnread(member, marker, furthest) {
      const outcome = await members.moveMarkerBack(member, marker, furthest);
      return { moved: outcome.ok, member: outcome.item && parseMember(outcome.item) };
    },
    async markRead(roomId, userId, marker) {
      const outcome = await members.moveMarker(roomId, userId, marker);
      const member = outcome.item && parseMember(outcome.item);
      return member && { member, moved: outcome.ok };
    },
  };
}
