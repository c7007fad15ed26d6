import { describe, expect, it, vi } from 'vitest';
import { deleteRoom } from '../../../../shared/domain/rooms/delete-room.ts';
import { getRoom } from '../../../../shared/domain/rooms/find-room.ts';
import { watchedUpdateMicroDollars } from '../../../../shared/domain/rate-limits/charges.ts';
import { updateRoom } from '../../../../shared/domain/rooms/update-room.ts';
import { memoryChat, openChat, roomId, type MemoryChat } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, subscriberFor } from '../../../kit/memory-chat/system.ts';
import { ChatError } from '../../../../shared/domain/chat-error.ts';
import { outline, send } from '../log-steps.ts';
import { make } from '../room-steps.ts';

describe('createRoom', () => {
  it('makes its creator the first member and owner', async () => {
    const chat = memoryChat();
    const room = await make(chat, 'general');
    expect(room).toMatchObject({
      room_name: 'general',
      creator_username: 'ann',
      member_count: 1,
      message_count: 0,
    });
    expect(await chat.members.get(room.room_id, ann.userId)).toMatchObject({ role: 'owner' });
  });

  it('refuses a name that equals the name of another room without regard to case', async () => {
    const chat = memoryChat();
    await make(chat, 'Straße');
    await expect(make(chat, 'STRASSE')).rejects.toMatchObject({ code: 'room_name_taken' });
  });
});

describe('updateRoom', () => {
  const change = (chat: MemoryChat, name?: string, description?: string) =>
    updateRoom(chat, ann, roomId, { name, description });

  it('appends an entry to the log, and keeps the fields that are left out', async () => {
    const chat = await openChat();
    expect(await change(chat, undefined, 'new')).toMatchObject({ room_name: 'general', description: 'new' });
    expect(await change(chat, 'renamed')).toMatchObject({ room_name: 'renamed', description: 'new' });
    expect(outline(chat)).toBe('r1 r2');
    expect(chat.state.names.get('renamed')).toBe(roomId);
    expect(chat.state.names.get('general')).toBeUndefined();
  });

  it('charges the notification of inboxes only if the room is watched', async () => {
    const chat = await openChat();
    const charges: number[] = [];
    chat.budget.charge = async (_userId, microDollars) => void charges.push(microDollars);
    await change(chat, undefined, 'unwatched');
    const ofUnwatched = charges.splice(0);
    await chat.inbox.setWatched(roomId, chat.clock.now() + 60_000);
    await change(chat, undefined, 'watched');
    expect(charges).toEqual([...ofUnwatched, watchedUpdateMicroDollars]);
  });

  it('takes no seq when nothing changes', async () => {
    const chat = await openChat();
    await change(chat, 'general', '');
    expect((await chat.rooms.head(roomId))?.seq).toBe(0);
  });

  it('refuses a taken name, and leaves no gap', async () => {
    const chat = await openChat();
    await make(chat, 'other');
    await expect(change(chat, 'OTHER')).rejects.toMatchObject({ code: 'room_name_taken' });
    expect(outline(chat)).toBe('-1');
  });

  it('applies the rules of new names, and judges a name from before these rules only when it changes', async () => {
    const chat = await openChat({ name: 'gеneral' });
    expect(await change(chat, 'gеneral', 'new')).toMatchObject({ room_name: 'gеneral', description: 'new' });
    const invalid = { code: 'invalid_request', fields: [{ path: 'room_name' }] };
    await expect(change(chat, 'gеnerаl')).rejects.toMatchObject(invalid);
    await expect(change(chat, 'general\u3164')).rejects.toMatchObject(invalid);
  });

  it('counts a new name towards the limit of new rooms, since the old name stays reserved', async () => {
    const chat = await openChat();
    const spend = vi.spyOn(chat.rates, 'spend');
    await change(chat, undefined, 'new');
    expect(spend).not.toHaveBeenCalled();
    await change(chat, 'renamed');
    expect(spend.mock.calls).toEqual([['rooms', ann.userId]]);
    spend.mockRejectedValueOnce(new ChatError('rate_limited'));
    await expect(change(chat, 'again')).rejects.toMatchObject({ code: 'rate_limited' });
    expect((await chat.rooms.get(roomId))?.name).toBe('renamed');
  });

  it('stores the new name on connections that have the room open', async () => {
    const chat = await openChat();
    const place = { name: 'general', shard: 0 };
    await chat.connections.open(connectionOf(bob, 'b1', { rooms: { [roomId]: place } }));
    await chat.subscriptions.add(roomId, subscriberFor(bob, 'b1'));
    await change(chat, 'renamed');
    expect(chat.connections.all.get('b1')?.rooms[roomId]).toEqual({ ...place, name: 'renamed' });
  });

  it('leaves one name that leads to the room when it runs twice at the same time', async () => {
    const chat = await openChat();
    const both = await Promise.allSettled(['one', 'two'].map((name) => change(chat, name)));
    const { name } = (await chat.rooms.get(roomId))!;
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect([...chat.state.names]).toEqual([[name, roomId]]);
    expect(outline(chat)).toMatch(/^(r1 -2|-1 r2)$/);
  });
});

describe('deleteRoom', () => {
  it('hides the room at once, frees its name, and refuses further entries', async () => {
    const chat = await openChat();
    await deleteRoom(chat, ann, roomId);
    await expect(getRoom(chat, ann, roomId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(send(chat)).rejects.toMatchObject({ code: 'not_found' });
    await expect(deleteRoom(chat, ann, roomId)).rejects.toMatchObject({ code: 'not_found' });
    expect(await make(chat, 'general')).toBeDefined();
    expect(outline(chat)).toBe('r1');
  });

  it('is refused to users who do not own the room', async () => {
    const chat = await openChat({}, bob);
    await expect(deleteRoom(chat, bob, roomId)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
