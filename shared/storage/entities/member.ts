/** Members of rooms, with their read markers. A removal begins by marking the member, who counts as none from then on. */
import type { Member } from '../../domain/model/rooms.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, optional } from '../attributes.ts';
import type { Condition } from '../condition.ts';
import { defineEntity, exists, isNew } from '../entity.ts';
import type { Item } from '../item.ts';
import { lookupTemplate } from '../key-template.ts';
import { idsAfter, keyOf, lookupIndex, lookupSortKeyOf } from '../keys.ts';
import { isOwner, isRemovable, memberFacts } from '../member-attributes.ts';
import { removePage } from '../remove-page.ts';
import type { Outcome, Step, Table, TransactionOutcome } from '../table.ts';
import { formerMemberItem } from './former-member.ts';
import { isNotDeleted, roomSteps } from './room.ts';

const memberships = lookupTemplate('MEMBEROF#{userId}', '{roomId}');

export const member = defineEntity({
  name: 'member',
  description: 'a user with a lasting membership of a room, and how far they have read it',
  pk: 'ROOM#{roomId}',
  sk: 'MEMBER#{userId}',
  index: memberships,
  attributes: {
    ...memberFacts,
    lastReadSeq: optional(number('last_read_seq')),
    /** `Head.messageSeqs` at that seq. */
    lastReadCount: optional(number('last_read_count')),
    lastReadAtMs: optional(number('last_read_at')),
    /** How far others see that the member has read, since they marked messages as unread. The index does not hold it. */
    furthestReadSeq: optional(number('furthest_read_seq')),
    furthestReadAtMs: optional(number('furthest_read_at')),
    /** When their removal began. */
    removingAtMs: optional(number('removing_at')),
  },
});

/** Also of a member whose removal has begun. */
export function parseLeavingMember(item: Item): Member {
  const { lastReadSeq, lastReadCount, lastReadAtMs, furthestReadSeq, furthestReadAtMs, ...others } =
    member.parse(item);
  const { removingAtMs: _, ...facts } = others;
  if (lastReadSeq === undefined || lastReadCount === undefined || lastReadAtMs === undefined) return facts;
  return {
    ...facts,
    lastRead: { seq: lastReadSeq, messageSeqs: lastReadCount, at: lastReadAtMs },
    ...(furthestReadSeq !== undefined &&
      furthestReadAtMs !== undefined && { furthestRead: { seq: furthestReadSeq, at: furthestReadAtMs } }),
  };
}

export const isLeaving = (item: Item): boolean => item['removing_at'] !== undefined;

/** Undefined for a member whose removal has begun. */
export const parseMember = (item: Item): Member | undefined =>
  isLeaving(item) ? undefined : parseLeavingMember(item);

const parseMembers = (items: Item[]): Member[] => items.map(parseMember).filter((one) => one !== undefined);

export const memberItem = (value: Member): Item => ({
  ...member.key(value),
  ...memberships.key(value),
  ...member.encode(value),
});

const isRemoving: Condition = { if: 'attribute_exists(removing_at)' };
const isPresent: Condition = { if: 'attribute_exists(pk) AND attribute_not_exists(removing_at)' };

const putEntry = (entry: Item): Step => ({ put: entry, condition: isNew });

export const memberItems = (table: Table) => ({
  get: accessPattern(
    'GetItem',
    'Reads a member.',
    async (roomId: string, userId: string): Promise<Member | undefined> => {
      const item = await table.get(member.key({ roomId, userId }));
      return item && parseMember(item);
    },
  ),
  getLeaving: accessPattern(
    'GetItem',
    'Reads a member whose removal has begun.',
    async (roomId: string, userId: string): Promise<Member | undefined> => {
      const item = await table.get(member.key({ roomId, userId }));
      return item && isLeaving(item) ? parseLeavingMember(item) : undefined;
    },
  ),
  getMany: accessPattern(
    'BatchGetItem',
    'Reads several members of a room.',
    async (roomId: string, userIds: string[]): Promise<Member[]> => {
      return parseMembers(await table.getMany(userIds.map((userId) => member.key({ roomId, userId }))));
    },
  ),
  list: accessPattern(
    'Query',
    "Reads a page of a room's members by user id, after a given one.",
    async (
      roomId: string,
      limit: number,
      after: string | undefined,
    ): Promise<{ items: Member[]; next: string | undefined }> => {
      const { items, last } = await table.page({
        partition: member.partition({ roomId }),
        prefix: member.sortKeyPrefix,
        limit,
        startAfter: after === undefined ? undefined : { ...member.key({ roomId, userId: after }) },
      });
      return { items: parseMembers(items), next: last && member.partsOf(keyOf(last))?.userId };
    },
  ),
  listOfUser: accessPattern(
    'Query',
    "Reads a page of a user's memberships by room id, from the index, after a given one.",
    async (
      userId: string,
      limit: number,
      after: string | undefined,
    ): Promise<{ items: Member[]; next: string | undefined }> => {
      const { items, last } = await table.page({
        partition: memberships.partition({ userId }),
        index: lookupIndex,
        limit,
        ...idsAfter(after),
      });
      // Indexes of earlier releases did not hold the user's id.
      const members = parseMembers(items.map((item) => ({ user_id: userId, ...item })));
      return { items: members, next: last && lookupSortKeyOf(last) };
    },
  ),
  listRoomIds: accessPattern(
    'Query',
    'Reads the ids of rooms that a user belongs to or is being removed from, from the index.',
    async (userId: string, limit: number): Promise<string[]> => {
      const partition = memberships.partition({ userId });
      const { items } = await table.page({ partition, index: lookupIndex, limit });
      return items.map(lookupSortKeyOf);
    },
  ),
  removeSome: accessPattern(
    ['Query', 'BatchWriteItem'],
    "Deletes a part of a room's members.",
    (roomId: string, limit: number): Promise<{ done: boolean }> =>
      removePage(table, { partition: member.partition({ roomId }), prefix: member.sortKeyPrefix, limit }),
  ),
  join: accessPattern(
    'PutItem',
    'Stores a member who joins on their own; the room counts them by a write of its own.',
    async (value: Member): Promise<boolean> => {
      return (await table.put(memberItem(value), isNew)).ok;
    },
  ),
  add: accessPattern(
    'TransactWriteItems',
    'Stores a member who is added, with the log entry, and counts them in the room.',
    (value: Member, entry: Item, seq: number): Promise<TransactionOutcome> =>
      table.transact([
        { put: memberItem(value), condition: isNew },
        roomSteps.countMembers(value.roomId, 1, seq, isNotDeleted),
        putEntry(entry),
      ]),
  ),
  startRemoval: accessPattern(
    'UpdateItem',
    'Marks a member whose removal begins, unless they are the owner and may not be removed.',
    (roomId: string, userId: string, at: number, evenOwner: boolean): Promise<Outcome> =>
      table.update(
        member.key({ roomId, userId }),
        { set: member.encode({ removingAtMs: at }) },
        evenOwner ? exists : isRemovable,
      ),
  ),
  remove: accessPattern(
    'TransactWriteItems',
    'Deletes a member whose removal has begun, with the log entry, and keeps a former member instead.',
    (roomId: string, userId: string, entry: Item, seq: number): Promise<TransactionOutcome> =>
      table.transact([
        { remove: member.key({ roomId, userId }), condition: isRemoving },
        roomSteps.countMembers(roomId, -1, seq, exists),
        putEntry(entry),
        { put: formerMemberItem(roomId, userId) },
      ]),
  ),
  passRole: accessPattern(
    'TransactWriteItems',
    "Passes the owner's role from one member to another, with the log entry.",
    (
      { roomId, from, to }: { roomId: string; from: string; to: string },
      entry: Item,
      seq: number,
    ): Promise<TransactionOutcome> =>
      table.transact([
        {
          update: member.key({ roomId, userId: to }),
          change: { set: member.encode({ role: 'owner' }) },
          condition: isPresent,
        },
        {
          update: member.key({ roomId, userId: from }),
          change: { set: member.encode({ role: 'member' }) },
          condition: isOwner,
        },
        roomSteps.countMembers(roomId, 0, seq, isNotDeleted),
        putEntry(entry),
      ]),
  ),
  moveMarker: accessPattern(
    'UpdateItem',
    'Moves the read marker of a member forward.',
    (
      roomId: string,
      userId: string,
      { seq, messageSeqs, at }: NonNullable<Member['lastRead']>,
    ): Promise<Outcome> =>
      table.update(
        member.key({ roomId, userId }),
        { set: member.encode({ lastReadSeq: seq, lastReadCount: messageSeqs, lastReadAtMs: at }) },
        {
          if: `${isPresent.if} AND (attribute_not_exists(last_read_seq) OR last_read_seq < :seq)`,
          values: { ':seq': seq },
        },
      ),
  ),
  moveMarkerBack: accessPattern(
    'UpdateItem',
    'Moves the read marker of a member back, if it is where it was read, and keeps how far they had read.',
    (
      { roomId, userId, lastRead: before }: Member,
      { seq, messageSeqs, at }: NonNullable<Member['lastRead']>,
      furthest: NonNullable<Member['furthestRead']>,
    ): Promise<Outcome> =>
      table.update(
        member.key({ roomId, userId }),
        {
          set: member.encode({
            lastReadSeq: seq,
            lastReadCount: messageSeqs,
            lastReadAtMs: at,
            furthestReadSeq: furthest.seq,
            furthestReadAtMs: furthest.at,
          }),
        },
        { if: `${isPresent.if} AND last_read_seq = :before`, values: { ':before': before?.seq } },
      ),
  ),
  forget: accessPattern(
    'DeleteItem',
    'Deletes a member of a room whose log is closed.',
    async (roomId: string, userId: string): Promise<void> => {
      await table.remove(member.key({ roomId, userId }));
    },
  ),
});
