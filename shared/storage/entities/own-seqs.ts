/** Own seqs: which messages of a room a user wrote, so that unread counts leave them out; older ones are archived. */
import type { Head, SeqSet } from '../../domain/model/rooms.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, numberSet, withDefault } from '../attributes.ts';
import { defineEntity, exists } from '../entity.ts';
import type { Item } from '../item.ts';
import { findItem, keyOf, seqKey, seqKeyEnd } from '../keys.ts';
import { removePage } from '../remove-page.ts';
import { archivedBelow, type SeqBlock } from '../seq-block.ts';
import type { Table } from '../table.ts';
import { head, parseHead } from './head.ts';

export const ownSeqs = defineEntity({
  name: 'own seqs',
  description: "the seqs of a user's newest messages in a room",
  pk: 'UNREAD#{roomId}',
  sk: 'OWN#{userId}',
  attributes: { seqs: numberSet('seqs'), archivedTo: withDefault(number('archived_to'), 0) },
});

export const archivedOwnSeqs = defineEntity({
  name: 'own seqs, archived',
  description: "the seqs of a user's older messages in a room, up to 96 in one item",
  pk: 'UNREAD#{roomId}',
  sk: 'OWN#{userId}#{lastSeq}',
  attributes: { seqs: numberSet('seqs') },
});

export const parseOwnSeqs = (item: Item | undefined): SeqSet => ownSeqs.parse(item ?? {});

export const ownSeqsItems = (table: Table) => ({
  getWithHead: accessPattern(
    'BatchGetItem',
    "Reads the own seqs of a user in a room with the room's head, in one request.",
    async (roomId: string, userId: string): Promise<{ head: Head; own: SeqSet } | undefined> => {
      const keys = { head: head.key({ roomId }), own: ownSeqs.key({ roomId, userId }) };
      const items = await table.getMany([keys.head, keys.own]);
      const headFound = findItem(items, keys.head);
      return headFound && { head: parseHead(headFound), own: parseOwnSeqs(findItem(items, keys.own)) };
    },
  ),
  getManyWithHeads: accessPattern(
    'BatchGetItem',
    "Reads the own seqs of a user in several rooms with the rooms' heads, 50 rooms in one request, from one replica.",
    async (userId: string, roomIds: string[]): Promise<Map<string, { head: Head; own: SeqSet }>> => {
      const items = await table.getMany(
        roomIds.flatMap((roomId) => [head.key({ roomId }), ownSeqs.key({ roomId, userId })]),
        { consistent: false },
      );
      const own = new Map(items.map((item) => [ownSeqs.partsOf(keyOf(item))?.roomId, item]));
      return new Map(
        items
          .filter((item) => head.partsOf(keyOf(item)) !== undefined)
          .map(parseHead)
          .map((found) => [found.roomId, { head: found, own: parseOwnSeqs(own.get(found.roomId)) }]),
      );
    },
  ),
  getMany: accessPattern(
    'BatchGetItem',
    'Reads the own seqs of a user in several rooms, from one replica.',
    async (userId: string, roomIds: string[]): Promise<Map<string, SeqSet>> => {
      const items = await table.getMany(
        roomIds.map((roomId) => ownSeqs.key({ roomId, userId })),
        { consistent: false },
      );
      return new Map(
        items.flatMap((item) => {
          const parts = ownSeqs.partsOf(keyOf(item));
          return parts === undefined ? [] : [[parts.roomId, parseOwnSeqs(item)] as const];
        }),
      );
    },
  ),
  getOfUsers: accessPattern(
    'BatchGetItem',
    'Reads the own seqs of several users in a room.',
    async (roomId: string, userIds: string[]): Promise<Map<string, SeqSet>> => {
      const items = await table.getMany(userIds.map((userId) => ownSeqs.key({ roomId, userId })));
      return new Map(
        items.flatMap((item) => {
          const parts = ownSeqs.partsOf(keyOf(item));
          return parts === undefined ? [] : [[parts.userId, parseOwnSeqs(item)] as const];
        }),
      );
    },
  ),
  add: accessPattern(
    'UpdateItem',
    'Adds a seq.',
    async (roomId: string, userId: string, seq: number): Promise<SeqSet> => {
      const change = { add: { seqs: new Set([seq]) } };
      return parseOwnSeqs((await table.update(ownSeqs.key({ roomId, userId }), change)).item);
    },
  ),
  archive: accessPattern(
    'UpdateItem',
    'Adds a block of seqs to the archive.',
    async (roomId: string, userId: string, { seqs, last }: SeqBlock): Promise<void> => {
      const key = archivedOwnSeqs.key({ roomId, userId, lastSeq: seqKey(last) });
      await table.update(key, { add: { seqs: new Set(seqs) } });
    },
  ),
  forget: accessPattern(
    'UpdateItem',
    'Removes seqs that were archived.',
    async (roomId: string, userId: string, { seqs, last }: SeqBlock, archivedTo: number): Promise<void> => {
      await table.update(
        ownSeqs.key({ roomId, userId }),
        {
          deleteFrom: { seqs: new Set(seqs) },
          ...(last > archivedTo && { set: ownSeqs.encode({ archivedTo: last }) }),
        },
        last > archivedTo ? archivedBelow('archived_to', last) : exists,
      );
    },
  ),
  listArchived: accessPattern(
    'Query',
    'Reads the archive from its end down to a seq, at most 1 MB of it.',
    async (roomId: string, userId: string, after: number): Promise<number[]> => {
      const { items } = await table.page({
        partition: archivedOwnSeqs.partition({ roomId }),
        from: archivedOwnSeqs.key({ roomId, userId, lastSeq: seqKey(after + 1) }).sk,
        to: archivedOwnSeqs.key({ roomId, userId, lastSeq: seqKeyEnd }).sk,
        descending: true,
      });
      return items.flatMap((item) => archivedOwnSeqs.parse(item).seqs);
    },
  ),
  removeSome: accessPattern(
    ['Query', 'BatchWriteItem'],
    "Deletes a part of a user's own seqs in a room, the archive included.",
    (roomId: string, userId: string, limit: number): Promise<{ done: boolean }> => {
      const { pk, sk } = ownSeqs.key({ roomId, userId });
      return removePage(table, { partition: pk, prefix: sk, limit });
    },
  ),
});

/** Own seqs and archived dead seqs share the partition of their room. */
export const unreadItems = (table: Table) => ({
  removeSome: accessPattern(
    ['Query', 'BatchWriteItem'],
    "Deletes a part of all seqs that a room's unread counts leave out.",
    (roomId: string, limit: number): Promise<{ done: boolean }> =>
      removePage(table, { partition: ownSeqs.partition({ roomId }), limit }),
  ),
});
