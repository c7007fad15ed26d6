/** Heads: the sequencers of rooms' logs, with the counters that go with them. */
import type { Head } from '../../domain/model/rooms.ts';
import type { SeqPurpose } from '../../domain/ports/log.ts';
import { accessPattern } from '../access-pattern.ts';
import { number, numberSet, optional, text, withDefault } from '../attributes.ts';
import { defineEntity, exists } from '../entity.ts';
import type { Item } from '../item.ts';
import { archivedBelow, type SeqBlock } from '../seq-block.ts';
import type { Outcome, Step, Table } from '../table.ts';

export const head = defineEntity({
  name: 'head',
  description: "the sequencer of a room's log",
  pk: 'ROOM#{roomId}',
  sk: 'HEAD',
  attributes: {
    roomId: text('room_id'),
    seq: number('seq'),
    messageSeqs: number('taken'),
    voids: withDefault(number('voids'), 0),
    deadSeqs: numberSet('dead_seqs'),
    deadArchivedTo: withDefault(number('dead_archived_to'), 0),
    lastMessageSeq: number('last_message_seq'),
    lastAtMs: number('last_at'),
    shards: number('shards'),
    rightsSeq: withDefault(number('rights_seq'), 0),
    watchedUntilMs: optional(number('watched_until')),
    closedAtMs: optional(number('closed_at')),
  },
});

export function parseHead(item: Item): Head {
  const { deadSeqs, deadArchivedTo, ...rest } = head.parse(item);
  return { ...rest, dead: { seqs: deadSeqs, archivedTo: deadArchivedTo } };
}

export const headItem = (value: Omit<Head, 'dead' | 'rightsSeq'>): Item => ({
  ...head.key(value),
  ...head.encode(value),
});

const isOpen = { if: 'attribute_exists(pk) AND attribute_not_exists(closed_at)' };

/** Steps of transactions on a room's log. */
export const headSteps = {
  close: accessPattern(
    'part of a transaction',
    'Closes the log of a deleted room, so that no seq is taken any more.',
    (roomId: string, at: number): Step => ({
      update: head.key({ roomId }),
      change: { set: head.encode({ closedAtMs: at }) },
      condition: isOpen,
    }),
  ),
  addVoids: accessPattern(
    'part of a transaction',
    'Counts void entries, and adds the seqs that had been taken for messages to the dead ones.',
    (roomId: string, seqs: number[]): Step => ({
      update: head.key({ roomId }),
      change: { add: { voids: seqs.length, dead_seqs: new Set(seqs) } },
      condition: exists,
    }),
  ),
  addDeletedMessage: accessPattern(
    'part of a transaction',
    'Adds the seq of a deleted message to the dead ones.',
    (roomId: string, seq: number): Step => ({
      update: head.key({ roomId }),
      change: { add: { dead_seqs: new Set([seq]) } },
      condition: exists,
    }),
  ),
};

export const headItems = (table: Table) => ({
  get: accessPattern('GetItem', 'Reads a head.', async (roomId: string): Promise<Head | undefined> => {
    const item = await table.get(head.key({ roomId }));
    return item && parseHead(item);
  }),
  getMany: accessPattern(
    'BatchGetItem',
    'Reads several heads.',
    async (roomIds: string[], consistent: boolean): Promise<Head[]> => {
      const items = await table.getMany(
        roomIds.map((roomId) => head.key({ roomId })),
        { consistent },
      );
      return items.map(parseHead);
    },
  ),
  takeSeq: accessPattern(
    'UpdateItem',
    'Takes the next seq of an open log.',
    (roomId: string, { forMessage, endsRight = false }: SeqPurpose, at: number): Promise<Outcome> =>
      table.update(
        head.key({ roomId }),
        {
          add: forMessage ? { seq: 1, taken: 1 } : { seq: 1 },
          set: { last_at: at },
          increment: {
            ...(forMessage ? { last_message_seq: { from: 'seq', by: 1 } } : {}),
            ...(endsRight ? { rights_seq: { from: 'seq', by: 1 } } : {}),
          },
        },
        isOpen,
      ),
  ),
  addShards: accessPattern(
    'UpdateItem',
    'Raises the number of shards if it is the one that was read.',
    async (roomId: string, from: number, to: number): Promise<void> => {
      await table.update(
        head.key({ roomId }),
        { set: head.encode({ shards: to }) },
        { if: 'shards = :from', values: { ':from': from } },
      );
    },
  ),
  setWatched: accessPattern(
    'UpdateItem',
    'Tells the writers of an open log until when inboxes of members are watched.',
    async (roomId: string, untilMs: number): Promise<void> => {
      await table.update(
        head.key({ roomId }),
        { set: head.encode({ watchedUntilMs: untilMs }) },
        {
          if: `${isOpen.if} AND (attribute_not_exists(watched_until) OR watched_until < :until)`,
          values: { ':until': untilMs },
        },
      );
    },
  ),
  clearWatched: accessPattern(
    'UpdateItem',
    'Undoes that, if it is still as it was read.',
    async (roomId: string, untilMs: number): Promise<void> => {
      await table.update(
        head.key({ roomId }),
        { remove: ['watched_until'] },
        { if: 'watched_until = :until', values: { ':until': untilMs } },
      );
    },
  ),
  forgetDeadSeqs: accessPattern(
    'UpdateItem',
    'Removes dead seqs that were archived.',
    async (roomId: string, { seqs, last }: SeqBlock, archivedTo: number): Promise<void> => {
      await table.update(
        head.key({ roomId }),
        {
          deleteFrom: { dead_seqs: new Set(seqs) },
          ...(last > archivedTo && { set: head.encode({ deadArchivedTo: last }) }),
        },
        last > archivedTo ? archivedBelow('dead_archived_to', last) : exists,
      );
    },
  ),
});
