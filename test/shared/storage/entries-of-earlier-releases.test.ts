import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { MembershipEntry, RoomEntry } from '../../../shared/domain/model/log.ts';
import { viewMember, viewRoom, viewRoomOf } from '../../../shared/domain/views.ts';
import { erasureStore } from '../../../shared/storage/erasure-store.ts';
import { memberOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, start } from '../../kit/memory-chat/system.ts';
import { startTable } from './started-table.ts';
import { keys } from './stored-keys.ts';

const { table, documents, tableName, log, members, openRoom } = await startTable();

describe('an entry that holds what clients see, as earlier releases stored it,', () => {
  const storeAsBefore = (roomId: string, seq: number, attributes: object) =>
    documents.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...keys.entry(roomId, seq), room_id: roomId, seq, at: start, taken: 3, ...attributes },
      }),
    );

  it('is read as the member that it is about', async () => {
    const { roomId, room } = await openRoom();
    const member = memberOf(room, bob, { lastRead: { seq: 1, messageSeqs: 1, at: start } });
    await storeAsBefore(roomId, 2, { kind: 'member_added', outbox: 'stream', member: viewMember(member) });
    await storeAsBefore(roomId, 3, { kind: 'member_removed', member: viewMember(memberOf(room, bob)) });
    const base = { roomId, at: start, messageSeqs: 3 };
    expect(await log.range(roomId, 0, 9, 9)).toEqual([
      { ...base, kind: 'member_added', seq: 2, outbox: true, member: { ...member, lastRead: { seq: 1 } } },
      { ...base, kind: 'member_removed', seq: 3, outbox: false, member: memberOf(room, bob) },
    ]);
    const [added] = await log.range(roomId, 1, 3, 1);
    expect(viewMember((added as MembershipEntry).member)).toEqual(viewMember(member));
  });

  it('is read as the room that it is about', async () => {
    const { roomId, room } = await openRoom();
    const view = { ...viewRoom(room, undefined), message_count: 5 };
    await storeAsBefore(roomId, 2, { kind: 'room_updated', outbox: 'stream', room: view });
    const entry = await log.get(roomId, 2);
    expect(entry).toEqual({
      roomId,
      at: start,
      messageSeqs: 3,
      kind: 'room_updated',
      seq: 2,
      outbox: true,
      room,
      messageCount: 5,
    });
    expect(viewRoomOf(entry as RoomEntry)).toEqual(view);
  });

  it('is renamed for a user who is erased', async () => {
    const { roomId, room } = await openRoom();
    await storeAsBefore(roomId, 1, { kind: 'member_added', member: viewMember(memberOf(room, ann)) });
    await storeAsBefore(roomId, 2, { kind: 'room_updated', room: viewRoom(room, undefined) });
    await members.startRemoval(roomId, ann.userId, { evenOwner: true });
    const removed = {
      kind: 'member_removed' as const,
      roomId,
      seq: 3,
      at: start,
      messageSeqs: 3,
      outbox: true,
    };
    await members.remove(roomId, ann.userId, { ...removed, member: memberOf(room, ann) });
    const erasures = erasureStore(table);
    expect(
      await erasures.renameInLog(roomId, ann.userId, {
        name: 'erased',
        limit: 9,
        removeFiles: async () => undefined,
      }),
    ).toEqual({ done: true });
    expect(await log.range(roomId, 0, 9, 9)).toMatchObject([
      { member: { username: 'erased' } },
      { room: { creatorUsername: 'erased' } },
      { member: { username: 'erased' } },
    ]);
  });
});

describe('an entry of a kind that only later releases know', () => {
  it('is void, and the author is renamed when they are erased', async () => {
    const { roomId, room } = await openRoom();
    const base = { room_id: roomId, at: start, taken: 1 };
    const store = (seq: number, attributes: object) =>
      documents.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...keys.entry(roomId, seq), ...base, seq, ...attributes },
        }),
      );
    const later = { kind: 'of_a_later_release', was_message: true, content: { parts: [] }, outbox: 'stream' };
    await store(1, { kind: 'message', user_id: bob.userId, username: 'bob', content: 'hello' });
    await store(2, { ...later, user_id: ann.userId, username: 'ann' });
    await store(3, later);
    const asVoid = { kind: 'void', roomId, at: start, messageSeqs: 1, outbox: true, wasMessage: false };
    expect(await log.range(roomId, 0, 9, 9)).toEqual([
      expect.objectContaining({ kind: 'message', seq: 1 }),
      { ...asVoid, seq: 2, userId: ann.userId },
      { ...asVoid, seq: 3 },
    ]);
    const removal = { kind: 'member_removed', roomId, seq: 4, at: start, messageSeqs: 1 } as const;
    await members.startRemoval(roomId, ann.userId, { evenOwner: true });
    await members.remove(roomId, ann.userId, { ...removal, outbox: true, member: memberOf(room, ann) });
    await erasureStore(table).renameInLog(roomId, ann.userId, {
      name: 'erased',
      limit: 9,
      removeFiles: async () => undefined,
    });
    const { Item } = await documents.send(
      new GetCommand({ TableName: tableName, Key: keys.entry(roomId, 2) }),
    );
    expect(Item).toMatchObject({ kind: 'of_a_later_release', username: 'erased' });
  });
});
