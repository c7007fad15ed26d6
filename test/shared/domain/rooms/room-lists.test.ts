import { describe, expect, it } from 'vitest';
import * as limits from '../../../../shared/contract/limits.ts';
import { deleteRoom } from '../../../../shared/domain/rooms/delete-room.ts';
import { createRoom } from '../../../../shared/domain/rooms/create-room.ts';
import { listMyRooms, listRooms } from '../../../../shared/domain/rooms/list-rooms.ts';
import { sendMessage } from '../../../../shared/domain/messages/send-message.ts';
import { memoryChat, openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, uuid } from '../../../kit/memory-chat/system.ts';
import { leaveGap, send } from '../log-steps.ts';
import { make } from '../room-steps.ts';

async function say(chat: MemoryChat, id: string, content: string): Promise<void> {
  chat.clock.pass(1_000);
  const { userId, username } = ann;
  await sendMessage(chat, {
    roomId: id,
    userId,
    username,
    content,
    clientId: undefined,
    isPublishedByStream: () => true,
    verify: undefined,
  });
}

/** Reads all pages, and returns the names on each of them. */
async function pages(
  read: (cursor: string | undefined) => Promise<{ items: { room_name: string }[]; next: string | undefined }>,
) {
  const found: string[][] = [];
  let cursor: string | undefined;
  do {
    const { items, next } = await read(cursor);
    found.push(items.map(({ room_name }) => room_name));
    cursor = next;
  } while (cursor !== undefined);
  return found;
}

describe('listRooms', () => {
  it('lists public rooms by name, in pages', async () => {
    const chat = memoryChat();
    for (const name of ['delta', 'Alpha', 'charlie', 'bravo']) await make(chat, name);
    await make(chat, 'beta', true);
    const found = await pages((cursor) => listRooms(chat, { limit: 3, cursor }));
    expect(found).toEqual([['Alpha', 'bravo', 'charlie'], ['delta']]);
  });

  it('refuses a cursor that the server did not seal', async () => {
    const chat = memoryChat();
    for (const position of [
      '',
      '{}',
      '[1,2]',
      '["a"]',
      '["a",""]',
      JSON.stringify(['a', 'b'.repeat(1_025)]),
    ]) {
      const cursor = Buffer.from(position).toString('base64url') || 'A';
      await expect(listRooms(chat, { limit: 3, cursor })).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });
});

describe('a list of rooms with descriptions of the maximum length', () => {
  const makeMany = async (count: number): Promise<MemoryChat> => {
    const chat = memoryChat();
    for (let made = 0; made < count; made += 1) {
      const name = `room-${String(made).padStart(3, '0')}`;
      await createRoom(chat, ann, { name, description: '語'.repeat(2_000), isPrivate: false });
      const [id] = [...chat.state.rooms.keys()].slice(-1);
      await say(chat, id!, '語'.repeat(4_000));
    }
    return chat;
  };

  it.each([
    ['public rooms', (chat: MemoryChat, cursor?: string) => listRooms(chat, { limit: 100, cursor })],
    [
      'the caller’s rooms',
      (chat: MemoryChat, cursor?: string) => listMyRooms(chat, ann, { limit: 100, cursor }),
    ],
  ])('ends a page of %s at its maximum size, and leads to the next page', async (_, list) => {
    const chat = await makeMany(120);
    const found: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(chat, cursor);
      sizes.push(Buffer.byteLength(JSON.stringify(page.items)));
      found.push(...page.items.map(({ room_name }) => room_name));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.answerBytes);
    expect(sizes.length).toBeGreaterThan(1);
    expect(new Set(found).size).toBe(120);
    expect(found).toHaveLength(120);
  });
});

describe('listMyRooms', () => {
  it('reads a bounded number of rooms for a page, and lists each room once', async () => {
    const chat = memoryChat();
    for (let made = 0; made < 450; made += 1) await make(chat, `room-${made}`);
    let [asked, largest] = [0, 0];
    const { heads } = chat.rooms;
    chat.rooms.heads = (ids) => {
      asked += 1;
      largest = Math.max(largest, ids.length);
      return heads(ids);
    };
    const found = (await pages((cursor) => listMyRooms(chat, ann, { limit: 100, cursor }))).flat();
    expect(new Set(found).size).toBe(450);
    expect(found).toHaveLength(450);
    expect(largest).toBeLessThanOrEqual(200);
    expect(asked).toBeLessThanOrEqual(6);
  });

  it('previews the last message, cut at a character boundary', async () => {
    const chat = memoryChat();
    const { room_id } = await make(chat, 'general');
    await say(chat, room_id, `x${'😀'.repeat(600)}`);
    const { items } = await listMyRooms(chat, ann, { limit: 10 });
    expect(items[0]?.last_message?.content).toBe(`x${'😀'.repeat(249)}…`);
  });

  it('shows no last message when it is too far below the head', async () => {
    const chat = memoryChat();
    const { room_id } = await make(chat, 'general');
    await say(chat, room_id, 'far down');
    for (let lost = 0; lost < 20; lost += 1)
      await chat.log.takeSeq(room_id, { forMessage: true }, chat.clock.now());
    const head = chat.state.heads.get(room_id)!;
    for (let seq = 2; seq <= 21; seq += 1)
      await chat.log.putVoids([
        {
          kind: 'void',
          roomId: room_id,
          seq,
          at: head.lastAtMs,
          messageSeqs: seq,
          outbox: false,
          wasMessage: true,
        },
      ]);
    expect((await listMyRooms(chat, ann, { limit: 10 })).items).toMatchObject([{ last_message: null }]);
  });

  it('lists rooms by newest activity, which includes joining, on pages that do not overlap', async () => {
    const chat = memoryChat();
    const ids: Record<string, string> = {};
    for (const name of ['a', 'b', 'c', 'd']) {
      chat.clock.pass(1_000);
      ids[name] = (await make(chat, name)).room_id;
    }
    await say(chat, ids['a']!, 'hi');
    await say(chat, ids['c']!, 'ho');
    expect(await pages((cursor) => listMyRooms(chat, ann, { limit: 3, cursor }))).toEqual([
      ['c', 'a', 'd'],
      ['b'],
    ]);
    expect(await pages((cursor) => listMyRooms(chat, ann, { limit: 2, cursor }))).toEqual([
      ['c', 'a'],
      ['d', 'b'],
    ]);
  });

  it('lists every room once when several have the same time of activity', async () => {
    const chat = memoryChat();
    for (const name of ['a', 'b', 'c']) await make(chat, name);
    expect((await pages((cursor) => listMyRooms(chat, ann, { limit: 1, cursor }))).flat().sort()).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('shows the unread count and the last message, also below a gap', async () => {
    const chat = await openChat({}, bob);
    await send(chat, 'one');
    await send(chat, 'two');
    await leaveGap(chat);
    const { items } = await listMyRooms(chat, bob, { limit: 10 });
    expect(items).toMatchObject([
      { room_id: roomId, unread_count: 3, last_read_message_id: null, last_message: { content: 'two' } },
    ]);
  });

  it('shows no last message of an empty room, and no room that was deleted or left', async () => {
    const chat = await openChat({}, bob);
    expect((await listMyRooms(chat, bob, { limit: 10 })).items).toMatchObject([
      { last_message: null, unread_count: 0 },
    ]);
    await chat.members.startRemoval(roomId, bob.userId);
    expect((await listMyRooms(chat, bob, { limit: 10 })).items).toEqual([]);
    await deleteRoom(chat, ann, roomId);
    expect((await listMyRooms(chat, ann, { limit: 10 })).items).toEqual([]);
    expect(await listMyRooms(chat, { ...ann, userId: uuid(77) }, { limit: 10 })).toEqual({
      items: [],
      next: undefined,
    });
  });

  it('refuses a cursor that the server did not seal', async () => {
    await expect(listMyRooms(await openChat(), ann, { limit: 3, cursor: '???' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});
