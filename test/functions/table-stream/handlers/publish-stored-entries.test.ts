import { describe, expect, it } from 'vitest';
import { memberItem } from '../../../../shared/storage/entities/member.ts';
import { memberOf, roomId, roomOf } from '../../../kit/memory-chat/chat.ts';
import { bob, start } from '../../../kit/memory-chat/system.ts';
import { record } from '../../../shared/storage/stream-records.ts';
import { base, openStream, stored } from '../open-stream.ts';

describe('a removal', () => {
  it('is completed after it was begun, and a late record of it does not remove a user who joined again', async () => {
    const { ports, handle } = await openStream();
    const item = memberItem(memberOf(roomOf(), bob));
    const begun = record({ before: item, after: { ...item, removing_at: start } });
    await ports.members.startRemoval(roomId, bob.userId);
    await handle(begun);
    expect(await ports.log.get(roomId, 1)).toMatchObject({ kind: 'member_removed' });
    expect(ports.connections.all.get('b')?.rooms[roomId]?.isRemoved).toBe(true);
    await ports.members.join(memberOf(roomOf(), bob));
    await handle(begun);
    expect(await ports.members.get(roomId, bob.userId)).toBeDefined();
  });

  it('evicts the sockets, and posts the removal to them', async () => {
    const { ports, handle, typesTo } = await openStream();
    await ports.members.startRemoval(roomId, bob.userId);
    await ports.subscriptions.remove({ topic: roomId, shard: 0, connectionId: 'b' });
    const entry = {
      ...base,
      kind: 'member_removed' as const,
      seq: 1,
      member: memberOf(roomOf(), bob),
    };
    await handle(stored(entry));
    expect(typesTo('b')).toEqual(['member_removed']);
    expect(ports.connections.all.get('b')?.rooms).toEqual({});
    // A repeat finds a socket without a room, and posts the removal to it again.
    await handle(stored(entry));
    expect(typesTo('b')).toEqual(['member_removed', 'member_removed']);
    expect(ports.connections.all.get('b')?.rooms).toEqual({});
  });
});

describe('a deleted room', () => {
  it('is published to its sockets, and its purge is left to the cleanup function', async () => {
    const { ports, handle, typesTo } = await openStream();
    const room = (await ports.rooms.get(roomId))!;
    const entry = { ...base, kind: 'room_deleted' as const, seq: 1, room, messageCount: 0 };
    await ports.rooms.markDeleted(room, entry);
    for (let time = 0; time < 2; time += 1) expect(await handle(stored(entry))).toEqual([]);
    expect(typesTo('b')).toEqual(['room_deleted']);
    expect(ports.enqueueCleanup.mock.calls).toEqual([
      [{ kind: 'purge', roomId }],
      [{ kind: 'purge', roomId }],
    ]);
  });
});
