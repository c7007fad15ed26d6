import { describe, expect, it, vi } from 'vitest';
import type { SearchPage } from '../../../../shared/contract/search.ts';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import { editMessage } from '../../../../shared/domain/messages/edit-message.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import type { SearchInput } from '../../../../shared/domain/search/search-cursor.ts';
import { searchRoom } from '../../../../shared/domain/search/search-room.ts';
import { openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat, start, uuid } from '../../../kit/memory-chat/system.ts';
import { leaveGap, send } from '../log-steps.ts';
import { unverified } from '../messages/own-messages.ts';

const search = (chat: MemoryChat, query: Partial<SearchInput>, caller: Caller = ann, room = roomId) =>
  searchRoom(chat, caller, room, { limit: 20, ...query });

/** Returns a time after the chat began, as a query has it. */
const after = (milliseconds: number): string => new Date(start + milliseconds).toISOString();

const contents = ({ results }: SearchPage): string[] => results.map(({ content }) => content);

/** Follows the cursors to the end. */
async function searchAll(chat: MemoryChat, query: Partial<SearchInput>): Promise<SearchPage[]> {
  const pages = [await search(chat, query)];
  for (let { cursor } = pages[0]!; cursor !== undefined; cursor = pages.at(-1)!.cursor)
    pages.push(await search(chat, { ...query, cursor }));
  return pages;
}

describe('searchRoom', () => {
  it('finds the messages with all words, newest first, with highlights and neighbors', async () => {
    const chat = await openChat();
    for (const content of ['red apple', 'green Apple', 'apple pie, red', 'pear']) await send(chat, content);
    const page = await search(chat, { q: 'APPLE red' });
    expect(contents(page)).toEqual(['apple pie, red', 'red apple']);
    expect(page.results[0]).toMatchObject({
      seq: 3,
      highlights: [
        { start: 0, end: 5 },
        { start: 11, end: 14 },
      ],
      context: { before: { content: 'green Apple' }, after: { content: 'pear' } },
    });
    expect(page.results[1]!.context).toEqual({ after: expect.objectContaining({ content: 'green Apple' }) });
    expect(page).toMatchObject({ searched_back_to: null });
    expect(page.cursor).toBeUndefined();
  });

  it('goes on where the page before ended, without repeating or leaving out a message', async () => {
    const chat = await openChat();
    for (let n = 1; n <= 7; n += 1) {
      await send(chat, n % 2 === 0 ? `even ${n}` : `odd ${n}`);
      chat.clock.pass(1_000);
    }
    const pages = await searchAll(chat, { q: 'odd', limit: 2 });
    expect(pages.flatMap(contents)).toEqual(['odd 7', 'odd 5', 'odd 3', 'odd 1']);
    expect(pages[0]!.searched_back_to).toBe(new Date(start + 2_000).toISOString());
    expect(pages.at(-1)!.searched_back_to).toBeNull();
  });

  it('ends a request at its reading budget, and says how far it got', async () => {
    const chat = await openChat();
    await send(chat, 'needle');
    const filler = 'hay '.repeat(1_000);
    for (let n = 0; n < 400; n += 1) {
      chat.clock.pass(1_000);
      await send(chat, filler);
    }
    const pages = await searchAll(chat, { q: 'needle' });
    expect(pages.length).toBe(2);
    expect(pages.map(contents)).toEqual([[], ['needle']]);
    expect(Date.parse(pages[0]!.searched_back_to!)).toBeGreaterThan(start);
  });

  it('charges what it read beyond its budget', async () => {
    const chat = await openChat();
    for (let n = 0; n < 100; n += 1) await send(chat, '漢'.repeat(4_000));
    for (let n = 0; n < 70; n += 1) await send(chat, 'short');
    const charged = vi.spyOn(chat.budget, 'charge');
    await search(chat, { q: 'x' });
    expect(charged).toHaveBeenCalledExactlyOnceWith(ann.userId, expect.any(Number));
    // A hundred messages of 12 KB are 1.2 MB, of which the budget allows one.
    expect(charged.mock.calls[0]![1]).toBeGreaterThan(3);
    expect(charged.mock.calls[0]![1]).toBeLessThan(12);
  });

  it('finds no deleted message, neither as a result nor beside one', async () => {
    const chat = await openChat();
    await send(chat, 'first plan');
    const message = await send(chat, 'secret plan');
    await send(chat, 'third plan');
    await deleteMessage(chat, { message, ...unverified });
    expect(contents(await search(chat, { q: 'secret' }))).toEqual([]);
    expect(contents(await search(chat, { q: 'deleted' }))).toEqual([]);
    const { results } = await search(chat, { from_user: ann.userId });
    expect(JSON.stringify(results)).not.toContain('secret');
    expect(results[0]!.context).toMatchObject({ before: { content: 'first plan' } });
  });

  it('finds an edited message by its present content alone', async () => {
    const chat = await openChat();
    const message = await send(chat, 'apple');
    await editMessage(chat, { message, content: 'pear', ...unverified });
    expect(contents(await search(chat, { q: 'apple' }))).toEqual([]);
    expect(contents(await search(chat, { q: 'pear' }))).toEqual(['pear']);
  });

  it('passes by gaps and other entries', async () => {
    const chat = await openChat();
    await send(chat, 'one');
    await leaveGap(chat);
    await send(chat, 'one more');
    expect(contents(await search(chat, { q: 'one' }))).toEqual(['one more', 'one']);
  });

  it('selects by sender, by what messages have, and by time', async () => {
    const chat = await openChat({}, bob);
    await send(chat, 'by ann');
    chat.clock.pass(60_000);
    await send(chat, 'by bob: https://example.com/', { caller: bob });
    chat.clock.pass(60_000);
    await send(chat, 'by ann again');
    expect(contents(await search(chat, { from_user: bob.userId }))).toEqual(['by bob: https://example.com/']);
    expect(contents(await search(chat, { has: 'link' }))).toEqual(['by bob: https://example.com/']);
    expect(contents(await search(chat, { q: 'by', before: after(60_000) }))).toEqual(['by ann']);
    expect(contents(await search(chat, { q: 'by', after: after(120_000) }))).toEqual(['by ann again']);
    expect(contents(await search(chat, { q: 'by', after: after(60_000), before: after(120_000) }))).toEqual([
      'by bob: https://example.com/',
    ]);
  });

  it('finds the place of a time in a long log with few reads, and ends at the other time', async () => {
    const chat = await openChat();
    for (let n = 0; n < 1_000; n += 1) {
      await send(chat, `number ${n}`);
      chat.clock.pass(60_000);
    }
    const reads = vi.spyOn(chat.log, 'rangeDown');
    const page = await search(chat, {
      q: 'number',
      after: after(300 * 60_000),
      before: after(303 * 60_000),
    });
    expect(contents(page)).toEqual(['number 302', 'number 301', 'number 300']);
    expect(page.searched_back_to).toBeNull();
    expect(reads.mock.calls.length).toBeLessThan(10);
  });

  it('refuses a query without a word, a sender or a kind, and cursors of other searches', async () => {
    const chat = await openChat({}, bob);
    const invalid = { code: 'invalid_request' };
    for (const query of [{}, { q: ' ' }, { q: '\u200b' }, { before: after(0) }])
      await expect(search(chat, query)).rejects.toMatchObject(invalid);
    for (const content of ['a 1', 'a 2', 'b 3']) await send(chat, content);
    const { cursor } = await search(chat, { q: 'a', limit: 1 });
    expect(cursor).toBeDefined();
    await expect(search(chat, { q: 'b', cursor })).rejects.toMatchObject(invalid);
    await expect(search(chat, { q: 'a', before: after(9), cursor })).rejects.toMatchObject(invalid);
    await expect(search(chat, { q: 'a', cursor }, bob)).rejects.toMatchObject(invalid);
    await expect(search(chat, { q: 'a', cursor: `${cursor}x` })).rejects.toMatchObject(invalid);
  });

  it('throws not_found for a private room of others, a removed member and a room that never was', async () => {
    const chat = await openChat({ isPrivate: true }, bob);
    await send(chat, 'secret');
    expect(contents(await search(chat, { q: 'secret' }, bob))).toEqual(['secret']);
    await chat.members.startRemoval(roomId, bob.userId);
    for (const [caller, room] of [
      [bob, roomId],
      [cat, roomId],
      [ann, uuid(7)],
    ] as const)
      await expect(search(chat, { q: 'secret' }, caller, room)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('ends a page before it is too large to be sent', async () => {
    const chat = await openChat();
    for (let n = 0; n < 60; n += 1) await send(chat, '漢'.repeat(4_000));
    const pages = await searchAll(chat, { q: '漢', limit: 50 });
    expect(pages.flatMap(({ results }) => results.map(({ seq }) => seq))).toEqual(
      Array.from({ length: 60 }, (_, index) => 60 - index),
    );
    for (const page of pages) expect(JSON.stringify(page).length).toBeLessThan(540 * 1024);
  });
});
