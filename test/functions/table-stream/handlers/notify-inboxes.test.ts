import { describe, expect, it } from 'vitest';
import { watchRoomsOf } from '../../../../shared/domain/inbox/watch-rooms.ts';
import { memberOf, roomId, roomOf } from '../../../kit/memory-chat/chat.ts';
import { bob, cat, connectionOf } from '../../../kit/memory-chat/system.ts';
import { base, openStream, place, stored } from '../open-stream.ts';

const changed = (kind: 'room_updated' | 'room_deleted', seq = 1) =>
  stored({ ...base, kind, seq, room: { ...roomOf(), name: 'renamed' }, messageCount: 0 });

/** Opens sockets of bob without the room: `inbox`, `other` with the room open, and `plain`, which asked for nothing. */
async function openInboxes() {
  const stream = await openStream();
  const { ports, open } = stream;
  await open(connectionOf(bob, 'inbox', { inbox: true }));
  await open(connectionOf(bob, 'other', { inbox: true, rooms: { [roomId]: place } }));
  await open(connectionOf(bob, 'plain'));
  await watchRoomsOf(ports, bob.userId);
  return stream;
}

describe.each(['room_updated', 'room_deleted'] as const)('the entry %s', (kind) => {
  it('reaches the inboxes of members that do not have the room open, once', async () => {
    const { ports, handle, typesTo } = await openInboxes();
    await handle(changed(kind));
    expect(ports.connectionGateway.framesTo('inbox')).toMatchObject([
      { type: kind, room_id: roomId, seq: 1, room: { room_name: 'renamed' } },
    ]);
    expect(typesTo('b')).toContain(kind);
    for (const id of ['other', 'plain']) expect(typesTo(id)).toEqual([]);
  });

  it('does not reach the inbox of a user who was removed before', async () => {
    const { ports, handle, typesTo } = await openInboxes();
    await ports.members.startRemoval(roomId, bob.userId);
    await handle(changed(kind));
    expect(typesTo('inbox')).toEqual([]);
  });

  it('reads no watches in a room that is not watched', async () => {
    const { ports, handle } = await openStream();
    let reads = 0;
    ports.inbox.watchers = async () => ((reads += 1), []);
    await handle(changed(kind));
    expect(reads).toBe(0);
  });
});

describe('the entry room_deleted', () => {
  it('reaches the inboxes before the room is purged', async () => {
    const { ports, handle, typesTo } = await openInboxes();
    let received: string[] | undefined;
    ports.enqueueCleanup.mockImplementation(async () => void (received = typesTo('inbox')));
    await handle(changed('room_deleted'));
    expect(received).toEqual(['room_deleted']);
  });
});

describe('the entry member_removed', () => {
  it('reaches the inboxes of the removed user', async () => {
    const { ports, open, handle, typesTo } = await openStream();
    await open(connectionOf(cat, 'c', { inbox: true }));
    await ports.connections.remove('b');
    await handle(stored({ ...base, kind: 'member_removed', seq: 2, member: memberOf(roomOf(), cat) }));
    expect(typesTo('c')).toEqual(['member_removed']);
  });
});
