/** Rooms and their members in memory, with the conditions of the real stores. */
import { ChatError } from '../../../shared/domain/chat-error.ts';
import type { Member, Room } from '../../../shared/domain/model.ts';
import type { Page } from '../../../shared/domain/ports/page.ts';
import type { MemberStore, RoomStore } from '../../../shared/domain/ports/rooms.ts';
import {
  giveUpName,
  isNameFree,
  logOf,
  membersOf,
  nameKey,
  openRoomOf,
  putIfFree,
  takeName,
  type ChatState,
} from './chat-state.ts';

export function fakeRooms(state: ChatState): RoomStore {
  const there = (roomId: string): Room | undefined => {
    const room = state.rooms.get(roomId);
    return room === undefined || room.deletedAt !== undefined ? undefined : structuredClone(room);
  };
  return {
    async create(room, members, entries) {
      if (state.names.has(nameKey(room.name)) || !isNameFree(state, room.name, room.roomId))
        throw new ChatError('room_name_taken');
      takeName(state, room.name, room.roomId);
      state.rooms.set(room.roomId, structuredClone(room));
      const { roomId } = room;
      state.heads.set(roomId, {
        roomId,
        seq: entries.length,
        taken: 0,
        voids: 0,
        dead: { seqs: [], archivedTo: 0 },
        lastMessageSeq: 0,
        lastAt: entries.at(-1)?.at ?? 0,
        shards: 1,
        rightsSeq: 0,
      });
      for (const member of members) membersOf(state, roomId).set(member.userId, structuredClone(member));
      for (const entry of entries) putIfFree(state, entry);
    },
    get: async (roomId) => there(roomId),
    async getWithMember(roomId, userId) {
      const room = there(roomId);
      const head = state.heads.get(roomId);
      if (room === undefined || head === undefined) return undefined;
      return structuredClone({ room, head, member: present(membersOf(state, roomId).get(userId)) });
    },
    async getByName(name, userId) {
      const former = state.formerNames.get(nameKey(name));
      const roomId = state.names.get(nameKey(name)) ?? former?.roomId;
      if (roomId === undefined) return 'none';
      return (await this.getWithMember(roomId, userId)) ?? (former?.rests === false ? 'none' : 'gone');
    },
    cachedRoomId: (name) => state.names.get(nameKey(name)),
    async listPublic(limit, after) {
      const names = [...state.rooms.values()]
        .filter((room) => !room.isPrivate && room.deletedAt === undefined)
        .sort((a, b) => (nameKey(a.name) < nameKey(b.name) ? -1 : 1));
      const { items, next } = pageOf(names, limit, after?.sortKey, (room) => nameKey(room.name));
      return {
        items: items.map((room) => ({ ...room, sortKey: nameKey(room.name) })),
        next: next === undefined ? undefined : { roomId: items.at(-1)!.roomId, sortKey: next },
      };
    },
    async getMany(roomIds) {
      const found = roomIds.map(there).filter((room) => room !== undefined);
      return new Map(found.map((room) => [room.roomId, room]));
    },
    async getManyWithHeads(roomIds) {
      const heads = await this.heads(roomIds);
      const rooms = await this.getMany(roomIds);
      return new Map([...rooms].map(([id, room]) => [id, { room, head: heads.get(id) }]));
    },
    async heads(roomIds) {
      const found = roomIds.map((roomId) => state.heads.get(roomId)).filter((head) => head !== undefined);
      return new Map(structuredClone(found).map((head) => [head.roomId, head]));
    },
    head: async (roomId) => structuredClone(state.heads.get(roomId)),
    async update(room, before, entry) {
      if (logOf(state, room.roomId).has(entry.seq)) return false;
      const now = openRoomOf(state, room.roomId);
      if (now.name !== before.name) throw new ChatError('try_again');
      const [from, to] = [nameKey(before.name), nameKey(room.name)];
      if (from !== to) {
        if (!isNameFree(state, room.name, room.roomId)) throw new ChatError('room_name_taken');
        giveUpName(state, before, true);
        takeName(state, room.name, room.roomId);
      }
      Object.assign(now, { name: room.name, description: room.description });
      return putIfFree(state, entry);
    },
    async markDeleted(room, entry) {
      if (logOf(state, room.roomId).has(entry.seq)) return false;
      const now = openRoomOf(state, room.roomId);
      if (now.name !== room.name) throw new ChatError('try_again');
      Object.assign(now, { deletedAt: entry.at });
      Object.assign(state.heads.get(room.roomId) ?? {}, { closedAt: entry.at });
      giveUpName(state, room, false);
      return putIfFree(state, entry);
    },
    async addShards(roomId, from, to) {
      const head = state.heads.get(roomId);
      if (head?.shards === from) head.shards = to;
    },
    async purge(roomId, limit) {
      const entries = [...logOf(state, roomId).keys()].sort((a, b) => a - b).slice(0, limit);
      for (const seq of entries) logOf(state, roomId).delete(seq);
      if (logOf(state, roomId).size > 0) return { done: false };
      state.members.delete(roomId);
      state.heads.delete(roomId);
      state.rooms.delete(roomId);
      return { done: true };
    },
    async continuePurge(roomId, step) {
      state.purgeSteps.push({ roomId, step });
    },
  };
}

export function fakeMembers(state: ChatState): MemberStore {
  return {
    get: async (roomId, userId) => present(membersOf(state, roomId).get(userId)),
    async list(roomId, limit, after) {
      const members = [...membersOf(state, roomId).values()].sort((a, b) => (a.userId < b.userId ? -1 : 1));
      const { items, next } = pageOf(members, limit, after, ({ userId }) => userId);
      return { items: items.map(present).filter((member) => member !== undefined), next };
    },
    async listOfUser(userId, limit, after) {
      const all = [...state.members.values()]
        .map((members) => present(members.get(userId)))
        .filter((member) => member !== undefined)
        .sort((a, b) => (a.roomId < b.roomId ? -1 : 1));
      return pageOf(all, limit, after, ({ roomId }) => roomId);
    },
    async join(member) {
      const members = membersOf(state, member.roomId);
      if (members.has(member.userId)) return;
      members.set(member.userId, structuredClone(member));
      const room = state.rooms.get(member.roomId);
      if (room !== undefined && room.deletedAt === undefined) room.memberCount += 1;
    },
    async add(member, entry) {
      const room = openRoomOf(state, member.roomId);
      const members = membersOf(state, member.roomId);
      if (members.has(member.userId)) return 'present';
      if (!putIfFree(state, entry)) return 'seq_taken';
      members.set(member.userId, structuredClone(member));
      room.memberCount += 1;
      return 'added';
    },
    async startRemoval(roomId, userId, { evenOwner } = { evenOwner: false }) {
      const member = membersOf(state, roomId).get(userId);
      if (member === undefined) return undefined;
      if (member.role === 'owner' && member.removingAt === undefined && !evenOwner)
        throw new ChatError('forbidden');
      const { removingAt: _, ...was } = member;
      member.removingAt = 1;
      return structuredClone(was);
    },
    async passRole({ roomId, from, to }, entry) {
      openRoomOf(state, roomId);
      const [holder, successor] = [from, to].map((userId) => membersOf(state, roomId).get(userId));
      if (holder?.role !== 'owner') return 'passed_before';
      if (successor === undefined || successor.removingAt !== undefined) return 'successor_gone';
      if (!putIfFree(state, entry)) return 'seq_taken';
      holder.role = 'member';
      successor.role = 'owner';
      return 'passed';
    },
    async findRemoval(roomId, userId) {
      const member = membersOf(state, roomId).get(userId);
      if (member?.removingAt === undefined) return undefined;
      const { removingAt: _, ...was } = member;
      return structuredClone(was);
    },
    async remove(roomId, userId, entry) {
      const members = membersOf(state, roomId);
      const room = state.rooms.get(roomId);
      if (members.get(userId)?.removingAt === undefined || room === undefined) return 'gone';
      if (!putIfFree(state, entry)) return 'seq_taken';
      members.delete(userId);
      room.memberCount -= 1;
      state.left.set(`${roomId} ${userId}`, 0);
      return 'removed';
    },
    async markRead(roomId, userId, marker) {
      const member = membersOf(state, roomId).get(userId);
      if (member === undefined || member.removingAt !== undefined) return undefined;
      const moved = member.lastRead === undefined || member.lastRead.seq < marker.seq;
      if (moved) member.lastRead = structuredClone(marker);
      return { member: structuredClone(member), moved };
    },
  };
}

/** Undefined for somebody whose removal has begun, as for a stranger. */
function present(member: (Member & { removingAt?: number }) | undefined): Member | undefined {
  return member === undefined || member.removingAt !== undefined ? undefined : structuredClone(member);
}

function pageOf<T>(
  sorted: T[],
  limit: number,
  after: string | undefined,
  keyOf: (item: T) => string,
): Page<T> {
  const rest = sorted.filter((item) => after === undefined || keyOf(item) > after);
  const items = structuredClone(rest.slice(0, limit));
  const last = items.at(-1);
  return { items, next: rest.length > limit && last !== undefined ? keyOf(last) : undefined };
}
