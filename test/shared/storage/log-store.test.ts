import { describe, expect, it } from 'vitest';
import type { ChangeEntry, LogEntry, MessageEntry, VoidEntry } from '../../../shared/domain/model/log.ts';
import { memberOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, start } from '../../kit/memory-chat/system.ts';
import { startTable } from './started-table.ts';

const { log, rooms, members, openRoom } = await startTable();

const { userId, username } = ann;

function message(roomId: string, seq: number, more: Partial<MessageEntry> = {}): MessageEntry {
  return {
    kind: 'message',
    roomId,
    seq,
    at: start,
    messageSeqs: seq,
    outbox: false,
    userId,
    username,
    content: `m${seq}`,
    isDeleted: false,
    ...more,
  };
}
const change = (kind: ChangeEntry['kind'], roomId: string, seq: number, targetSeq = 1): ChangeEntry => ({
  kind,
  roomId,
  seq,
  at: start + seq,
  messageSeqs: 1,
  outbox: true,
  targetSeq,
  userId,
  username,
});
const voidEntry = (roomId: string, seq: number, wasMessage = true): VoidEntry => ({
  kind: 'void',
  roomId,
  seq,
  at: start,
  messageSeqs: 1,
  outbox: false,
  wasMessage,
});

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

describe('storing a message', () => {
  it('is refused under a seq that has a void entry', async () => {
    const { roomId } = await openRoom();
    await log.putVoids([voidEntry(roomId, 1)]);
    const taken = { stored: false, reason: 'seq_taken' };
    expect(await log.putMessage(message(roomId, 1), 'hash')).toEqual(taken);
    expect(await log.putMessage(message(roomId, 1, { clientId: 'c-1' }), 'hash')).toEqual(taken);
    expect(await log.putMessage(message(roomId, 2, { clientId: 'c-1' }), 'hash')).toEqual({ stored: true });
  });

  it('succeeds when it is repeated under its own seq after a lost response', async () => {
    const { roomId } = await openRoom();
    for (const more of [{}, { clientId: 'c-1', seq: 2 }]) {
      const entry = message(roomId, 1, more);
      expect(await log.putMessage(entry, 'hash')).toEqual({ stored: true });
      expect(await log.putMessage(entry, 'hash')).toEqual({ stored: true });
    }
  });

  it('returns the original and stores nothing when the client_id was used', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1, { clientId: 'c-1' }), 'hash');
    const duplicate = { stored: false, reason: 'duplicate', seq: 1, contentHash: 'hash' };
    expect(await log.putMessage(message(roomId, 2, { clientId: 'c-1' }), 'other')).toEqual(duplicate);
    expect(await log.get(roomId, 2)).toBeUndefined();
  });

  it('accepts the same client_id from another user or in another room', async () => {
    const [one, two] = [await openRoom(), await openRoom()];
    for (const entry of [
      message(one.roomId, 1, { clientId: 'c-1' }),
      message(one.roomId, 2, { clientId: 'c-1', userId: bob.userId }),
      message(two.roomId, 1, { clientId: 'c-1' }),
    ]) {
      expect(await log.putMessage(entry, 'hash')).toEqual({ stored: true });
    }
  });

  it('stores one of many concurrent sends with the same client_id', async () => {
    const { roomId } = await openRoom();
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        log.putMessage(message(roomId, at + 1, { clientId: 'c-1' }), 'hash'),
      ),
    );
    expect(outcomes.filter(({ stored }) => stored)).toHaveLength(1);
  });
});

describe('storing an edit', () => {
  it('changes the message, and the edit with the higher seq wins in either order', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    expect(await log.putEdit(change('edit', roomId, 3), 'third')).toBe('stored');
    expect(await log.putEdit(change('edit', roomId, 2), 'second')).toBe('overtaken');
    expect(await log.putChangeAlone(change('edit', roomId, 2))).toBe('stored');
    expect(await log.get(roomId, 1)).toMatchObject({ content: 'third', editSeq: 3, editedAtMs: start + 3 });
  });

  it('is refused under a taken seq, and succeeds when its own entry has the seq', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    await log.putVoids([voidEntry(roomId, 2, false)]);
    expect(await log.putEdit(change('edit', roomId, 2), 'x')).toBe('seq_taken');
    expect(await log.putChangeAlone(change('edit', roomId, 2))).toBe('seq_taken');
    await log.putEdit(change('edit', roomId, 3), 'x');
    expect(await log.putEdit(change('edit', roomId, 3), 'x')).toBe('stored');
    expect(await log.putChangeAlone(change('edit', roomId, 3))).toBe('stored');
  });

  it('reports a message that was deleted or never existed as deleted', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    await log.putDeletion(change('delete', roomId, 2));
    expect(await log.putEdit(change('edit', roomId, 3), 'x')).toBe('deleted');
    expect(await log.putEdit(change('edit', roomId, 4, 9), 'x')).toBe('deleted');
    expect(await log.get(roomId, 3)).toBeUndefined();
  });
});

describe('storing a deletion', () => {
  it('removes the content of an edited message and keeps the time of the edit', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    await log.putEdit(change('edit', roomId, 2), 'edited');
    expect(await log.putDeletion(change('delete', roomId, 3))).toBe('stored');
    expect(await log.get(roomId, 1)).toMatchObject({
      content: '',
      isDeleted: true,
      editedAtMs: start + 2,
      userId,
    });
  });

  it('does not mark a message as edited that never was', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    expect(await log.putDeletion(change('delete', roomId, 2))).toBe('stored');
    expect(await log.get(roomId, 1)).toMatchObject({ isDeleted: true });
    expect(await log.get(roomId, 1)).not.toHaveProperty('editedAtMs');
  });

  it('takes effect once, also when it is repeated after a lost response', async () => {
    const { roomId } = await openRoom();
    await log.putMessage(message(roomId, 1), 'hash');
    await log.putVoids([voidEntry(roomId, 2, false)]);
    expect(await log.putDeletion(change('delete', roomId, 2))).toBe('seq_taken');
    expect(await log.putDeletion(change('delete', roomId, 3))).toBe('stored');
    expect(await log.putDeletion(change('delete', roomId, 3))).toBe('stored');
    expect(await log.putDeletion(change('delete', roomId, 4))).toBe('deleted');
    expect(await rooms.head(roomId)).toMatchObject({ voids: 0, dead: { seqs: [1] } });
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
