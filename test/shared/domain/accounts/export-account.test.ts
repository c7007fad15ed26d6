import { describe, expect, it } from 'vitest';
import { exportAccount } from '../../../../shared/domain/accounts/export-account.ts';
import { sendMessage } from '../../../../shared/domain/messages/send-message.ts';
import { deleteMessage } from '../../../../shared/domain/messages/delete-message.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import { leaveRoom } from '../../../../shared/domain/rooms/membership/members.ts';
import { memberOf, roomOf } from '../../../kit/memory-chat/chat.ts';
import { bob, start, uuid } from '../../../kit/memory-chat/system.ts';
import { memoryAccounts } from './memory-accounts.ts';

async function signInAnnWithRooms(count = 1) {
  const accounts = memoryAccounts();
  await accounts.register('ann', 'ann@example.com');
  const ann = await accounts.signIn('ann', { userAgent: 'Browser/1' });
  const { ports } = accounts;
  const rooms = Array.from({ length: count }, (_, index) => uuid(101 + index));
  for (const roomId of rooms) {
    const room = roomOf({
      roomId,
      name: `room-${roomId}`,
      creatorId: bob.userId,
      creatorUsername: 'bob',
      memberCount: 2,
    });
    await ports.rooms.create(room, [memberOf(room, bob), memberOf(room, ann)], []);
  }
  const say = async ({ userId, username }: Caller, roomId: string, content: string) =>
    (
      await sendMessage(ports, {
        roomId,
        userId,
        username,
        content,
        clientId: undefined,
        isPublishedByStream: () => true,
        verify: undefined,
      })
    ).entry;
  /** Returns every page by following the cursors. */
  const pages = async () => {
    const all = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await exportAccount(ports, ann, cursor);
      all.push(items);
      cursor = next;
    } while (cursor !== undefined);
    return all;
  };
  return { ...accounts, ann, rooms, say, pages };
}

describe('the export of an account', () => {
  it('contains everything that is stored about the user, and no secret', async () => {
    const { ports, ann, rooms, say, pages } = await signInAnnWithRooms();
    const own = roomOf({ roomId: uuid(200), name: 'mine', creatorId: ann.userId });
    await ports.rooms.create(own, [memberOf(own, ann)], []);
    const { seq } = await say(ann, rooms[0]!, 'said by ann');
    await ports.members.markRead(rooms[0]!, ann.userId, { seq, messageSeqs: 1, at: start });
    const [page, ...more] = await pages();
    expect(more).toEqual([]);
    expect(page).toMatchObject({
      account: {
        id: ann.userId,
        username: 'ann',
        email: 'ann@example.com',
        created_at: '2026-11-22T12:00:00.000Z',
      },
      sessions: [{ id: ann.sessionId, is_current: true, user_agent: 'Browser/1' }],
      memberships: [
        {
          room_id: rooms[0],
          role: 'member',
          last_read_message_id: expect.any(String),
          read_at: '2026-11-22T12:00:00.000Z',
        },
        {
          room_id: own.roomId,
          room_name: 'mine',
          role: 'owner',
          last_read_message_id: null,
          read_at: null,
        },
      ],
      rooms_created: [{ room_id: own.roomId, room_name: 'mine' }],
      messages: [{ content: 'said by ann', room_id: rooms[0], sender_id: ann.userId }],
    });
    for (const secret of ['hash of', 'secret-', ports.sessions.all.get(ann.sessionId)!.currentHash])
      expect(JSON.stringify(page)).not.toContain(secret);
  });

  it('contains each of the user’s own messages once, oldest first in each room, over several pages', async () => {
    const { ann, rooms, say, pages } = await signInAnnWithRooms(3);
    for (let count = 0; count < 120; count += 1)
      for (const roomId of rooms)
        for (const who of [ann, bob]) await say(who, roomId, `${who.username} ${count}`);
    const all = await pages();
    expect(all.length).toBe(4);
    for (const page of all.slice(1)) expect(Object.keys(page)).toEqual(['messages']);
    const expected = rooms.flatMap((roomId) =>
      Array.from({ length: 120 }, (_, count) => ({ room_id: roomId, content: `ann ${count}` })),
    );
    expect(all.flatMap(({ messages }) => messages)).toMatchObject(expected);
    expect(all.flatMap(({ messages }) => messages)).toHaveLength(360);
  });

  it('reads a bounded number of entries per page, even when it finds no message', async () => {
    const { ann, rooms, say, ports, pages } = await signInAnnWithRooms();
    await say(ann, rooms[0]!, 'first');
    for (let count = 0; count < 5_000; count += 1) await say(bob, rooms[0]!, 'noise');
    await say(ann, rooms[0]!, 'last');
    let read = 0;
    const { range } = ports.log;
    ports.log.range = async (...args) => {
      const entries = await range(...args);
      read += entries.length;
      return entries;
    };
    await exportAccount(ports, ann, undefined);
    expect(read).toBeLessThanOrEqual(2_250);
    const all = await pages();
    expect(all.length).toBe(3);
    expect(all.flatMap(({ messages }) => messages.map(({ content }) => content))).toEqual(['first', 'last']);
  });

  it('contains messages of rooms that the user has left', async () => {
    const { ann, rooms, say, ports, pages } = await signInAnnWithRooms();
    await say(ann, rooms[0]!, 'before leaving');
    await leaveRoom(ports, ann, rooms[0]!);
    expect(await pages()).toMatchObject([{ memberships: [], messages: [{ content: 'before leaving' }] }]);
  });

  it('contains no content of deleted messages', async () => {
    const { ann, rooms, say, ports, pages } = await signInAnnWithRooms();
    const message = await say(ann, rooms[0]!, 'taken back');
    await deleteMessage(ports, { message, isPublishedByStream: () => true, verify: undefined });
    expect(JSON.stringify(await pages())).not.toContain('taken back');
  });

  it('refuses a cursor of another user and a cursor that was altered', async () => {
    const { ann, rooms, say, ports, register, signIn } = await signInAnnWithRooms();
    for (let count = 0; count < 101; count += 1) await say(ann, rooms[0]!, 'x');
    const { next } = await exportAccount(ports, ann, undefined);
    await register('bob');
    const other = await signIn('bob');
    await expect(exportAccount(ports, other, next)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(exportAccount(ports, ann, `${next}x`)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('is limited to 60 pages per user and minute', async () => {
    const { ann, ports, register, signIn } = await signInAnnWithRooms();
    const page = (caller: Caller) => exportAccount(ports, caller, undefined);
    for (let count = 0; count < 60; count += 1) await page(ann);
    await expect(page(ann)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 60_000 });
    await register('bob');
    await expect(page(await signIn('bob'))).resolves.toBeDefined();
    ports.clock.pass(60_000);
    await expect(page(ann)).resolves.toBeDefined();
  });
});
