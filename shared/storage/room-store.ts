/** Rooms, their names and heads, as items. */
import type { ErrorCode } from '../contract/errors.ts';
import { isSameRoomName } from '../contract/names.ts';
import { ChatError } from '../domain/chat-error.ts';
import type { Head, Room } from '../domain/model.ts';
import type { PublicPlace, RoomStore } from '../domain/ports/rooms.ts';
import { accessPatterns, type AccessPatterns } from './access-patterns.ts';
import { describeKey, keyOf, keys, lookups, type Key } from './keys.ts';
import { entryItem } from './log-items.ts';
import { meaningOf, nameSteps, type NameSteps } from './name-items.ts';
import { roomNames } from './room-names.ts';
import { memberItem, toMember } from './member-store.ts';
import { toSeqSet } from './seq-set.ts';
import type { Item } from './item.ts';
import type { Step, TransactionOutcome, Table } from './table.ts';

export function roomStore(table: Table): RoomStore {
  const db = accessPatterns(table);
  const names = roomNames();
  return {
    async create(room, members, entries) {
      const head = {
        ...keys.head(room.roomId),
        room_id: room.roomId,
        seq: entries.length,
        taken: 0,
        voids: 0,
        last_message_seq: 0,
        last_at: entries.at(-1)?.at ?? 0,
        shards: 1,
      };
      const { take } = nameSteps(db, { after: room, at: room.createdAt });
      const outcome = await db.createRoom(take, [
        roomItem(room),
        head,
        ...members.map(memberItem),
        ...entries.map(entryItem),
      ]);
      if (!outcome.ok) throw new ChatError('room_name_taken');
    },
    async get(roomId) {
      const item = await db.room(roomId);
      return item && isThere(item) ? toRoom(item) : undefined;
    },
    async getWithMember(roomId, userId) {
      return toRoomWithMember(await db.roomWithMember(roomId, userId), roomId, userId);
    },
    async getByName(name, userId) {
      const known = this.cachedRoomId(name);
      const there = known === undefined ? undefined : await this.getWithMember(known, userId);
      if (there !== undefined && isSameRoomName(there.room.name, name)) return there;
      const item = await db.roomIdByName(name);
      if (item === undefined) return 'none';
      const meaning = meaningOf(item);
      if (meaning.kind === 'lookalike') return 'lookalike';
      const { roomId, isCurrent, rests } = meaning;
      const found = await this.getWithMember(roomId, userId);
      // A public room that was renamed and then deleted leaves nothing behind that its old name could lead to.
      if (found === undefined) return isCurrent || rests ? 'gone' : 'none';
      if (isCurrent) names.remember(name, roomId);
      return found;
    },
    cachedRoomId: (name) => names.cachedRoomId(name),
    async listPublic(limit, after) {
      const { items, last } = await db.publicRooms(limit, after === undefined ? undefined : startOf(after));
      const next = last && { roomId: describeKey(keyOf(last)).id, sortKey: last['lookup_sk'] as string };
      // The index is behind in what else it holds, and knows nothing of the members.
      const named = items.map((item) => ({
        roomId: item['room_id'] as string,
        name: item['room_name'] as string,
        sortKey: item['lookup_sk'] as string,
      }));
      return { items: named, next };
    },
    async getMany(roomIds) {
      const items = await db.rooms(roomIds);
      return new Map(items.filter(isThere).map((item) => [item['room_id'] as string, toRoom(item)]));
    },
    async getManyWithHeads(roomIds) {
      const items = await db.roomsWithHeads(roomIds);
      const heads = new Map(
        items
          .filter(({ sk }) => sk === keys.head('').sk)
          .map((item) => [item['room_id'] as string, toHead(item)]),
      );
      const rooms = items.filter((item) => item['sk'] === keys.room('').sk && isThere(item)).map(toRoom);
      return new Map(rooms.map((room) => [room.roomId, { room, head: heads.get(room.roomId) }]));
    },
    async heads(roomIds, { consistent } = { consistent: false }) {
      const items = await db.heads(roomIds, consistent);
      return new Map(items.map((item) => [item['room_id'] as string, toHead(item)]));
    },
    async head(roomId) {
      const item = await db.head(roomId);
      return item && toHead(item);
    },
    async update(room, before, entry) {
      const names = nameSteps(db, { before, after: room, at: entry.at });
      const outcome = await changeRoom(db, {
        entry: entryItem(entry),
        room: db.roomChange(before, {
          set: {
            room_name: room.name,
            description: room.description,
            ...(room.isPrivate ? {} : { lookup_sk: lookups.publicRoom(room.name).lookup_sk }),
          },
        }),
        names,
        more: [],
      });
      if (outcome.ok) return true;
      const [taken, changed] = outcome.failed;
      if (taken !== undefined) return false;
      throw new ChatError(changed === undefined ? 'room_name_taken' : whyUnchanged(changed.item));
    },
    async markDeleted(room, entry) {
      const outcome = await changeRoom(db, {
        entry: entryItem(entry),
        room: db.roomChange(room, {
          set: { deleted_at: entry.at },
          remove: ['lookup_pk', 'lookup_sk'],
        }),
        names: nameSteps(db, { before: room, at: entry.at }),
        more: [db.closeLog(room.roomId, entry.at)],
      });
      if (outcome.ok) return true;
      const [, changed, closed] = outcome.failed;
      if (changed !== undefined) throw new ChatError(whyUnchanged(changed.item));
      if (closed !== undefined) throw new ChatError('not_found');
      return false;
    },
    async addShards(roomId, from, to) {
      await db.addShards(roomId, from, to);
    },
    async purge(roomId, limit) {
      const members = await db.membersLeft(roomId, limit);
      await db.removeItems(members.items.map(keyOf));
      if (members.last !== undefined) return { done: false };
      const former = await db.formerMembersLeft(roomId, limit);
      await db.removeItems(former.items.map(keyOf));
      if (former.last !== undefined) return { done: false };
      const entries = await db.entriesLeft(roomId, limit);
      await db.removeItems(entries.items.map(keyOf));
      if (entries.last !== undefined) return { done: false };
      const unread = await db.unreadLeft(roomId, limit);
      await db.removeItems(unread.items.map(keyOf));
      if (unread.last !== undefined) return { done: false };
      const head = await db.head(roomId);
      const shards = Array.from(
        { length: head === undefined ? 0 : toHead(head).shards },
        (_, shard) => shard,
      );
      const subscriptions = await Promise.all(shards.map((shard) => db.subscribers(roomId, shard)));
      await db.removeItems(subscriptions.flat().map(keyOf));
      await db.removeItems([keys.head(roomId), keys.room(roomId)]);
      return { done: true };
    },
    async continuePurge(roomId, step) {
      await db.purgeStep({
        ...keys.purgeStep(roomId, step),
        kind: 'purge',
        room_id: roomId,
        step,
        outbox: 'stream',
      });
    },
  };
}

/** From the items of a room, among others; undefined when it is not there. */
export function toRoomWithMember(
  items: Item[],
  roomId: string,
  userId: string,
): Awaited<ReturnType<RoomStore['getWithMember']>> {
  const find = (key: Key) => items.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
  const room = find(keys.room(roomId));
  const head = find(keys.head(roomId));
  if (room === undefined || head === undefined || !isThere(room)) return undefined;
  const member = find(keys.member(roomId, userId));
  return { room: toRoom(room), head: toHead(head), member: member && toMember(member) };
}

const isThere = (item: Item): boolean => item['deleted_at'] === undefined;

/** A room that has another name than the one that was read: its name's item is not the one to free. */
const whyUnchanged = (item: Item | undefined): ErrorCode =>
  item !== undefined && isThere(item) ? 'try_again' : 'not_found';

function startOf({ roomId, sortKey }: PublicPlace): Item {
  return { ...keys.room(roomId), ...lookups.publicRoom(''), lookup_sk: sortKey };
}

interface RoomChange {
  entry: Item;
  room: Step;
  more: Step[];
  names: NameSteps;
}

/** All or nothing, but for a look that the room never held: it is left to the room that does. */
async function changeRoom(db: AccessPatterns, change: RoomChange): Promise<TransactionOutcome> {
  const { entry, room, more, names } = change;
  const first = [...more, ...names.take, ...names.free];
  const outcome = await db.changeRoom({ entry, room, more: [...first, ...names.freeLook] });
  if (outcome.ok || names.freeLook.length === 0) return outcome;
  const others = outcome.failed.slice(0, 2 + first.length);
  return others.some((failure) => failure !== undefined)
    ? outcome
    : db.changeRoom({ entry, room, more: first });
}

function roomItem(room: Room): Item {
  return {
    ...keys.room(room.roomId),
    ...(room.isPrivate ? {} : lookups.publicRoom(room.name)),
    room_id: room.roomId,
    room_name: room.name,
    description: room.description,
    created_at: room.createdAt,
    creator_id: room.creatorId,
    creator_username: room.creatorUsername,
    is_private: room.isPrivate,
    is_direct: room.isDirect,
    member_count: room.memberCount,
  };
}

function toRoom(item: Item): Room {
  return {
    roomId: item['room_id'] as string,
    name: item['room_name'] as string,
    description: item['description'] as string,
    createdAt: item['created_at'] as number,
    creatorId: item['creator_id'] as string,
    creatorUsername: item['creator_username'] as string,
    isPrivate: item['is_private'] as boolean,
    isDirect: item['is_direct'] as boolean,
    memberCount: item['member_count'] as number,
  };
}

export function toHead(item: Item): Head {
  return {
    roomId: item['room_id'] as string,
    seq: item['seq'] as number,
    taken: item['taken'] as number,
    voids: (item['voids'] as number | undefined) ?? 0,
    dead: toSeqSet(item, 'dead_seqs', 'dead_archived_to'),
    lastMessageSeq: item['last_message_seq'] as number,
    lastAt: item['last_at'] as number,
    shards: item['shards'] as number,
    rightsSeq: (item['rights_seq'] as number | undefined) ?? 0,
    ...(item['closed_at'] === undefined ? {} : { closedAt: item['closed_at'] as number }),
  };
}
