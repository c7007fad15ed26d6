import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { MembershipEntry, RoomEntry } from '../../../shared/domain/model/log.ts';
import type { Room } from '../../../shared/domain/model/rooms.ts';
import type { Key } from '../../../shared/storage/keys.ts';
import { roomStore } from '../../../shared/storage/room-store.ts';
import type { Table } from '../../../shared/storage/table.ts';
import { roomOf, memberOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, cat, person, start, uuid } from '../../kit/memory-chat/system.ts';
import { keys } from './stored-keys.ts';
import { startTable } from './started-table.ts';

const { table, rooms, members, log, openRoom } = await startTable();

const idOf = async (name: string): Promise<unknown> => (await table.get(keys.roomName(name)))?.['room_id'];

function roomEntry(room: Room, seq: number, kind: RoomEntry['kind'] = 'room_updated'): RoomEntry {
  return {
    kind,
    roomId: room.roomId,
    seq,
    at: start,
    messageSeqs: 0,
    outbox: true,
    room,
    messageCount: 0,
  };
}

function memberEntry(room: Room, seq: number, caller = bob): MembershipEntry {
  const member = memberOf(room, caller);
  return { kind: 'member_added', roomId: room.roomId, seq, at: start, messageSeqs: 0, outbox: true, member };
}

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
    expect(await idOf(room.name.toUpperCase())).toBe(room.roomId);
  });

  it('starts its log with the given entries', async () => {
    const room = roomOf({ roomId: randomUUID(), name: randomUUID() });
    await rooms.create(room, [memberOf(room, ann)], [memberEntry(room, 1), memberEntry(room, 2)]);
    expect(await rooms.head(room.roomId)).toMatchObject({ seq: 2, messageSeqs: 0, lastAtMs: start });
    expect((await log.takeSeq(room.roomId, { forMessage: true }, start)).seq).toBe(3);
  });

  it('may have the longest possible name of letters that become longer when they are folded', async () => {
    const { room } = await openRoom({ name: `${'ᾷ'.repeat(254)}1` });
    expect(await idOf(room.name)).toBe(room.roomId);
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

describe('changing a room', () => {
  it('stores the entry, the room and the name together', async () => {
    const { room, roomId } = await openRoom();
    const renamed = { ...room, name: randomUUID(), description: 'new' };
    expect(await rooms.update(renamed, room, roomEntry(renamed, 1))).toBe(true);
    expect(await rooms.get(roomId)).toEqual(renamed);
    expect([await idOf(room.name), await idOf(renamed.name)]).toEqual([roomId, roomId]);
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
    await log.putVoids([
      {
        kind: 'void',
        roomId,
        seq: 1,
        at: start,
        messageSeqs: 0,
        outbox: false,
        wasMessage: false,
      },
    ]);
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
    expect(await idOf(renamed.name)).toBeUndefined();
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
    expect([await idOf(one.name), await idOf(two.name)]).toEqual([roomId, undefined]);
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
    expect(await idOf(room.name)).toBeUndefined();
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
    await rooms.continuePurge(roomId, 1);
    let steps = 0;
    while (!(await rooms.purge(roomId, 3)).done) steps += 1;
    expect(steps).toBeGreaterThan(2);
    expect(await rooms.head(roomId)).toBeUndefined();
    expect(await members.get(roomId, bob.userId)).toBeUndefined();
    expect(await table.all({ partition: `LOG#${roomId}` })).toEqual([]);
    expect(await rooms.purge(roomId, 3)).toEqual({ done: true });
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

describe('a member', () => {
  it('joins and is counted once', async () => {
    const { room, roomId } = await openRoom();
    await Promise.all([1, 2, 3].map(() => members.join(memberOf(room, bob))));
    expect((await rooms.get(roomId))?.memberCount).toBe(2);
  });

  it('is added together with the entry, once and only under a free seq', async () => {
    const { room, roomId } = await openRoom();
    expect(await members.add(memberOf(room, bob), memberEntry(room, 1))).toBe('added');
    expect(await members.add(memberOf(room, bob), memberEntry(room, 2))).toBe('present');
    expect(await members.add(memberOf(room, cat), memberEntry(room, 1, cat))).toBe('seq_taken');
    expect(await log.get(roomId, 2)).toBeUndefined();
    expect((await rooms.get(roomId))?.memberCount).toBe(2);
    await rooms.markDeleted(room, roomEntry(room, 3, 'room_deleted'));
    await expect(members.add(memberOf(room, cat), memberEntry(room, 4, cat))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('counts as no member once the removal has begun, and is deleted when it is complete', async () => {
    const { room, roomId } = await openRoom({}, bob);
    const member = memberOf(room, bob);
    expect(await members.remove(roomId, bob.userId, memberEntry(room, 1))).toBe('gone');
    expect(await members.startRemoval(roomId, bob.userId)).toEqual(member);
    expect(await members.startRemoval(roomId, bob.userId)).toEqual(member);
    expect(await members.findRemoval(roomId, bob.userId)).toEqual(member);
    expect(await members.get(roomId, bob.userId)).toBeUndefined();
    expect((await rooms.getWithMember(roomId, bob.userId))?.member).toBeUndefined();
    expect(await members.markRead(roomId, bob.userId, { seq: 1, messageSeqs: 1, at: start })).toBeUndefined();
    await log.putVoids([
      {
        kind: 'void',
        roomId,
        seq: 1,
        at: start,
        messageSeqs: 0,
        outbox: false,
        wasMessage: false,
      },
    ]);
    expect(await members.remove(roomId, bob.userId, memberEntry(room, 1))).toBe('seq_taken');
    expect(await members.remove(roomId, bob.userId, memberEntry(room, 2))).toBe('removed');
    expect(await members.remove(roomId, bob.userId, memberEntry(room, 3))).toBe('gone');
    expect([
      await members.startRemoval(roomId, bob.userId),
      await members.findRemoval(roomId, bob.userId),
    ]).toEqual([undefined, undefined]);
    expect((await rooms.get(roomId))?.memberCount).toBe(1);
  });

  it('inherits the owner’s role once, with an entry, and can then neither leave nor be removed', async () => {
    const { room, roomId } = await openRoom({}, bob, cat);
    const [holder, successor] = [memberOf(room, ann), memberOf(room, bob)];
    const role = { roomId, from: holder.userId, to: successor.userId };
    const forbidden = { code: 'forbidden' };
    await expect(members.startRemoval(roomId, holder.userId)).rejects.toMatchObject(forbidden);
    await members.startRemoval(roomId, cat.userId);
    expect(await members.passRole({ ...role, to: cat.userId }, memberEntry(room, 1))).toBe('successor_gone');
    expect(await members.passRole({ ...role, to: randomUUID() }, memberEntry(room, 1))).toBe(
      'successor_gone',
    );
    expect(await members.passRole(role, memberEntry(room, 1))).toBe('passed');
    expect(await members.passRole(role, memberEntry(room, 2))).toBe('passed_before');
    expect(await members.get(roomId, successor.userId)).toMatchObject({ role: 'owner' });
    expect(await members.get(roomId, holder.userId)).toMatchObject({ role: 'member' });
    await expect(members.startRemoval(roomId, successor.userId)).rejects.toMatchObject(forbidden);
    expect(await members.startRemoval(roomId, successor.userId, { evenOwner: true })).toBeDefined();
    // Begun is begun.
    expect(await members.startRemoval(roomId, successor.userId)).toBeDefined();
    expect((await rooms.get(roomId))?.memberCount).toBe(3);
  });

  it('is not removed by an earlier removal after being added again', async () => {
    const { room, roomId } = await openRoom({}, bob);
    await members.startRemoval(roomId, bob.userId);
    await members.remove(roomId, bob.userId, memberEntry(room, 1));
    await members.add(memberOf(room, bob), memberEntry(room, 2));
    expect(await members.remove(roomId, bob.userId, memberEntry(room, 3))).toBe('gone');
    expect(await members.findRemoval(roomId, bob.userId)).toBeUndefined();
    expect(await members.get(roomId, bob.userId)).toBeDefined();
  });

  it('moves the read marker only forward', async () => {
    const { roomId } = await openRoom({}, bob);
    const marker = { seq: 5, messageSeqs: 4, at: start };
    expect(await members.markRead(roomId, bob.userId, marker)).toMatchObject({
      moved: true,
      member: { lastRead: marker },
    });
    for (const seq of [3, 5]) {
      const again = await members.markRead(roomId, bob.userId, { seq, messageSeqs: 1, at: start + 1 });
      expect(again).toMatchObject({ moved: false, member: { lastRead: marker } });
    }
    expect(await members.markRead(roomId, cat.userId, marker)).toBeUndefined();
  });

  it('is listed by user id, in pages', async () => {
    const { roomId } = await openRoom({}, cat, bob);
    const first = await members.list(roomId, 2, undefined);
    expect(first.items.map(({ username }) => username)).toEqual(['ann', 'bob']);
    const second = await members.list(roomId, 2, first.next);
    expect(second.items.map(({ username }) => username)).toEqual(['cat']);
  });

  it('is listed among the memberships of its user, with the read marker', async () => {
    const dan = person(4, 'dan');
    const [one, two] = [await openRoom({}, dan), await openRoom({}, dan)];
    await members.markRead(one.roomId, dan.userId, { seq: 1, messageSeqs: 1, at: start });
    const { items: listed } = await members.listOfUser(dan.userId, 10, undefined);
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(
      expect.arrayContaining([
        memberOf(one.room, dan, { lastRead: { seq: 1, messageSeqs: 1, at: start } }),
        memberOf(two.room, dan),
      ]),
    );
  });
});
