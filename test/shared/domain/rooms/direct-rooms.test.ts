import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { RoomId } from '../../../../shared/contract/identifiers.ts';
import {
  directRoomId,
  directRoomName,
  openDirectRoom,
} from '../../../../shared/domain/rooms/open-direct-room.ts';
import { memoryChat, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat } from '../../../kit/memory-chat/system.ts';

async function directChat(): Promise<MemoryChat> {
  const chat = memoryChat();
  const { userId, username } = bob;
  await chat.users.register(
    { userId, username, firstName: '', lastName: '', profilePicture: null, createdAtMs: 0 },
    { userId, email: '' },
    { userId, username, passwordHash: '', tokenVersion: 0 },
  );
  await chat.users.register(
    { ...ann, firstName: '', lastName: '', profilePicture: null, createdAtMs: 0 },
    { userId: ann.userId, email: '' },
    { ...ann, passwordHash: '', tokenVersion: 0 },
  );
  return chat;
}

describe('a direct room', () => {
  it('has the same id for both users, and another id for every other pair', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), fc.uuid(), (a, b, c) => {
        fc.pre(new Set([a, b, c]).size === 3);
        expect(directRoomId(a, b)).toBe(directRoomId(b, a));
        expect(RoomId.parse(directRoomId(a, b))).toBe(directRoomId(a, b));
        expect(directRoomId(a, b)).not.toBe(directRoomId(a, c));
      }),
    );
  });

  it('is created on first use with an entry for each user, and found by both from then on', async () => {
    const chat = await directChat();
    const room = await openDirectRoom(chat, ann, bob.userId);
    expect(room).toMatchObject({
      is_direct: true,
      is_private: true,
      member_count: 2,
      room_name: directRoomName(ann.userId, bob.userId),
    });
    expect(await openDirectRoom(chat, bob, ann.userId)).toEqual(room);
    expect(chat.state.entries(room.room_id).map(({ kind, outbox }) => [kind, outbox])).toEqual([
      ['member_added', true],
      ['member_added', true],
    ]);
  });

  it('is the same room when both users open it at the same time', async () => {
    const chat = await directChat();
    const [one, two] = await Promise.all([
      openDirectRoom(chat, ann, bob.userId),
      openDirectRoom(chat, bob, ann.userId),
    ]);
    expect(one).toEqual(two);
  });

  it('is refused with oneself and with an unknown user', async () => {
    const chat = await directChat();
    await expect(openDirectRoom(chat, ann, ann.userId)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(openDirectRoom(chat, ann, cat.userId)).rejects.toMatchObject({ code: 'not_found' });
  });
});
