import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { RoomId } from '../../../../shared/contract/identifiers.ts';
import { listMyRooms } from '../../../../shared/domain/rooms/list-rooms.ts';
import { getRoom } from '../../../../shared/domain/rooms/find-room.ts';
import { directRoomId, openDirectRoom } from '../../../../shared/domain/rooms/open-direct-room.ts';
import { directRoomName } from '../../../../shared/domain/rooms/peers.ts';
import { memoryChat, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat } from '../../../kit/memory-chat/system.ts';
import { make } from '../room-steps.ts';

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
    const { peer, ...seenByBoth } = room;
    expect(peer?.id).toBe(bob.userId);
    expect(await openDirectRoom(chat, bob, ann.userId)).toMatchObject(seenByBoth);
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
    expect(one.room_id).toBe(two.room_id);
    expect(one.peer?.id).toBe(bob.userId);
    expect(two.peer?.id).toBe(ann.userId);
  });

  it('names the other user as peer in every view for its members', async () => {
    const chat = await directChat();
    const { room_id } = await openDirectRoom(chat, ann, bob.userId);
    const peers = {
      ann: { id: bob.userId, username: bob.username, profile_picture: null },
      bob: { id: ann.userId, username: ann.username, profile_picture: null },
    };
    expect((await openDirectRoom(chat, ann, bob.userId)).peer).toEqual(peers.ann);
    expect((await getRoom(chat, bob, room_id)).peer).toEqual(peers.bob);
    expect((await listMyRooms(chat, ann, { limit: 10 })).items[0]?.peer).toEqual(peers.ann);
    expect((await listMyRooms(chat, bob, { limit: 10 })).items[0]?.peer).toEqual(peers.bob);
  });

  it('keeps the id of a peer whose account was deleted', async () => {
    const chat = await directChat();
    const { room_id } = await openDirectRoom(chat, ann, bob.userId);
    chat.users.getMany = async () => [];
    const peer = { id: bob.userId, username: 'deleted user', profile_picture: null };
    expect((await getRoom(chat, ann, room_id)).peer).toEqual(peer);
    expect((await listMyRooms(chat, ann, { limit: 10 })).items[0]?.peer).toEqual(peer);
  });

  it('reads the peers of a list with one request, and none for rooms that are not direct', async () => {
    const chat = await directChat();
    await make(chat, 'general');
    const reads: string[][] = [];
    const { getMany } = chat.users;
    chat.users.getMany = (userIds) => {
      reads.push(userIds);
      return getMany(userIds);
    };
    expect((await listMyRooms(chat, ann, { limit: 10 })).items[0]).not.toHaveProperty('peer');
    expect(reads).toEqual([]);
    await openDirectRoom(chat, ann, bob.userId);
    await listMyRooms(chat, ann, { limit: 10 });
    expect(reads).toEqual([[bob.userId]]);
  });

  it('is refused with oneself and with an unknown user', async () => {
    const chat = await directChat();
    await expect(openDirectRoom(chat, ann, ann.userId)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(openDirectRoom(chat, ann, cat.userId)).rejects.toMatchObject({ code: 'not_found' });
  });
});
