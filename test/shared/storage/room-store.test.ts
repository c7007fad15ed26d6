import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Room } from '../../../shared/domain/model/rooms.ts';
import type { Key } from '../../../shared/storage/keys.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';
import type { Table } from '../../../shared/storage/table.ts';
import { roomOf, memberOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, cat, start, uuid } from '../../kit/memory-chat/system.ts';
import { keys } from './stored-keys.ts';
import { idOf, memberEntry, roomEntry } from './stored-rooms.ts';
import { startTable } from './started-table.ts';

const { log, members, openRoom, rooms, table } = await startTable();

describe('a room', () => {
  it('is read as it was created, with its head and members', async () => {
    const { room, roomId } = await openRoom({ isPrivate: true, description: 'd' }, bob);
    expect(await rooms.get(roomId)).toEqual(room);
    const head = {
      roomId,
      seq: 0,
      messageSeqs: 0,
      voids: 0,
      dead: { seqs: [], archivedTo: 0 },
      lastMessageSeq: 0,
      lastAtMs: 0,
      shards: 1,
      rightsSeq: 0,
    };
    expect(await rooms.getWithMember(roomId, bob.userId)).toEqual({
      room,
      head,
      member: memberOf(room, bob),
    });
    expect(await rooms.getWithMember(roomId, cat.userId)).toEqual({ room, head, member: undefined });
    expect(await rooms.getWithMember(uuid(77), bob.userId)).toBeUndefined();
  });

  it('is created completely or not at all when the name is taken in any case', async () => {
    const { room } = await openRoom();
    const again = roomOf({ roomId: randomUUID(), name: room.name.toUpperCase() });
    await expect(rooms.create(again, [memberOf(again, ann)], [])).rejects.toMatchObject({
      code: 'room_name_taken',
    });
    expect(await rooms.get(again.roomId)).toBeUndefined();
    expect(await members.get(again.roomId, ann.userId)).toBeUndefined();
    expect(await idOf(table, room.name.toUpperCase())).toBe(room.roomId);
  });

  it('starts its log with the given entries', async () => {
    const room = roomOf({ roomId: randomUUID(), name: randomUUID() });
    await rooms.create(room, [memberOf(room, ann)], [memberEntry(room, 1), memberEntry(room, 2)]);
    expect(await rooms.head(room.roomId)).toMatchObject({ seq: 2, messageSeqs: 0, lastAtMs: start });
    expect((await log.takeSeq(room.roomId, { forMessage: true }, start)).seq).toBe(3);
  });

  it('may have the longest possible name of letters that become longer when they are folded', async () => {
    const { room } = await openRoom({ name: `${'ᾷ'.repeat(254)}1` });
    expect(await idOf(table, room.name)).toBe(room.roomId);
  });

  it('is found among more rooms than one request can name', async () => {
    const { room, roomId } = await openRoom();
    const wanted = [...Array.from({ length: 120 }, () => randomUUID()), roomId, roomId];
    expect([...(await rooms.getMany(wanted))]).toEqual([[roomId, room]]);
    for (const consistent of [false, true])
      expect([...(await rooms.heads(wanted, { consistent })).keys()]).toEqual([roomId]);
  });

  it('raises its number of shards once, however many writers do so concurrently', async () => {
    const { roomId } = await openRoom();
    await Promise.all([rooms.addShards(roomId, 1, 4), rooms.addShards(roomId, 1, 16)]);
    expect([4, 16]).toContain((await rooms.head(roomId))?.shards);
    const { shards } = (await rooms.head(roomId))!;
    await rooms.addShards(roomId, 1, 64);
    expect((await rooms.head(roomId))?.shards).toBe(shards);
  });
});

describe('the name of a room', () => {
  /** A store of its own that records what it reads: items by one key are names, by several are rooms. */
  function watched() {
    const asked: string[] = [];
    const watching: Table = Object.assign(Object.create(table), {
      get: (key: Key) => (asked.push('name'), table.get(key)),
      getMany: (keys: Key[]) => (asked.push('room'), table.getMany(keys)),
    });
    return { rooms: roomStore(watching), asked };
  }

  it('is read once in each environment, whatever its case', async () => {
    const { room, roomId } = await openRoom();
    const { rooms: own, asked } = watched();
    const found = await own.getByName(room.name, ann.userId);
    expect(found).toEqual(await rooms.getWithMember(roomId, ann.userId));
    expect(await own.getByName(room.name.toUpperCase(), ann.userId)).toEqual(found);
    expect(asked).toEqual(['name', 'room', 'room']);
  });

  it('leads to the room that has it now, also when another room is cached', async () => {
    const { room, roomId } = await openRoom();
    const { rooms: own } = watched();
    await own.getByName(room.name, ann.userId);
    const renamed = { ...room, name: randomUUID() };
    await rooms.update(renamed, room, roomEntry(renamed, 1));
    expect(await own.getByName(room.name, ann.userId)).toMatchObject({
      room: { roomId, name: renamed.name },
    });
    expect(await own.getByName(renamed.name, ann.userId)).toMatchObject({ room: { roomId } });
    const { roomId: successor } = await openRoom({ name: room.name });
    expect(await own.getByName(room.name, ann.userId)).toMatchObject({ room: { roomId: successor } });
  });

  it('leads to no room when the room is deleted', async () => {
    const { room } = await openRoom();
    const { rooms: own } = watched();
    await own.getByName(room.name, ann.userId);
    await rooms.markDeleted(room, roomEntry(room, 1, 'room_deleted'));
    expect(await own.getByName(room.name, ann.userId)).toBe('none');
  });

  it('is reported as gone when only the item of the name is left', async () => {
    const { room, roomId } = await openRoom();
    await table.removeMany([keys.room(roomId)]);
    expect(await watched().rooms.getByName(room.name, ann.userId)).toBe('gone');
  });
});

describe('the list of public rooms', () => {
  it('is sorted by name, in adjoining pages, without private and deleted rooms', async () => {
    const prefix = `zz-${randomUUID()}`;
    const made: Room[] = [];
    for (const letter of ['c', 'A', 'e', 'b', 'd'])
      made.push((await openRoom({ name: `${prefix}-${letter}` })).room);
    await openRoom({ name: `${prefix}-f`, isPrivate: true });
    const gone = made.find(({ name }) => name.endsWith('d'))!;
    await rooms.markDeleted(gone, roomEntry(gone, 1, 'room_deleted'));
    const seen: string[] = [];
    let after: Parameters<typeof rooms.listPublic>[1];
    do {
      const page = await rooms.listPublic(2, after);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ name }) => name));
      after = page.next;
    } while (after !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((name) => name.startsWith(prefix)).map((name) => name.slice(-1))).toEqual([
      'A',
      'b',
      'c',
      'e',
    ]);
  });
});
