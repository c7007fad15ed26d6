/** Archived dead seqs: deleted messages and void entries that unread counts leave out. The newest are on the head. */
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
  /** Adds seqs to a bucket, as their offsets in it. */
  archive: async (roomId: string, bucket: number, offsets: number[]): Promise<void> => {
    await table.update(archivedDeadSeqs.key({ roomId, bucket: seqKey(bucket) }), {
      add: { offsets: new Set(offsets) },
      set: archivedDeadSeqs.encode({ bucket }),
    });
  },
  /** Reads the archive from its end down to a bucket, at most 1 MB of it. */
  listArchived: async (
    roomId: string,
    fromBucket: number,
  ): Promise<{ bucket: number; offsets: number[] }[]> => {
    const { items } = await table.page({
      partition: archivedDeadSeqs.partition({ roomId }),
      from: archivedDeadSeqs.key({ roomId, bucket: seqKey(fromBucket) }).sk,
      to: archivedDeadSeqs.key({ roomId, bucket: seqKeyEnd }).sk,
      descending: true,
    });
    return items.map((item) => archivedDeadSeqs.parse(item));
  },
});
