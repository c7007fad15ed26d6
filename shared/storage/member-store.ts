/** Memberships with their read markers, as items. */
import { ChatError } from '../domain/chat-error.ts';
import type { Member } from '../domain/model.ts';
import type { MemberStore } from '../domain/ports/rooms.ts';
import { accessPatterns } from './access-patterns.ts';
import { keys, lookups, memberPrefix } from './keys.ts';
import { entryItem } from './log-items.ts';
import { toRole } from './member-role.ts';
import type { Item } from './item.ts';
import type { Table } from './table.ts';

export function memberStore(table: Table): MemberStore {
  const db = accessPatterns(table);
  return {
    async get(roomId, userId) {
      const item = await db.member(roomId, userId);
      return item && toMember(item);
    },
    async list(roomId, limit, after) {
      const { items, last } = await db.members(
        roomId,
        limit,
        after === undefined ? undefined : keys.member(roomId, after),
      );
      return {
        items: items.map(toMember).filter((member) => member !== undefined),
        next: last && (last['sk'] as string).slice(memberPrefix.length),
      };
    },
    async listOfUser(userId, limit, after) {
      const { items, last } = await db.memberships(userId, limit, after);
      return {
        items: items
          .map((item) => toMember({ user_id: userId, ...item }))
          .filter((member) => member !== undefined),
        next: last && (last['lookup_sk'] as string),
      };
    },
    async join(member) {
      // At once, and not in one transaction: thousands who come to a room together would cancel each other.
      const [joined, counted] = await Promise.all([
        db.joinRoom(memberItem(member)),
        db.countMember(member.roomId, 1),
      ]);
      // Another of their sockets was faster.
      if (!joined.ok && counted.ok) await db.countMember(member.roomId, -1);
    },
    async add(member, entry) {
      const outcome = await db.addMember(member.roomId, memberItem(member), entryItem(entry), entry.seq);
      if (outcome.ok) return 'added';
      const [present, room, taken] = outcome.failed;
      if (room !== undefined && !isThere(room.item)) throw new ChatError('not_found');
      if (present !== undefined) return 'present';
      return taken === undefined ? 'overtaken' : 'seq_taken';
    },
    async startRemoval(roomId, userId, { evenOwner } = { evenOwner: false }) {
      const outcome = await db.startRemoval(roomId, userId, Date.now(), evenOwner);
      if (outcome.ok) return toLeavingMember(outcome.item);
      if (outcome.item === undefined) return undefined;
      throw new ChatError('forbidden', { detail: 'The owner of a room can neither leave nor be removed' });
    },
    async passRole(role, entry) {
      const outcome = await db.passRole(role, entryItem(entry), entry.seq);
      if (outcome.ok) return 'passed';
      const [heir, holder, room, taken] = outcome.failed;
      if (room !== undefined && !isThere(room.item)) throw new ChatError('not_found');
      if (holder !== undefined) return 'passed_before';
      if (heir !== undefined) return 'heir_gone';
      return taken === undefined ? 'overtaken' : 'seq_taken';
    },
    async findRemoval(roomId, userId) {
      const item = await db.member(roomId, userId);
      return item?.['removing_at'] === undefined ? undefined : toLeavingMember(item);
    },
    async remove(roomId, userId, entry) {
      const outcome = await db.removeMember(roomId, userId, entryItem(entry), entry.seq);
      if (outcome.ok) return 'removed';
      const [gone, room, taken] = outcome.failed;
      if (gone !== undefined || (room !== undefined && room.item === undefined)) return 'gone';
      return taken === undefined ? 'overtaken' : 'seq_taken';
    },
    async markRead(roomId, userId, { seq, taken, at }) {
      const marker = { last_read_seq: seq, last_read_count: taken, last_read_at: at };
      const outcome = await db.moveMarker(roomId, userId, marker, seq);
      const member = outcome.item && toMember(outcome.item);
      return member && { member, moved: outcome.ok };
    },
  };
}

const isThere = (room: Item | undefined): boolean => room !== undefined && room['deleted_at'] === undefined;

export function memberItem(member: Member): Item {
  return {
    ...keys.member(member.roomId, member.userId),
    ...lookups.membership(member.userId, member.roomId),
    room_id: member.roomId,
    user_id: member.userId,
    username: member.username,
    role: member.role,
    joined_at: member.joinedAt,
  };
}

function toLeavingMember(item: Item): Member | undefined {
  return toMember({ ...item, removing_at: undefined });
}

/** Undefined for somebody whose removal has begun. */
export function toMember(item: Item): Member | undefined {
  if (item['removing_at'] !== undefined) return undefined;
  const seq = item['last_read_seq'] as number | undefined;
  return {
    roomId: item['room_id'] as string,
    userId: item['user_id'] as string,
    username: item['username'] as string,
    role: toRole(item['role']),
    joinedAt: item['joined_at'] as number,
    ...(seq === undefined
      ? {}
      : {
          lastRead: { seq, taken: item['last_read_count'] as number, at: item['last_read_at'] as number },
        }),
  };
}
