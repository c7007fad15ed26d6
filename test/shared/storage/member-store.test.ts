import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { memberOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, cat, person, start } from '../../kit/memory-chat/system.ts';
import { memberEntry, roomEntry } from './stored-rooms.ts';
import { startTable } from './started-table.ts';

const { log, members, openRoom, rooms, fillSeq } = await startTable();

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
    await fillSeq(roomId, 1);
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
