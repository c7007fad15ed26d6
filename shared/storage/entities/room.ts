/** Rooms: their names, descriptions, creators and member counts. */
import { foldRoomName } from '../../contract/names.ts';
import type { Head, Room } from '../../domain/model/rooms.ts';
import type { PublicPlace } from '../../domain/ports/rooms.ts';
import { accessPattern } from '../access-pattern.ts';
import { boolean, mapCodec, number, optional, text } from '../attributes.ts';
import type { Condition } from '../condition.ts';
import { defineEntity, isNew } from '../entity.ts';
import type { Item } from '../item.ts';
import { lookupTemplate } from '../key-template.ts';
import { keyOf, lookupIndex, lookupSortKeyOf } from '../keys.ts';
import type { Step, Table, TransactionOutcome } from '../table.ts';
import { head, parseHead } from './head.ts';

const publicRooms = lookupTemplate('ROOMS#PUBLIC', '{foldedName}');

/** The attributes of the domain's `Room`. */
export const roomFacts = {
  roomId: text('room_id'),
  name: text('room_name'),
  description: text('description'),
  createdAtMs: number('created_at'),
  creatorId: text('creator_id'),
  creatorUsername: text('creator_username'),
  isPrivate: boolean('is_private'),
  isDirect: boolean('is_direct'),
  memberCount: number('member_count'),
};

export const room = defineEntity({
  name: 'room',
  description: 'a room; only public rooms are in the index',
  pk: 'ROOM#{roomId}',
  sk: 'ROOM',
  index: publicRooms,
  attributes: {
    ...roomFacts,
    /** The seq of the last change of the members: such changes are stored in the order of their seqs. */
    membersSeq: optional(number('members_seq')),
    deletedAtMs: optional(number('deleted_at')),
  },
});

const facts = mapCodec(roomFacts);
const listed = mapCodec({ roomId: roomFacts.roomId, name: roomFacts.name, sortKey: text('lookup_sk') });

/** Undefined for a room that was deleted and is not purged yet. */
export const parseRoom = (item: Item): Room | undefined =>
  item['deleted_at'] === undefined ? facts.parse(item) : undefined;

/** Folding can make a name longer than the 1,024 bytes of a sort key; a character takes at most four bytes. */
const maxSortKeyLength = 256;

const publicRoomKey = (name: string) =>
  publicRooms.key({ foldedName: Array.from(foldRoomName(name)).slice(0, maxSortKeyLength).join('') });

export const roomItem = (value: Room): Item => ({
  ...room.key(value),
  ...(value.isPrivate ? {} : publicRoomKey(value.name)),
  ...room.encode(value),
});

export const isNotDeleted: Condition = { if: 'attribute_exists(pk) AND attribute_not_exists(deleted_at)' };

/** The room exists under the name that was read, so that its name's item is the one to free. */
const hasName = (name: string): Condition => ({
  if: `${isNotDeleted.if} AND room_name = :name`,
  values: { ':name': name },
});

/** Steps of transactions on a room. */
export const roomSteps = {
  rename: accessPattern(
    'part of a transaction',
    'Changes name and description if the room still has the name that was read.',
    (changed: Room, read: Room): Step => ({
      update: room.key(changed),
      change: {
        set: {
          ...room.encode({ name: changed.name, description: changed.description }),
          ...(changed.isPrivate ? {} : { lookup_sk: publicRoomKey(changed.name).lookup_sk }),
        },
      },
      condition: hasName(read.name),
    }),
  ),
  markDeleted: accessPattern(
    'part of a transaction',
    'Hides a room, and takes it out of the index.',
    (read: Room, at: number): Step => ({
      update: room.key(read),
      change: { set: room.encode({ deletedAtMs: at }), remove: ['lookup_pk', 'lookup_sk'] },
      condition: hasName(read.name),
    }),
  ),
  countMembers: accessPattern(
    'part of a transaction',
    'Counts a change of the members, in the order of their seqs, so that the log tells who the members are.',
    (roomId: string, by: 1 | 0 | -1, seq: number, condition: Condition): Step => ({
      update: room.key({ roomId }),
      change: { add: { member_count: by }, set: room.encode({ membersSeq: seq }) },
      condition: {
        if: `${condition.if} AND (attribute_not_exists(members_seq) OR members_seq < :seq)`,
        values: { ':seq': seq },
      },
    }),
  ),
};

export const roomItems = (table: Table) => ({
  get: accessPattern('GetItem', 'Reads a room.', async (roomId: string): Promise<Room | undefined> => {
    const item = await table.get(room.key({ roomId }));
    return item && parseRoom(item);
  }),
  getMany: accessPattern(
    'BatchGetItem',
    'Reads several rooms, from one replica.',
    async (roomIds: string[]): Promise<Room[]> => {
      const items = await table.getMany(
        roomIds.map((roomId) => room.key({ roomId })),
        { consistent: false },
      );
      return items.map(parseRoom).filter((one) => one !== undefined);
    },
  ),
  getManyWithHeads: accessPattern(
    'BatchGetItem',
    'Reads several rooms with their heads, from one replica.',
    async (roomIds: string[]): Promise<{ rooms: Room[]; heads: Head[] }> => {
      const items = await table.getMany(
        roomIds.flatMap((roomId) => [room.key({ roomId }), head.key({ roomId })]),
        { consistent: false },
      );
      return {
        rooms: items
          .filter(({ sk }) => sk === room.sk)
          .map(parseRoom)
          .filter((one) => one !== undefined),
        heads: items.filter(({ sk }) => sk === head.sk).map(parseHead),
      };
    },
  ),
  listPublic: accessPattern(
    'Query',
    'Reads a page of the public rooms by name, from the index, after a given one.',
    async (
      limit: number,
      after: PublicPlace | undefined,
    ): Promise<{ items: (PublicPlace & Pick<Room, 'name'>)[]; next: PublicPlace | undefined }> => {
      const { items, last } = await table.page({
        partition: publicRooms.partition({}),
        index: lookupIndex,
        limit,
        startAfter: after && { ...room.key(after), ...publicRooms.key({ foldedName: after.sortKey }) },
      });
      return { items: items.map((item) => listed.parse(item)), next: last && placeOf(last) };
    },
  ),
  create: accessPattern(
    'TransactWriteItems',
    'Stores a new room with its head, members and first entries, and takes its name.',
    (names: Step[], items: Item[]): Promise<TransactionOutcome> =>
      table.transact([...names, ...items.map((item) => ({ put: item, condition: isNew }))]),
  ),
  change: accessPattern(
    'TransactWriteItems',
    'Changes a room together with its log entry and the other items that the change affects.',
    (change: { entry: Item; room: Step; more: Step[] }): Promise<TransactionOutcome> =>
      table.transact([{ put: change.entry, condition: isNew }, change.room, ...change.more]),
  ),
  countMember: accessPattern(
    'UpdateItem',
    'Counts a member who joined, or who turned out to have joined before.',
    async (roomId: string, by: 1 | -1): Promise<boolean> => {
      return (await table.update(room.key({ roomId }), { add: { member_count: by } }, isNotDeleted)).ok;
    },
  ),
  renameCreator: accessPattern(
    'UpdateItem',
    "Replaces the creator's name if the creator is that user.",
    async (roomId: string, creatorId: string, creatorUsername: string): Promise<void> => {
      await table.update(
        room.key({ roomId }),
        { set: room.encode({ creatorUsername }) },
        { if: 'creator_id = :u', values: { ':u': creatorId } },
      );
    },
  ),
  removeWithHead: accessPattern(
    'BatchWriteItem',
    'Deletes a room and its head, the last items of a purge.',
    (roomId: string): Promise<void> => table.removeMany([head.key({ roomId }), room.key({ roomId })]),
  ),
});

/** From the key at which a page of the index ended. */
function placeOf(last: Item): PublicPlace {
  const key = keyOf(last);
  const parts = room.partsOf(key);
  if (parts === undefined) throw new TypeError(`The public rooms ended at ${key.pk}, which is no room`);
  return { roomId: parts.roomId, sortKey: lookupSortKeyOf(last) };
}
