import { describe, expect, it, vi } from 'vitest';
import type { SearchPage } from '../../../../shared/contract/search.ts';
import { sendMessage } from '../../../../shared/domain/messages/send-message.ts';
import type { SearchInput } from '../../../../shared/domain/search/search-cursor.ts';
import { searchMyRooms } from '../../../../shared/domain/search/search-my-rooms.ts';
import { memberOf, memoryChat, roomOf, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, uuid } from '../../../kit/memory-chat/system.ts';

const search = (chat: MemoryChat, query: Partial<SearchInput>, caller = ann) =>
  searchMyRooms(chat, caller, { limit: 20, ...query });

const contents = ({ results }: SearchPage): string[] => results.map(({ content }) => content);

async function searchAll(chat: MemoryChat, query: Partial<SearchInput>): Promise<SearchPage[]> {
  const pages = [await search(chat, query)];
  for (let { cursor } = pages[0]!; cursor !== undefined; cursor = pages.at(-1)!.cursor) {
    pages.push(await search(chat, { ...query, cursor }));
    expect(pages.length).toBeLessThan(500);
  }
  return pages;
}

/** Creates private rooms, which ann owns and bob is a member of. */
async function openRooms(count: number): Promise<{ chat: MemoryChat; roomIds: string[] }> {
  const chat = memoryChat();
  const roomIds = Array.from({ length: count }, (_, index) => uuid(2_000 + index));
  for (const roomId of roomIds) {
    const room = roomOf({ roomId, name: `room-${roomId}`, isPrivate: true, memberCount: 2 });
    await chat.rooms.create(
      room,
      [ann, bob].map((caller) => memberOf(room, caller)),
      [],
    );
  }
  return { chat, roomIds };
}

async function sendTo(chat: MemoryChat, roomId: string, content: string): Promise<void> {
  const { userId, username } = ann;
  chat.clock.pass(1_000);
  await sendMessage(chat, {
    roomId,
    userId,
    username,
    content,
    clientId: undefined,
    isPublishedByStream: () => false,
    verify: undefined,
  });
}

describe('searchMyRooms', () => {
  it('finds messages of all rooms of the caller, newest first across them', async () => {
    const { chat, roomIds } = await openRooms(3);
    const [a = '', b = '', c = ''] = roomIds;
    await sendTo(chat, a, 'apple 1');
    await sendTo(chat, b, 'apple 2');
    await sendTo(chat, a, 'apple 3');
    await sendTo(chat, c, 'pear 4');
    const page = await search(chat, { q: 'apple' });
    expect(contents(page)).toEqual(['apple 3', 'apple 2', 'apple 1']);
    expect(page.results[0]).toMatchObject({ room_id: a, context: { before: { content: 'apple 1' } } });
    expect(page).toMatchObject({ searched_back_to: null });
  });

  it('finds every message once over many pages, in one order', async () => {
    const { chat, roomIds } = await openRooms(9);
    const expected: string[] = [];
    for (let n = 0; n < 400; n += 1) {
      // Some rooms are busier than others, and some messages do not match.
      const content = n % 7 === 3 ? `pear ${n}` : `apple ${n}`;
      if (content.startsWith('apple')) expected.unshift(content);
      await sendTo(chat, roomIds[(n * n) % 9]!, content);
    }
    for (const limit of [1, 7, 50]) {
      const pages = await searchAll(chat, { q: 'apple', limit });
      expect(pages.flatMap(contents)).toEqual(expected);
      const bounds = pages.flatMap(({ searched_back_to: to }) => (to === null ? [] : [to]));
      expect(bounds).toEqual(bounds.toSorted().toReversed());
    }
  }, 60_000);

  it('reaches the end when more rooms than one request can read were busy at the same time', async () => {
    const { chat, roomIds } = await openRooms(64);
    let sent = 0;
    for (let round = 0; round < 30; round += 1)
      for (const roomId of roomIds) await sendTo(chat, roomId, `apple ${(sent += 1)}`);
    const pages = await searchAll(chat, { q: 'apple', limit: 50 });
    expect(pages.flatMap(contents)).toHaveLength(sent);
    expect(new Set(pages.flatMap(contents)).size).toBe(sent);
    for (const { cursor } of pages) expect(cursor?.length ?? 0).toBeLessThanOrEqual(4_096);
  }, 60_000);

  it('searches the rooms in parts of 64', async () => {
    const { chat, roomIds } = await openRooms(70);
    for (const roomId of roomIds) await sendTo(chat, roomId, `apple in ${roomId}`);
    const pages = await searchAll(chat, { q: 'apple', limit: 50 });
    expect(pages.flatMap(contents).toSorted()).toEqual(roomIds.map((roomId) => `apple in ${roomId}`));
    expect(pages.filter(({ searched_back_to: to }) => to === null)).toHaveLength(2);
  });

  it('searches no room that the caller has left, even while a replica still lists it', async () => {
    const { chat, roomIds } = await openRooms(2);
    const [stays = '', left = ''] = roomIds;
    await sendTo(chat, stays, 'apple that bob may see');
    await sendTo(chat, left, 'apple that bob may not see');
    await chat.members.startRemoval(left, bob.userId);
    const stale = await chat.members.listOfUser(ann.userId, 100, undefined);
    vi.spyOn(chat.members, 'listOfUser').mockResolvedValue(stale);
    expect(contents(await search(chat, { q: 'apple' }, bob))).toEqual(['apple that bob may see']);
  });

  it('searches no public room of which the caller is no member', async () => {
    const chat = memoryChat();
    const room = roomOf();
    await chat.rooms.create(room, [memberOf(room, ann)], []);
    await sendTo(chat, room.roomId, 'apple');
    expect(contents(await search(chat, { q: 'apple' }))).toEqual(['apple']);
    expect(await search(chat, { q: 'apple' }, bob)).toEqual({ results: [], searched_back_to: null });
  });

  it('refuses a cursor of another user or query', async () => {
    const { chat, roomIds } = await openRooms(1);
    for (let n = 0; n < 3; n += 1) await sendTo(chat, roomIds[0]!, `apple ${n}`);
    const { cursor } = await search(chat, { q: 'apple', limit: 1 });
    const invalid = { code: 'invalid_request' };
    await expect(search(chat, { q: 'apple', cursor }, bob)).rejects.toMatchObject(invalid);
    await expect(search(chat, { q: 'pear', cursor })).rejects.toMatchObject(invalid);
  });
});
