import { describe, expect, it } from 'vitest';
import { countUnread } from '../../../shared/domain/messages/unread.ts';
import { archiveAfterSend } from '../../../shared/domain/messages/unread-seqs.ts';
import type { MessageEntry } from '../../../shared/domain/model/log.ts';
import { ann, bob, start } from '../../kit/memory-chat/system.ts';
import { startTable } from './started-table.ts';

const { table, log, unread, rooms, openRoom } = await startTable();

const logger = {
  error: (message: string) => {
    throw new Error(message);
  },
};

const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

/** Stores messages of two users by turns, records own seqs as a send does, and deletes every fourth message. */
async function converse(roomId: string, messages: number): Promise<void> {
  for (let sent = 0; sent < messages; sent += 1) {
    const { userId, username } = sent % 2 === 0 ? ann : bob;
    const { seq, messageSeqs } = await log.takeSeq(roomId, { forMessage: true }, start);
    const base = { roomId, at: start, outbox: false, userId, username };
    const entry: MessageEntry = {
      ...base,
      kind: 'message',
      seq,
      messageSeqs,
      content: 'hi',
      isDeleted: false,
    };
    await log.putMessage(entry, 'hash');
    const own = await unread.addOwn(roomId, userId, seq);
    let head = (await rooms.head(roomId))!;
    if (sent % 4 === 3) {
      head = await log.takeSeq(roomId, { forMessage: false }, start);
      await log.putDeletion({
        ...base,
        kind: 'delete',
        seq: head.seq,
        messageSeqs: head.messageSeqs,
        targetSeq: seq,
      });
    }
    await archiveAfterSend({ unread, logger }, { entry, head }, own);
  }
}

/** Counts what is unread after a seq from the entries of the log. */
async function countEntries(roomId: string, userId: string, after: number): Promise<number> {
  const entries = await log.range(roomId, after, Number.MAX_SAFE_INTEGER, 10_000);
  return entries.filter((entry) => entry.kind === 'message' && !entry.isDeleted && entry.userId !== userId)
    .length;
}

async function countBehind(roomId: string, userId: string, after: number): Promise<number> {
  const { head, own } = (await unread.getHead(roomId, userId))!;
  const entry = after === 0 ? undefined : await log.get(roomId, after);
  const marker = entry && { seq: after, messageSeqs: entry.messageSeqs, at: start };
  return countUnread({ unread }, { userId, head, own, marker });
}

describe('an unread count', () => {
  it('is exact for every read marker, recent or archived', { timeout: 60_000 }, async () => {
    const { roomId } = await openRoom({}, bob);
    await converse(roomId, 240);
    const { head, own } = (await unread.getHead(roomId, ann.userId))!;
    expect(head.dead.seqs.length).toBeLessThanOrEqual(49);
    expect(head.dead.archivedTo).toBeGreaterThan(0);
    expect(own.seqs.length).toBeLessThanOrEqual(96);
    expect(own.archivedTo).toBeGreaterThan(0);
    for (const { userId } of [ann, bob, { userId: 'a-stranger' }])
      for (let after = 0; after <= head.seq; after += 37)
        expect(await countBehind(roomId, userId, after), `of ${userId} behind ${after}`).toBe(
          await countEntries(roomId, userId, after),
        );
  });

  it('has neither own seqs nor a head in a room that does not exist', async () => {
    expect(await unread.getHead('nowhere', ann.userId)).toBeUndefined();
    expect(await unread.getOwn(ann.userId, ['nowhere'])).toEqual(new Map());
  });
});

describe('own seqs', () => {
  it('are a set for each room', async () => {
    const { roomId } = await openRoom();
    for (const seq of [3, 1, 3]) await unread.addOwn(roomId, ann.userId, seq);
    expect(await unread.addOwn(roomId, ann.userId, 2)).toEqual({ seqs: [1, 2, 3], archivedTo: 0 });
    expect(await unread.getOwn(ann.userId, [roomId, 'nowhere'])).toEqual(
      new Map([[roomId, { seqs: [1, 2, 3], archivedTo: 0 }]]),
    );
    expect(await unread.getOwn(bob.userId, [roomId])).toEqual(new Map());
  });

  it('are all kept when two writers archive them concurrently, and another seq is added later', async () => {
    const { roomId } = await openRoom();
    for (const seq of upTo(100)) if (seq !== 30) await unread.addOwn(roomId, ann.userId, seq);
    const before = await unread.addOwn(roomId, ann.userId, 101);
    const after = await unread.addOwn(roomId, ann.userId, 30);
    await Promise.all([
      unread.archiveOwn(roomId, ann.userId, after),
      unread.archiveOwn(roomId, ann.userId, before),
    ]);
    const [left, archived] = await Promise.all([
      unread.getOwn(ann.userId, [roomId]),
      unread.listArchivedOwn(roomId, ann.userId, 0),
    ]);
    expect([...new Set([...left.get(roomId)!.seqs, ...archived])].toSorted((a, b) => a - b)).toEqual(
      upTo(101),
    );
    // The late one stays in the item when the archive that does not know of it is the first.
    expect(left.get(roomId)!.seqs.length).toBeLessThanOrEqual(33);
  });
});

describe('dead seqs', () => {
  it('are all kept when they are archived twice, in any order', async () => {
    const { roomId } = await openRoom();
    const voids = upTo(80).map((seq) => ({
      kind: 'void' as const,
      roomId,
      seq: seq * 50,
      messageSeqs: seq,
      at: start,
      outbox: false,
      wasMessage: true,
    }));
    for (const entry of voids.slice(0, 60)) await log.putVoids([entry]);
    const { dead: first } = (await rooms.head(roomId))!;
    for (const entry of voids.slice(60)) await log.putVoids([entry]);
    const { dead: second } = (await rooms.head(roomId))!;
    for (const dead of [second, first, second]) await unread.archiveDead(roomId, dead);
    const { dead } = (await rooms.head(roomId))!;
    expect(dead.seqs).toEqual(voids.slice(48).map(({ seq }) => seq));
    expect(dead.archivedTo).toBe(48 * 50);
    const archived = await unread.listArchivedDead(roomId, 0);
    expect(archived.toSorted((a, b) => a - b)).toEqual(voids.slice(0, 48).map(({ seq }) => seq));
    expect((await unread.listArchivedDead(roomId, 2_000)).every((seq) => seq > 2_000 - 256)).toBe(true);
  });
});

describe('own and dead seqs', () => {
  it('are deleted with the room', async () => {
    const { roomId } = await openRoom({}, bob);
    await converse(roomId, 30);
    expect((await table.all({ partition: `UNREAD#${roomId}` })).length).toBeGreaterThan(0);
    while (!(await rooms.purge(roomId, 3)).done);
    expect(await table.all({ partition: `UNREAD#${roomId}` })).toEqual([]);
  });
});
