import { describe, expect, it } from 'vitest';
import type { ChangeEntry, LogEntry, MessageEntry, VoidEntry } from '../../../shared/domain/model/log.ts';
import { memberOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, start } from '../../kit/memory-chat/system.ts';
import { change, message, voidEntry } from './stored-entries.ts';
import { startTable } from './started-table.ts';

const { log, members, openRoom, rooms } = await startTable();

describe('the sequencer', () => {
  it('gives concurrent writers seqs without gaps or repeats, and counts messages separately', async () => {
    const { roomId } = await openRoom();
    const heads = await Promise.all(
      Array.from({ length: 20 }, (_, at) => log.takeSeq(roomId, { forMessage: at % 2 === 0 }, start + at)),
    );
    expect(heads.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, at) => at + 1),
    );
    const head = (await rooms.head(roomId))!;
    expect(head).toMatchObject({
      seq: 20,
      messageSeqs: 10,
      voids: 0,
      dead: { seqs: [], archivedTo: 0 },
      shards: 1,
    });
    const newest = heads.filter((_, at) => at % 2 === 0).map(({ seq }) => seq);
    expect(head.lastMessageSeq).toBe(Math.max(...newest));
  });

  it('returns the position among the messages to each writer', async () => {
    const { roomId } = await openRoom();
    await log.takeSeq(roomId, { forMessage: false }, start);
    expect(await log.takeSeq(roomId, { forMessage: true }, start + 5)).toEqual({
      roomId,
      seq: 2,
      messageSeqs: 1,
      voids: 0,
      dead: { seqs: [], archivedTo: 0 },
      lastMessageSeq: 2,
      lastAtMs: start + 5,
      shards: 1,
      rightsSeq: 0,
    });
  });

  it('stores on the head which seq ended a right, and keeps it when later seqs are taken', async () => {
    const { roomId } = await openRoom();
    await log.takeSeq(roomId, { forMessage: true }, start);
    expect(await log.takeSeq(roomId, { forMessage: false, endsRight: true }, start)).toMatchObject({
      seq: 2,
      rightsSeq: 2,
      lastMessageSeq: 1,
    });
    expect(await log.takeSeq(roomId, { forMessage: true }, start)).toMatchObject({
      seq: 3,
      rightsSeq: 2,
      lastMessageSeq: 3,
    });
    expect((await rooms.head(roomId))?.rightsSeq).toBe(2);
    expect((await rooms.getWithMember(roomId, ann.userId))?.head.rightsSeq).toBe(2);
  });

  it('gives each of several concurrent writers that end a right its own seq as `rightsSeq`', async () => {
    const { roomId } = await openRoom();
    const heads = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        log.takeSeq(roomId, { forMessage: false, endsRight: at % 2 === 0 }, start),
      ),
    );
    const isOwn = heads.map(({ rightsSeq, seq }) => rightsSeq === seq);
    expect(isOwn).toEqual(heads.map((_, at) => at % 2 === 0));
    expect(heads.every(({ rightsSeq, seq }) => rightsSeq <= seq)).toBe(true);
  });

  it('throws not_found for a room that does not exist', async () => {
    await expect(log.takeSeq('nowhere', { forMessage: true }, start)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a stored entry', () => {
  it('of any kind is read as it was stored', async () => {
    const { roomId, room } = await openRoom();
    const base = { roomId, at: start, messageSeqs: 3 };
    const entries: LogEntry[] = [
      message(roomId, 1, { clientId: 'c-1', outbox: true }),
      { ...base, kind: 'member_added', seq: 2, outbox: true, member: memberOf(room, bob) },
      {
        ...base,
        kind: 'member_removed',
        seq: 3,
        outbox: true,
        member: { ...memberOf(room, bob), lastRead: { seq: 1 } },
      },
      { ...base, kind: 'room_updated', seq: 4, outbox: true, room, messageCount: 1 },
      change('edit', roomId, 5),
      change('delete', roomId, 6),
      voidEntry(roomId, 7, false),
    ];
    await log.putMessage(entries[0] as MessageEntry, 'hash');
    await rooms.update(room, room, entries[3] as never);
    for (const at of [4, 5]) await log.putChangeAlone(entries[at] as ChangeEntry);
    await log.putVoids([entries[6] as VoidEntry]);
    await members.add(memberOf(room, bob), entries[1] as never);
    await members.startRemoval(roomId, bob.userId);
    await members.remove(roomId, bob.userId, entries[2] as never);
    expect(await log.range(roomId, 0, Number.MAX_SAFE_INTEGER, 50)).toEqual(entries);
  });
});

describe('a void entry', () => {
  it("is stored under a seq without an entry, and counted if the seq was a message's", async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    expect(await log.putVoids([voidEntry(roomId, 1)])).toBe(false);
    expect(await log.putVoids([voidEntry(roomId, 2)])).toBe(true);
    expect(await log.putVoids([voidEntry(roomId, 2)])).toBe(false);
    expect(await log.putVoids([voidEntry(roomId, 3, false)])).toBe(true);
    expect(await rooms.head(roomId)).toMatchObject({ voids: 1, dead: { seqs: [2] } });
  });

  it('adds its seq to the dead seqs of the head', async () => {
    const { roomId } = await openRoom();
    for (let seq = 1; seq <= 40; seq += 1) await log.putVoids([voidEntry(roomId, seq)]);
    const { voids, dead } = (await rooms.head(roomId))!;
    expect(voids).toBe(40);
    expect(dead).toEqual({ seqs: Array.from({ length: 40 }, (_, at) => at + 1), archivedTo: 0 });
  });

  it('throws not_found in a room that is gone', async () => {
    await expect(log.putVoids([voidEntry('nowhere', 1)])).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('reading a log', () => {
  it('returns the entries between two seqs, in either direction, up to a limit', async () => {
    const { roomId } = await openRoom();
    for (const seq of [1, 2, 3, 9, 10, 11]) await log.putMessage(message(roomId, seq), 'hash');
    const seqs = (entries: LogEntry[]) => entries.map(({ seq }) => seq);
    expect(seqs(await log.range(roomId, 0, Number.MAX_SAFE_INTEGER, 50))).toEqual([1, 2, 3, 9, 10, 11]);
    expect(seqs(await log.range(roomId, 2, 11, 50))).toEqual([3, 9, 10]);
    expect(seqs(await log.range(roomId, 2, Number.MAX_SAFE_INTEGER, 2))).toEqual([3, 9]);
    expect(seqs(await log.rangeDown(roomId, Number.MAX_SAFE_INTEGER, 3))).toEqual([11, 10, 9]);
    expect(seqs(await log.rangeDown(roomId, 9, 2))).toEqual([3, 2]);
    expect(await log.rangeDown(roomId, 1, 5)).toEqual([]);
    expect(
      seqs((await log.getMany([3, 4, 3, 9].map((seq) => ({ roomId, seq })))).sort((a, b) => a.seq - b.seq)),
    ).toEqual([3, 9]);
  });
});
