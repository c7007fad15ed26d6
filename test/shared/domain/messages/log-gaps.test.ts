import { describe, expect, it, vi } from 'vitest';
import { gapAgeMs } from '../../../../shared/domain/thresholds.ts';
import { messageCount } from '../../../../shared/domain/views.ts';
import { openChat, roomId } from '../../../kit/memory-chat/chat.ts';
import { outline, seqsOf, writeLog } from '../log-steps.ts';
import { headOf, readers } from '../log-readers.ts';

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
