import { describe, expect, it, vi } from 'vitest';
import { gapAgeMs } from '../../../../shared/domain/thresholds.ts';
import { isMessage, readBackward, readForward } from '../../../../shared/domain/messages/read-log.ts';
import { messageCount } from '../../../../shared/domain/views.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, start } from '../../../kit/memory-chat/system.ts';
import { leaveGap, outline, send, seqsOf, writeLog } from '../log-steps.ts';

const headOf = async (chat: MemoryChat) => (await chat.rooms.head(roomId))!;

const forward = async (chat: MemoryChat, after = 0, limit = 50) =>
  readForward(chat, { roomId, limit, select: isMessage, head: await headOf(chat) }, after);

const backward = async (chat: MemoryChat, limit = 50) =>
  readBackward(chat, { roomId, limit, select: isMessage, head: await headOf(chat) }, Number.MAX_SAFE_INTEGER);

const readers = { forwards: forward, backwards: (chat: MemoryChat) => backward(chat) };

const plans = {
  'at the start': { plan: '__mm', filled: '_1 _2 m3 m4' },
  'in the middle': { plan: 'mm__mm', filled: 'm1 m2 _3 _4 m5 m6' },
  'at the end': { plan: 'mm_', filled: 'm1 m2 _3' },
  everywhere: { plan: '_m_m_', filled: '_1 m2 _3 m4 _5' },
  'in a log without entries': { plan: '___', filled: '_1 _2 _3' },
  'of other entries than messages': { plan: 'm-m-', filled: 'm1 -2 m3 -4' },
  'of both kinds, apart from each other': { plan: 'm_m-m', filled: 'm1 _2 m3 -4 m5' },
};

describe.each(Object.entries(readers))('reading a log %s', (_, read) => {
  it.each(Object.entries(plans))('fills old gaps %s with void entries', async (_where, { plan, filled }) => {
    const chat = await openChat();
    await writeLog(chat, plan);
    chat.clock.pass(gapAgeMs);
    const page = await read(chat);
    expect(outline(chat)).toBe(filled);
    expect(page.completeTo).toBe(plan.length);
    expect(page.hasMore).toBe(false);
    expect(messageCount(await headOf(chat))).toBe(page.entries.length);
  });

  it('leaves a young gap to its writer, and says up to where the log is complete', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm_m');
    chat.clock.pass(gapAgeMs - 1);
    const page = await read(chat);
    expect(outline(chat)).toBe('m1 m3');
    expect(seqsOf(page.entries)).toEqual([1, 3]);
    expect(page.completeTo).toBe(1);
  });

  it('leaves a young gap at the end open', async () => {
    const chat = await openChat();
    await writeLog(chat, 'mm_');
    expect((await read(chat)).completeTo).toBe(2);
  });

  it('fills an old gap below a young one', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm_m');
    chat.clock.pass(gapAgeMs);
    await writeLog(chat, '_m');
    const page = await read(chat);
    expect(outline(chat)).toBe('m1 _2 m3 m5');
    expect(page.completeTo).toBe(3);
  });

  it('is complete up to the head of a log without gaps', async () => {
    const chat = await openChat();
    await writeLog(chat, 'mmm');
    expect(await read(chat)).toMatchObject({ completeTo: 3, hasMore: false });
  });

  it('reads nothing from an empty log', async () => {
    const chat = await openChat();
    expect(await read(chat)).toMatchObject({ entries: [], hasMore: false, completeTo: 0 });
  });

  it('reads again when a late writer stored its entry while the gap was being filled', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm_m');
    chat.clock.pass(gapAgeMs);
    const putVoids = chat.log.putVoids.bind(chat.log);
    vi.spyOn(chat.log, 'putVoids').mockImplementationOnce(async (entries) => {
      // The writer that was believed dead stores its entry at this moment.
      const { userId, username } = (await chat.members.get(
        roomId,
        (await chat.rooms.get(roomId))!.creatorId,
      ))!;
      await chat.log.putMessage(
        {
          kind: 'message',
          roomId,
          seq: 2,
          at: 0,
          messageSeqs: 2,
          outbox: false,
          userId,
          username,
          content: 'late',
          isDeleted: false,
        },
        'hash',
      );
      return putVoids(entries);
    });
    const page = await read(chat);
    expect(seqsOf(page.entries)).toEqual([1, 2, 3]);
    expect(page.completeTo).toBe(3);
  });

  it('throws not_found when the room is gone, instead of reading forever', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm_m');
    chat.clock.pass(gapAgeMs);
    const head = await headOf(chat);
    vi.spyOn(chat.rooms, 'head').mockResolvedValue(head);
    chat.state.heads.delete(roomId);
    await expect(read(chat)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('gaps and pages', () => {
  it('fills old gaps beyond the first page when they are read', async () => {
    const chat = await openChat();
    await writeLog(chat, 'mm_mm_mm_');
    chat.clock.pass(gapAgeMs);
    expect(seqsOf((await forward(chat, 0, 2)).entries)).toEqual([1, 2]);
    expect(seqsOf((await forward(chat, 2, 2)).entries)).toEqual([4, 5]);
    expect(await forward(chat, 5, 10)).toMatchObject({ completeTo: 9, hasMore: false });
    expect(outline(chat)).toBe('m1 m2 _3 m4 m5 _6 m7 m8 _9');
  });

  it('skips runs of void entries that are longer than a page, in both directions', async () => {
    const chat = await openChat();
    await writeLog(chat, 'mm________mm');
    chat.clock.pass(gapAgeMs);
    await forward(chat);
    expect(seqsOf((await forward(chat, 1, 2)).entries)).toEqual([2, 11]);
    const newest = await backward(chat, 3);
    expect(seqsOf(newest.entries)).toEqual([2, 11, 12]);
    expect(newest).toMatchObject({ hasMore: true, completeTo: 12 });
  });

  it('fills a gap at the border of two pages when it reads backward', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm_m_m_m_m');
    chat.clock.pass(gapAgeMs);
    expect(seqsOf((await backward(chat, 4)).entries)).toEqual([3, 5, 7, 9]);
    expect(seqsOf((await backward(chat, 5)).entries)).toEqual([1, 3, 5, 7, 9]);
    expect(outline(chat)).toBe('m1 _2 m3 _4 m5 _6 m7 _8 m9');
  });

  it('does not count a gap below a void entry as a message', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm-_m');
    await chat.log.putVoids([
      {
        kind: 'void',
        roomId,
        seq: 3,
        at: chat.clock.now(),
        messageSeqs: 2,
        outbox: false,
        wasMessage: true,
      },
    ]);
    chat.clock.pass(gapAgeMs);
    // With this limit the void entry is the lowest entry of the first page that is read.
    await readBackward(
      chat,
      { roomId, limit: 1, select: isMessage, head: await headOf(chat) },
      Number.MAX_SAFE_INTEGER,
    );
    await backward(chat);
    expect(outline(chat)).toBe('m1 -2 _3 m4');
    expect(messageCount(await headOf(chat))).toBe(2);
  });

  it('counts only stored messages after a gap of unknown kinds', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm-__-m');
    chat.clock.pass(gapAgeMs);
    await forward(chat);
    expect(messageCount(await headOf(chat))).toBe(2);
  });

  it('counts the messages of a gap whose beginning was not read', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm___m');
    chat.clock.pass(gapAgeMs);
    await forward(chat, 2);
    expect(outline(chat)).toBe('m1 _2 _3 _4 m5');
    expect(messageCount(await headOf(chat))).toBe(2);
  });

  it('counts a late message in a gap of both kinds', async () => {
    const chat = await openChat();
    await writeLog(chat, 'm-_m');
    chat.clock.pass(gapAgeMs);
    const storeLate = async () => {
      const { userId, username } = ann;
      // The seq was taken in time, and the entry is stored only now.
      const at = start;
      const late = {
        kind: 'message',
        roomId,
        seq: 3,
        at,
        messageSeqs: 2,
        outbox: false,
        userId,
        username,
      } as const;
      await chat.log.putMessage({ ...late, content: 'late', isDeleted: false }, 'hash');
    };
    // When the first seq of the gap has been filled as the message's, or before any of them is filled.
    const { putVoids } = chat.log;
    vi.spyOn(chat.log, 'putVoids')
      .mockImplementationOnce(async (entries) => {
        await storeLate();
        return putVoids.call(chat.log, entries);
      })
      .mockImplementationOnce(async (entries) => {
        const arePut = await putVoids.call(chat.log, entries);
        await storeLate();
        return arePut;
      });
    expect(seqsOf((await forward(chat)).entries)).toEqual([1, 3, 4]);
    expect(outline(chat)).toBe('m1 -2 m3 m4');
    expect(messageCount(await headOf(chat))).toBe(3);
  });

  it('makes a late writer take another seq', async () => {
    const chat = await openChat();
    const putMessage = chat.log.putMessage.bind(chat.log);
    vi.spyOn(chat.log, 'putMessage').mockImplementationOnce(async (entry, hash) => {
      chat.clock.pass(gapAgeMs);
      await forward(chat);
      return putMessage(entry, hash);
    });
    const entry = await send(chat, 'late');
    expect(entry.seq).toBe(2);
    expect(outline(chat)).toBe('_1 m2');
    expect(messageCount(await headOf(chat))).toBe(1);
  });

  it('throws try_again when a send loses its seq again and again', async () => {
    const chat = await openChat();
    vi.spyOn(chat.log, 'putMessage').mockResolvedValue({ stored: false, reason: 'seq_taken' });
    await expect(send(chat)).rejects.toMatchObject({ code: 'try_again' });
  });

  it('reads entries above a head that is out of date', async () => {
    const chat = await openChat();
    await writeLog(chat, 'mm');
    const stale = await headOf(chat);
    await writeLog(chat, 'mm');
    const query = { roomId, limit: 50, select: isMessage, head: stale };
    expect(await readForward(chat, query, 0)).toMatchObject({ completeTo: 4, hasMore: false });
    expect(await readBackward(chat, query, Number.MAX_SAFE_INTEGER)).toMatchObject({ completeTo: 4 });
  });

  it('measures the age of a gap at the next seq, not at the time of reading', async () => {
    const chat = await openChat();
    await leaveGap(chat);
    chat.clock.pass(gapAgeMs);
    await send(chat);
    expect((await forward(chat)).completeTo).toBe(0);
    expect(outline(chat)).toBe('m2');
  });
});

describe('the reading budget', () => {
  const budget = { entries: 60, bytes: 1_000_000 };

  it('ends a backward search for messages, and says how far it got', async () => {
    const chat = await openChat();
    await writeLog(chat, `m${'-'.repeat(200)}`);
    await fillAll(chat);
    const query = { roomId, limit: 1, select: isMessage, budget };
    const seen: number[] = [];
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const page = await readBackward(chat, query, before);
      seen.push(...seqsOf(page.entries));
      if (!page.hasMore) break;
      expect(page).toMatchObject({ isCut: true, entries: [] });
      expect(page.reached).toBeLessThan(before);
      before = page.reached;
    }
    expect(seen).toEqual([1]);
  });

  it('ends a forward search, and does not call the log complete beyond what was read', async () => {
    const chat = await openChat();
    await writeLog(chat, `${'-'.repeat(200)}m`);
    await fillAll(chat);
    const query = { roomId, limit: 1, select: isMessage, head: await headOf(chat), budget };
    const first = await readForward(chat, query, 0);
    expect(first).toMatchObject({ entries: [], hasMore: true, isCut: true });
    expect(first.completeTo).toBe(first.reached);
    expect(first.reached).toBeLessThan(201);
    let page = first;
    while (page.hasMore) page = await readForward(chat, query, page.reached);
    expect(page).toMatchObject({ hasMore: false, completeTo: 201, entries: [{ seq: 201 }] });
  });

  it.each([
    ['forwards', (chat: MemoryChat, limit: number) => forward(chat, 0, limit)],
    ['backwards', backward],
  ])('ends a page %s at its size in bytes, whatever the limit', async (_, read) => {
    const chat = await openChat();
    for (let sent = 0; sent < 100; sent += 1) await send(chat, '語'.repeat(4_000));
    let [requested, largest] = [0, 0];
    for (const verb of ['range', 'rangeDown'] as const) {
      const original = chat.log[verb].bind(chat.log) as (...args: any[]) => Promise<any[]>;
      chat.log[verb] = async (...args: any[]) => {
        const entries = await original(...args);
        requested += entries.length;
        largest = Math.max(largest, entries.length);
        return entries;
      };
    }
    const page = await read(chat, 100);
    expect(page.hasMore).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(page.entries))).toBeLessThan(540 * 1024);
    expect(page.entries.length).toBeGreaterThan(30);
    expect(requested).toBeLessThanOrEqual(52);
  });

  it('fills a bounded number of seqs for one page', async () => {
    const chat = await openChat();
    await writeLog(chat, `m${'-'.repeat(120)}`);
    chat.clock.pass(gapAgeMs);
    const page = await forward(chat);
    expect(page.completeTo).toBe(51);
    expect(chat.state.entries(roomId)).toHaveLength(51);
    await forward(chat);
    expect((await forward(chat)).completeTo).toBe(121);
  });
});

/** Fills all gaps, as readers do once the gaps are old. */
async function fillAll(chat: MemoryChat): Promise<void> {
  chat.clock.pass(gapAgeMs);
  const { seq } = await headOf(chat);
  while ((await forward(chat, 0, 1_000)).completeTo < seq);
}
