/** Each name belongs to one room at a time, with its lookalikes, and is reserved after a private room has given it up. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RoomEntry } from '../../../shared/domain/model/log.ts';
import type { Room } from '../../../shared/domain/model/rooms.ts';
import { ann, start } from '../../kit/memory-chat/system.ts';
import { keys } from './stored-keys.ts';
import { startTable } from './started-table.ts';

const { table, rooms, openRoom } = await startTable();

const dayMs = 24 * 60 * 60 * 1_000;
const unique = (): string => randomUUID().slice(9).replaceAll(/[01]/g, '2');
const taken = { code: 'room_name_taken' };

let seq = 0;
function entryOf(room: Room, kind: RoomEntry['kind'], at = start): RoomEntry {
  seq += 1;
  return { kind, roomId: room.roomId, seq, at, messageSeqs: 0, outbox: true, room, messageCount: 0 };
}

async function rename(room: Room, name: string, at?: number): Promise<Room> {
  const renamed = { ...room, name };
  expect(await rooms.update(renamed, room, entryOf(renamed, 'room_updated', at))).toBe(true);
  return renamed;
}
const remove = (room: Room, at?: number) => rooms.markDeleted(room, entryOf(room, 'room_deleted', at));
const leadsTo = async (name: string): Promise<string> => {
  const found = await rooms.getByName(name, ann.userId);
  return typeof found === 'string' ? found : found.room.roomId;
};

describe('the name of a private room', () => {
  it('is reserved when the room is renamed: it leads to the room, and no other room can take it for thirty days', async () => {
    const [name, later] = [`secret-${unique()}`, `secret-${unique()}`];
    const { room, roomId } = await openRoom({ name, isPrivate: true });
    await rename(room, later);
    expect(await leadsTo(name)).toBe(roomId);
    await expect(openRoom({ name, createdAtMs: start + 30 * dayMs })).rejects.toMatchObject(taken);
    const { room: other } = await openRoom();
    await expect(rename(other, name, start + 30 * dayMs)).rejects.toMatchObject(taken);
    const { roomId: successor } = await openRoom({ name, createdAtMs: start + 30 * dayMs + 1 });
    expect(await leadsTo(name)).toBe(successor);
  });

  it('can be taken back by the same room', async () => {
    const name = `secret-${unique()}`;
    const { room, roomId } = await openRoom({ name, isPrivate: true });
    const renamed = await rename(room, `other-${unique()}`);
    const back = await rename(renamed, name.toUpperCase());
    expect(await rooms.getByName(name, ann.userId)).toMatchObject({ room: { roomId, name: back.name } });
  });

  it('is reserved when the room is deleted, leads to no room, and expires', async () => {
    const name = `secret-${unique()}`;
    const { room } = await openRoom({ name, isPrivate: true });
    await remove(room);
    expect(await leadsTo(name)).toBe('gone');
    await expect(openRoom({ name })).rejects.toMatchObject(taken);
    const item = await table.get(keys.roomName(name));
    expect(item?.['ttl']).toBe((start + 30 * dayMs) / 1_000);
  });

  it('keeps its lookalikes from other rooms while it is reserved', async () => {
    const name = `team1-${unique()}`;
    const { room } = await openRoom({ name, isPrivate: true });
    await remove(room);
    await expect(openRoom({ name: name.replace('1', 'l') })).rejects.toMatchObject(taken);
    expect(await leadsTo(name.replace('1', 'l'))).toBe('lookalike');
  });
});

describe('the name of a public room', () => {
  it('leads to the room after it was renamed, until another room takes it', async () => {
    const [name, later] = [`open-${unique()}`, `open-${unique()}`];
    const { room, roomId } = await openRoom({ name });
    const renamed = await rename(room, later);
    expect(await leadsTo(name.toUpperCase())).toBe(roomId);
    const last = await rename(renamed, `open-${unique()}`);
    expect([await leadsTo(name), await leadsTo(later)]).toEqual([roomId, roomId]);
    const { roomId: chosen } = await openRoom({ name });
    const { room: other } = await openRoom();
    await rename(other, later);
    expect([await leadsTo(name), await leadsTo(later), await leadsTo(last.name)]).toEqual([
      chosen,
      other.roomId,
      roomId,
    ]);
  });

  it("is free when the room is deleted, as are the room's former names", async () => {
    const [name, later] = [`open-${unique()}`, `open-${unique()}`];
    const { room } = await openRoom({ name });
    await remove(await rename(room, later));
    expect([await leadsTo(name), await leadsTo(later)]).toEqual(['none', 'none']);
    await openRoom({ name });
    await openRoom({ name: later });
  });

  it('still leads to the room when another room takes a lookalike of its former name', async () => {
    const name = `scope-${unique()}`;
    const { room, roomId } = await openRoom({ name });
    await rename(room, `open-${unique()}`);
    await expect(openRoom({ name: name.replace('scope', 'ѕсоре') })).rejects.toMatchObject(taken);
    expect(await leadsTo(name)).toBe(roomId);
  });
});

describe('names that look alike', () => {
  it.each([
    ['general', 'generaI'],
    ['genera1', 'general'],
    ['scope', 'ѕсоре'],
    ['ѕсоре', 'scope'],
    ['modern', 'modem'],
    ['ΝΟΤΕ', 'note'],
    ['team0', 'teamO'],
  ])('belong to one room, like %s and %s', async (one, other) => {
    const rest = unique();
    const { room } = await openRoom({ name: `${one}-${rest}` });
    await expect(openRoom({ name: `${other}-${rest}` })).rejects.toMatchObject(taken);
    const { room: second } = await openRoom();
    await expect(rename(second, `${other}-${rest}`)).rejects.toMatchObject(taken);
    await rename(room, `${other}-${rest}`);
  });

  it('are free when the room is renamed or deleted', async () => {
    const rest = unique();
    const { room } = await openRoom({ name: `team1-${rest}` });
    await rename(room, `open-${unique()}`);
    const { room: second } = await openRoom({ name: `teaml-${rest}` });
    await remove(second);
    const { roomId } = await openRoom({ name: `team1-${rest}` });
    expect(await leadsTo(`team1-${rest}`)).toBe(roomId);
  });

  it('stay with the room that holds them when a room is renamed that never reserved them', async () => {
    const rest = unique();
    const { room: older } = await openRoom({ name: `team1-${rest}` });
    await table.removeMany([keys.roomName(`teaml-${rest}`)]);
    const { roomId } = await openRoom({ name: `teaml-${rest}` });
    await rename(older, `open-${unique()}`);
    expect(await leadsTo(`teaml-${rest}`)).toBe(roomId);
  });

  it('need no second item when the name is its own lookalike', async () => {
    const name = `plain-${unique()}`;
    await openRoom({ name });
    expect(await table.get(keys.roomName(name))).not.toHaveProperty('is_lookalike');
  });

  it('are not reserved for direct rooms, whose names users do not choose', async () => {
    const name = `dm_${randomUUID()}_${randomUUID()}`;
    await openRoom({ name, isDirect: true, isPrivate: true });
    expect(await leadsTo(name.replaceAll('1', 'l').replaceAll('0', 'o'))).toBe('none');
  });
});
