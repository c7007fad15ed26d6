/** The seqs that unread counts leave out: the newest ones in one item, older ones in an archive. */
import { chunk } from '../domain/chunk.ts';
import type { SeqSet } from '../domain/model/rooms.ts';
import type { UnreadStore } from '../domain/ports/unread.ts';
import { waitForAll } from '../domain/wait-for-all.ts';
import { deadSeqsItems } from './entities/dead-seqs.ts';
import { headItems } from './entities/head.ts';
import { ownSeqsItems } from './entities/own-seqs.ts';
import type { SeqBlock } from './seq-block.ts';
import type { Table } from './table.ts';

/** As many seqs of three digits as 1 KB holds, the size of one write unit: the seqs of one bucket share an item. */
const bucketSize = 256;

/** How many of the newest seqs stay when the older ones are archived, so that recent markers need no archive. */
const seqsKept = 32;

/** Own seqs in an item of the archive: up to 1 KB. */
const archivedAtOnce = 96;

const bucketOf = (seq: number): number => Math.floor(seq / bucketSize);

export function unreadStore(table: Table): UnreadStore {
  const ownSeqs = ownSeqsItems(table);
  const deadSeqs = deadSeqsItems(table);
  return {
    getHead: ownSeqs.getWithHead,
    getHeads: ownSeqs.getManyWithHeads,
    getOwn: ownSeqs.getMany,
    getOwnOfUsers: ownSeqs.getOfUsers,
    listArchivedOwn: ownSeqs.listArchived,
    async listArchivedDead(roomId, after) {
      const buckets = await deadSeqs.listArchived(roomId, bucketOf(after));
      return buckets.flatMap(({ bucket, offsets }) => offsets.map((offset) => bucket * bucketSize + offset));
    },
    addOwn: ownSeqs.add,
    async archiveOwn(roomId, userId, own) {
      // Archive the seqs before removing them: in between they are in both places, and a union counts them once.
      for (const block of chunk(oldestOf(own), archivedAtOnce).map(blockOf)) {
        await ownSeqs.archive(roomId, userId, block);
        await ownSeqs.forget(roomId, userId, block, own.archivedTo);
      }
    },
    async archiveDead(roomId, dead) {
      const seqs = oldestOf(dead);
      const byBucket = new Map<number, number[]>();
      for (const seq of seqs) {
        const bucket = bucketOf(seq);
        byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), seq - bucket * bucketSize]);
      }
      await waitForAll([...byBucket].map(([bucket, offsets]) => deadSeqs.archive(roomId, bucket, offsets)));
      if (seqs.length > 0) await headItems(table).forgetDeadSeqs(roomId, blockOf(seqs), dead.archivedTo);
    },
  };
}

const blockOf = (seqs: number[]): SeqBlock => ({ seqs, last: seqs.at(-1) ?? 0 });

const oldestOf = ({ seqs }: SeqSet): number[] => seqs.toSorted((a, b) => a - b).slice(0, -seqsKept);
