/** Former members: rooms that a user left or was removed from, so that an erasure finds what the user wrote there. */
import { accessPattern } from '../access-pattern.ts';
import { number, optional, text } from '../attributes.ts';
import { defineEntity, exists } from '../entity.ts';
import type { Item } from '../item.ts';
import { lookupTemplate } from '../key-template.ts';
import { idsAfter, lookupIndex, lookupSortKeyOf } from '../keys.ts';
import { removePage } from '../remove-page.ts';
import type { Table } from '../table.ts';

const leftRooms = lookupTemplate('LEFT#{userId}', '{roomId}');

export const formerMember = defineEntity({
  name: 'former member',
  description: 'a room that a user left or was removed from, and how far an erasure has read its log',
  pk: 'ROOM#{roomId}',
  sk: 'FORMER#{userId}',
  index: leftRooms,
  attributes: {
    roomId: text('room_id'),
    userId: text('user_id'),
    renamedTo: optional(number('renamed_to')),
  },
});

export const formerMemberItem = (roomId: string, userId: string): Item => ({
  ...formerMember.key({ roomId, userId }),
  ...leftRooms.key({ userId, roomId }),
  ...formerMember.encode({ roomId, userId }),
});

export const formerMemberItems = (table: Table) => ({
  get: accessPattern(
    'GetItem',
    'Reads a former member.',
    async (roomId: string, userId: string): Promise<{ renamedTo: number } | undefined> => {
      const item = await table.get(formerMember.key({ roomId, userId }));
      return item && { renamedTo: formerMember.parse(item).renamedTo ?? 0 };
    },
  ),
  listRoomIds: accessPattern(
    'Query',
    'Reads a page of the rooms that a user left, from the index, after a given one.',
    async (
      userId: string,
      limit: number,
      after: string | undefined,
    ): Promise<{ items: string[]; next: string | undefined }> => {
      const { items, last } = await table.page({
        partition: leftRooms.partition({ userId }),
        index: lookupIndex,
        limit,
        ...idsAfter(after),
      });
      return { items: items.map(lookupSortKeyOf), next: last && lookupSortKeyOf(last) };
    },
  ),
  removeSome: accessPattern(
    ['Query', 'BatchWriteItem'],
    "Deletes a part of a room's former members.",
    (roomId: string, limit: number): Promise<{ done: boolean }> => {
      const partition = formerMember.partition({ roomId });
      return removePage(table, { partition, prefix: formerMember.sortKeyPrefix, limit });
    },
  ),
  setRenamedTo: accessPattern(
    'UpdateItem',
    'Stores up to which seq the user was renamed in the log.',
    async (roomId: string, userId: string, seq: number): Promise<void> => {
      const set = formerMember.encode({ renamedTo: seq });
      await table.update(formerMember.key({ roomId, userId }), { set }, exists);
    },
  ),
  forget: accessPattern(
    'DeleteItem',
    'Deletes a former member.',
    async (roomId: string, userId: string): Promise<void> => {
      await table.remove(formerMember.key({ roomId, userId }));
    },
  ),
});
