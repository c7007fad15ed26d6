/** Archived dead seqs: deleted messages and void entries that unread counts leave out. The newest are on the head. */
import { accessPattern } from '../access-pattern.ts';
import { number, numberSet } from '../attributes.ts';
import { defineEntity } from '../entity.ts';
import { seqKey, seqKeyEnd } from '../keys.ts';
import type { Table } from '../table.ts';

export const archivedDeadSeqs = defineEntity({
  name: 'dead seqs, archived',
  description: 'which of 256 neighboring seqs of a room are deleted messages or void entries',
  pk: 'UNREAD#{roomId}',
  sk: 'DEAD#{bucket}',
  attributes: { bucket: number('bucket'), offsets: numberSet('offsets') },
});

export const deadSeqsItems = (table: Table) => ({
  archive: accessPattern(
    'UpdateItem',
    'Adds seqs to a bucket, as their offsets in it.',
    async (roomId: string, bucket: number, offsets: number[]): Promise<void> => {
      await table.update(archivedDeadSeqs.key({ roomId, bucket: seqKey(bucket) }), {
        add: { offsets: new Set(offsets) },
        set: archivedDeadSeqs.encode({ bucket }),
      });
    },
  ),
  listArchived: accessPattern(
    'Query',
    'Reads the archive from its end down to a bucket, at most 1 MB of it.',
    async (roomId: string, fromBucket: number): Promise<{ bucket: number; offsets: number[] }[]> => {
      const { items } = await table.page({
        partition: archivedDeadSeqs.partition({ roomId }),
        from: archivedDeadSeqs.key({ roomId, bucket: seqKey(fromBucket) }).sk,
        to: archivedDeadSeqs.key({ roomId, bucket: seqKeyEnd }).sk,
        descending: true,
      });
      return items.map((item) => archivedDeadSeqs.parse(item));
    },
  ),
});
