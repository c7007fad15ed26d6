import { describe, expect, it, vi } from 'vitest';
import { gapAgeMs } from '../../../../shared/domain/thresholds.ts';
import { isMessage, readBackward, readForward } from '../../../../shared/domain/messages/read-log.ts';
import { messageCount } from '../../../../shared/domain/views.ts';
import { openChat, roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, start } from '../../../kit/memory-chat/system.ts';
import { leaveGap, outline, send, seqsOf, writeLog } from '../log-steps.ts';
import { backward, forward, headOf } from '../log-readers.ts';

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
