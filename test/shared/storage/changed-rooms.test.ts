import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ann, bob, cat, start } from '../../kit/memory-chat/system.ts';
import { idOf, roomEntry } from './stored-rooms.ts';
import { startTable } from './started-table.ts';

const { log, members, openRoom, rooms, table, fillSeq } = await startTable();

describe('changing a room', () => {
  it('stores the entry, the room and the name together', async () => {
    const { room, roomId } = await openRoom();
    const renamed = { ...room, name: randomUUID(), description: 'new' };
    expect(await rooms.update(renamed, room, roomEntry(renamed, 1))).toBe(true);
    expect(await rooms.get(roomId)).toEqual(renamed);
    expect([await idOf(table, room.name), await idOf(table, renamed.name)]).toEqual([roomId, roomId]);
    expect(await log.get(roomId, 1)).toEqual(roomEntry(renamed, 1));
  });

  it('may change only the case of the name, or only the description', async () => {
    const { room, roomId } = await openRoom();
    const upper = { ...room, name: room.name.toUpperCase() };
    expect(await rooms.update(upper, room, roomEntry(upper, 1))).toBe(true);
    expect(await rooms.update({ ...upper, description: 'x' }, upper, roomEntry(upper, 2))).toBe(true);
    expect(await rooms.get(roomId)).toEqual({ ...upper, description: 'x' });
  });

  it('is refused when the seq or the name is taken, and when the room is gone', async () => {
    const { room, roomId } = await openRoom();
    const { room: other } = await openRoom();
    await fillSeq(roomId, 1);
    const renamed = { ...room, name: randomUUID() };
    expect(await rooms.update(renamed, room, roomEntry(renamed, 1))).toBe(false);
    const stolen = { ...room, name: other.name };
    await expect(rooms.update(stolen, room, roomEntry(stolen, 2))).rejects.toMatchObject({
      code: 'room_name_taken',
    });
    await rooms.markDeleted(room, roomEntry(room, 3, 'room_deleted'));
    await expect(rooms.update(renamed, room, roomEntry(renamed, 4))).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await idOf(table, renamed.name)).toBeUndefined();
  });

  it('is refused when the room was renamed since it was read, so that no name is left behind', async () => {
    const { room, roomId } = await openRoom();
    const [one, two] = [
      { ...room, name: randomUUID() },
      { ...room, name: randomUUID() },
    ];
    await rooms.update(one, room, roomEntry(one, 1));
    await expect(rooms.update(two, room, roomEntry(two, 2))).rejects.toMatchObject({ code: 'try_again' });
    await expect(rooms.markDeleted(room, roomEntry(room, 3, 'room_deleted'))).rejects.toMatchObject({
      code: 'try_again',
    });
    expect([await idOf(table, one.name), await idOf(table, two.name)]).toEqual([roomId, undefined]);
  });
});

describe('deleting a room', () => {
  it('hides the room, frees its name and closes its log, once', async () => {
    const { room, roomId } = await openRoom();
    expect(await rooms.markDeleted(room, roomEntry(room, 1, 'room_deleted'))).toBe(true);
    expect([await rooms.get(roomId), await rooms.getWithMember(roomId, ann.userId)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(await idOf(table, room.name)).toBeUndefined();
    await expect(log.takeSeq(roomId, { forMessage: true }, start)).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(rooms.markDeleted(room, roomEntry(room, 2, 'room_deleted'))).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await rooms.getMany([roomId])).size).toBe(0);
  });

  it('purges the room in steps, until no item is left', async () => {
    const { room, roomId } = await openRoom({}, bob, cat);
    for (let seq = 1; seq <= 7; seq += 1) {
      await log.putVoids([
        {
          kind: 'void',
          roomId,
          seq,
          at: start,
          messageSeqs: 0,
          outbox: false,
          wasMessage: false,
        },
      ]);
    }
    await rooms.markDeleted(room, roomEntry(room, 8, 'room_deleted'));
    let steps = 0;
    while (!(await rooms.purge(roomId, 3)).done) steps += 1;
    expect(steps).toBeGreaterThan(2);
    expect(await rooms.head(roomId)).toBeUndefined();
    expect(await members.get(roomId, bob.userId)).toBeUndefined();
    expect(await table.all({ partition: `LOG#${roomId}` })).toEqual([]);
    expect(await rooms.purge(roomId, 3)).toEqual({ done: true });
  });
});
