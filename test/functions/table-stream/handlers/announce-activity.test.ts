import { describe, expect, it } from 'vitest';
import { watchRoomsOf } from '../../../../shared/domain/inbox/watch-rooms.ts';
import { connectionItem } from '../../../../shared/storage/entities/connection.ts';
import { memberItem } from '../../../../shared/storage/entities/member.ts';
import { memberOf, roomId, roomOf } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat, connectionOf, start } from '../../../kit/memory-chat/system.ts';
import { record } from '../../../shared/storage/stream-records.ts';
import { base, message, openStream, stored } from '../open-stream.ts';

const moved = (caller: typeof bob) => {
  const before = memberItem(memberOf(roomOf(), caller));
  return record({
    before,
    after: { ...before, last_read_seq: 1, last_read_count: 1, last_read_at: start },
  });
};

describe('a stored entry', () => {
  it('causes nothing for inboxes in a room that is not watched', async () => {
    const { ports, handle } = await openStream();
    await handle(stored(message(1)), stored({ ...message(2), outbox: 'inbox' }));
    expect(ports.enqueueActivity).not.toHaveBeenCalled();
  });

  it('schedules the activity of a watched room once for a batch, charged to the last writer', async () => {
    const { ports, handle } = await openStream();
    await watchRoomsOf(ports, bob.userId);
    await handle(stored(message(1)), stored({ ...message(2), userId: cat.userId }));
    expect(ports.enqueueActivity.mock.calls).toEqual([[{ roomId, dueAtMs: start, userId: cat.userId }]]);
  });

  it('is not published again when it is marked for inboxes alone', async () => {
    const { ports, handle, typesTo } = await openStream();
    await watchRoomsOf(ports, bob.userId);
    await handle(stored({ ...message(1), outbox: 'inbox' }));
    expect(typesTo('b')).toEqual([]);
    expect(ports.enqueueActivity).toHaveBeenCalledOnce();
  });

  it('causes no activity when it only changes the members', async () => {
    const { ports, handle } = await openStream();
    await watchRoomsOf(ports, bob.userId);
    await handle(stored({ ...base, kind: 'member_added', seq: 1, member: memberOf(roomOf(), cat) }));
    expect(ports.enqueueActivity).not.toHaveBeenCalled();
  });

  it('that adds a member makes the room watched before the sockets of that user are notified', async () => {
    const { ports, handle, open, typesTo } = await openStream();
    await open(connectionOf(cat, 'c', { inbox: true }));
    await ports.members.join(memberOf(roomOf(), cat));
    const { post } = ports.connectionGateway;
    let watched: unknown;
    ports.connectionGateway.post = async (id, frame) => {
      if (id === 'c') watched = await ports.inbox.watchers(roomId);
      return post(id, frame);
    };
    await handle(stored({ ...base, kind: 'member_added', seq: 1, member: memberOf(roomOf(), cat) }));
    expect(typesTo('c')).toEqual(['member_added']);
    expect(watched).toMatchObject([{ userId: cat.userId }]);
  });
});

describe('a read marker that moved', () => {
  it('schedules activity only if the reader has a socket that receives it', async () => {
    const { ports, handle, open } = await openStream();
    await open(connectionOf(ann, 'a', { inbox: true }));
    await watchRoomsOf(ports, ann.userId);
    await handle(moved(bob));
    expect(ports.enqueueActivity).not.toHaveBeenCalled();
    await handle(moved(ann));
    expect(ports.enqueueActivity.mock.calls).toEqual([[{ roomId, dueAtMs: start, userId: ann.userId }]]);
  });
});

describe('an opened connection that receives activity', () => {
  it('is welcomed outside of the lane', async () => {
    const { ports, handle, open, typesTo } = await openStream();
    const connection = connectionOf(bob, 'inbox', { inbox: true, openedAtMs: start });
    await open(connection);
    await handle(record({ before: undefined, after: connectionItem(connection) }));
    expect(typesTo('inbox')).toEqual([]);
    expect(ports.enqueueWelcome.mock.calls).toMatchObject([[{ connectionId: 'inbox' }]]);
  });
});
