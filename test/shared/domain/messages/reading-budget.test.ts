import { describe, expect, it } from 'vitest';
import { gapAgeMs } from '../../../../shared/domain/thresholds.ts';
import { isMessage, readBackward, readForward } from '../../../../shared/domain/messages/read-log.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { send, seqsOf, writeLog } from '../log-steps.ts';
import { backward, forward, headOf } from '../log-readers.ts';

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
