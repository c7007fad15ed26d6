import { describe, expect, it } from 'vitest';
import { createIfMissing, findRoomByName } from '../../../../shared/domain/connections/find-room-by-name.ts';
import { openConnection } from '../../../../shared/domain/connections/open-connection.ts';
import { createTicket } from '../../../../shared/domain/connections/tickets.ts';
import type { Caller } from '../../../../shared/domain/model/accounts.ts';
import { deleteRoom } from '../../../../shared/domain/rooms/delete-room.ts';
import { updateRoom } from '../../../../shared/domain/rooms/update-room.ts';
import { memoryChat, openChat, roomId, type MemoryChat, roomOf } from '../../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../../kit/memory-chat/system.ts';

const settings = { mayCreateRooms: true, connectionsPerUser: 2 };

/** Finds a room as a socket does that opens it, and creates it when there is none. */
async function findOrCreate(chat: MemoryChat, caller: Caller, name: string, mayCreate: boolean) {
  const found = await findRoomByName(chat, caller, name);
  return createIfMissing(chat, caller, name, { found, mayCreate });
}

describe('findRoomByName', () => {
  it('finds a room by its name in any case, and by its id', async () => {
    const chat = await openChat();
    for (const name of ['general', 'GENERAL', roomId, roomId.toUpperCase()]) {
      expect((await findRoomByName(chat, bob, name))?.room.roomId).toBe(roomId);
    }
  });

  it('prefers the id to another room that was named like it', async () => {
    const chat = await openChat();
    await chat.rooms.create(
      { ...roomOf(), roomId: '7a9f1c70-0000-4000-8000-000000000077', name: roomId },
      [],
      [],
    );
    expect((await findRoomByName(chat, bob, roomId))?.room.roomId).toBe(roomId);
  });

  it('throws forbidden for a private room by name, not_found by id, and not_found for a direct room', async () => {
    const hidden = await openChat({ isPrivate: true });
    await expect(findRoomByName(hidden, bob, 'general')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(findRoomByName(hidden, bob, roomId)).rejects.toMatchObject({ code: 'not_found' });
    const direct = await openChat({ isPrivate: true, isDirect: true, name: 'dm_a_b' });
    await expect(findRoomByName(direct, bob, 'dm_a_b')).rejects.toMatchObject({ code: 'not_found' });
    await expect(findRoomByName(direct, bob, 'dm_x_y')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('lets a missing room be created if that is allowed, and never under a reserved name', async () => {
    const chat = memoryChat();
    await expect(findOrCreate(chat, ann, 'new', false)).rejects.toMatchObject({ code: 'not_found' });
    const { room, member } = await findOrCreate(chat, ann, 'new', true);
    expect([room.isPrivate, room.creatorId, member?.role]).toEqual([false, ann.userId, 'owner']);
    await expect(findOrCreate(chat, ann, 'DM_new', true)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each(['general\u3164', '..', 'gеneral', 'dm\u02cdann'])(
    'lets no room be created under the invalid name %j, with a ticket or without one',
    async (name) => {
      const chat = memoryChat();
      const unavailable = { code: 'room_unavailable' };
      await expect(findOrCreate(chat, ann, name, true)).rejects.toMatchObject(unavailable);
      await expect(createTicket(chat, ann, name, settings)).rejects.toMatchObject(unavailable);
      expect(chat.state.rooms.size).toBe(0);
    },
  );

  it('finds a room under a name that is no longer allowed for new rooms', async () => {
    const chat = await openChat({ name: 'gеneral' });
    expect((await findRoomByName(chat, bob, 'gеneral'))?.room.roomId).toBe(roomId);
  });

  it('throws not_found for an unknown id, as for the id of a hidden room', async () => {
    const chat = memoryChat();
    await expect(findOrCreate(chat, ann, roomId, true)).rejects.toMatchObject({ code: 'not_found' });
    await expect(findRoomByName(chat, ann, roomId.toUpperCase())).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('finds a renamed room by its old name, and the connection gets the new name', async () => {
    const chat = await openChat();
    await updateRoom(chat, ann, roomId, { name: 'renamed', description: undefined });
    const { rooms } = await openConnection(
      chat,
      bob,
      { connectionId: 'b1', room: 'general', after: undefined, history: 50, batch: false },
      settings,
    );
    expect(rooms).toMatchObject({ [roomId]: { name: 'renamed' } });
    expect(chat.state.rooms.size).toBe(1);
  });

  it('throws forbidden for the old name of a private room, and not_found once the room was deleted', async () => {
    const chat = await openChat({ isPrivate: true });
    await updateRoom(chat, ann, roomId, { name: 'renamed', description: undefined });
    expect((await findRoomByName(chat, ann, 'general'))?.room.name).toBe('renamed');
    await expect(findRoomByName(chat, bob, 'general')).rejects.toMatchObject({ code: 'forbidden' });
    await deleteRoom(chat, ann, roomId);
    for (const name of ['general', 'renamed']) {
      await expect(findOrCreate(chat, bob, name, true)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('returns the same room when two users create it at the same time', async () => {
    const chat = memoryChat();
    const [one, two] = await Promise.all([ann, bob].map((caller) => findOrCreate(chat, caller, 'new', true)));
    expect(one!.room).toEqual(two!.room);
  });
});
