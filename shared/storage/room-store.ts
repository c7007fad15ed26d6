/** Rooms, with the changes that take more than one request and the outcomes of changes that lost a race. */
import type { ErrorCode } from '../contract/errors.ts';
import { isSameRoomName } from '../contract/names.ts';
import { ChatError } from '../domain/chat-error.ts';
import type { RoomStore } from '../domain/ports/rooms.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import { formerMemberItems } from './entities/former-member.ts';
import { headItem, headItems, headSteps } from './entities/head.ts';
import { entryItem, logEntryItems } from './entities/log-entry.ts';
import { memberItem, memberItems } from './entities/member.ts';
import { roomNameItems } from './entities/room-name.ts';
import { parseRoom, roomItem, roomItems, roomSteps } from './entities/room.ts';
import { subscriptionItems } from './entities/subscription.ts';
import { unreadItems } from './entities/own-seqs.ts';
import type { Item } from './item.ts';
import { nameSteps, type NameSteps } from './name-changes.ts';
import { roomWithMemberItems } from './entities/room-with-member.ts';
import { roomNames } from './room-names.ts';
import type { Step, Table, TransactionOutcome } from './table.ts';

export function roomStore(table: Table): RoomStore {
  const names = roomNames();
  const rooms = roomItems(table);
  const heads = headItems(table);
  const roomWithMember = roomWithMemberItems(table);
  const members = memberItems(table);
  const subscriptions = subscriptionItems(table);
  return {
    async create(room, firstMembers, entries) {
      const head = headItem({
        roomId: room.roomId,
        seq: entries.length,
        messageSeqs: 0,
        voids: 0,
        lastMessageSeq: 0,
        lastAtMs: entries.at(-1)?.at ?? 0,
        shards: 1,
      });
      const { take } = nameSteps({ after: room, at: room.createdAtMs });
      const outcome = await rooms.create(take, [
        roomItem(room),
        head,
        ...firstMembers.map(memberItem),
        ...entries.map(entryItem),
      ]);
      if (!outcome.ok) throw new ChatError('room_name_taken');
    },
    get: rooms.get,
    getWithMember: roomWithMember.getWithRoom,
    async getByName(name, userId) {
      const cachedId = names.cachedRoomId(name);
      const cached = cachedId === undefined ? undefined : await roomWithMember.getWithRoom(cachedId, userId);
      if (cached !== undefined && isSameRoomName(cached.room.name, name)) return cached;
      const meaning = await roomNameItems(table).find(name);
      if (meaning === undefined) return 'none';
      if (meaning.kind === 'lookalike') return 'lookalike';
      const { roomId, isCurrent, isReserved } = meaning;
      const found = await roomWithMember.getWithRoom(roomId, userId);
      // The old name of a public room that was renamed and then deleted leads to no room, as if it were free.
      if (found === undefined) return isCurrent || isReserved ? 'gone' : 'none';
      if (isCurrent) names.remember(name, roomId);
      return found;
    },
    cachedRoomId: (name) => names.cachedRoomId(name),
    listPublic: rooms.listPublic,
    async getMany(roomIds) {
      return new Map((await rooms.getMany(roomIds)).map((room) => [room.roomId, room]));
    },
    async getManyWithHeads(roomIds) {
      const found = await rooms.getManyWithHeads(roomIds);
      const headOf = new Map(found.heads.map((head) => [head.roomId, head]));
      return new Map(found.rooms.map((room) => [room.roomId, { room, head: headOf.get(room.roomId) }]));
    },
    async heads(roomIds, { consistent } = { consistent: false }) {
      return new Map((await heads.getMany(roomIds, consistent)).map((head) => [head.roomId, head]));
    },
    head: heads.get,
    async update(room, before, entry) {
      const outcome = await changeRoom(rooms, {
        entry: entryItem(entry),
        room: roomSteps.rename(room, before),
        names: nameSteps({ before, after: room, at: entry.at }),
        more: [],
      });
      if (outcome.ok) return true;
      const [taken, changed] = outcome.failed;
      if (taken !== undefined) return false;
      throw new ChatError(changed === undefined ? 'room_name_taken' : whyUnchanged(changed.item));
    },
    async markDeleted(room, entry) {
      const outcome = await changeRoom(rooms, {
        entry: entryItem(entry),
        room: roomSteps.markDeleted(room, entry.at),
        names: nameSteps({ before: room, at: entry.at }),
        more: [headSteps.close(room.roomId, entry.at)],
      });
      if (outcome.ok) return true;
      const [, changed, closed] = outcome.failed;
      if (changed !== undefined) throw new ChatError(whyUnchanged(changed.item));
      if (closed !== undefined) throw new ChatError('not_found');
      return false;
    },
    addShards: heads.addShards,
    async purge(roomId, limit) {
      const kinds = [
        members.removeSome,
        formerMemberItems(table).removeSome,
        logEntryItems(table).removeSome,
        unreadItems(table).removeSome,
      ];
      for (const removeSome of kinds) {
        if (!(await removeSome(roomId, limit)).done) return { done: false };
      }
      const shards = Array.from({ length: (await heads.get(roomId))?.shards ?? 0 }, (_, shard) => shard);
      await waitForAll(shards.map((shard) => subscriptions.removeShard(roomId, shard)));
      await rooms.removeWithHead(roomId);
      return { done: true };
    },
  };
}

/** A room that was renamed since it was read has other names to free: the change must be tried again. */
const whyUnchanged = (item: Item | undefined): ErrorCode =>
  item !== undefined && parseRoom(item) !== undefined ? 'try_again' : 'not_found';

interface RoomChange {
  entry: Item;
  room: Step;
  more: Step[];
  names: NameSteps;
}

/** All or nothing, except for a look that the room never held: it stays with the room that holds it. */
async function changeRoom(
  rooms: ReturnType<typeof roomItems>,
  { entry, room, more, names }: RoomChange,
): Promise<TransactionOutcome> {
  const required = [...more, ...names.take, ...names.free];
  const outcome = await rooms.change({ entry, room, more: [...required, ...names.freeLook] });
  if (outcome.ok || names.freeLook.length === 0) return outcome;
  const failures = outcome.failed.slice(0, 2 + required.length);
  return failures.some((failure) => failure !== undefined)
    ? outcome
    : rooms.change({ entry, room, more: required });
}
