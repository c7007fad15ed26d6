import { describe, expect, it, vi } from 'vitest';
import { connectionItem } from '../../../shared/storage/entities/connection.ts';
import { memberItem } from '../../../shared/storage/entities/member.ts';
import { memberOf, roomId, roomOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, start } from '../../kit/memory-chat/system.ts';
import { keys } from '../../shared/storage/stored-keys.ts';
import { record } from '../../shared/storage/stream-records.ts';
import { message, openStream, opened, stored } from './open-stream.ts';

describe('a batch of the table stream', () => {
  it('publishes the entries of a room together, in their order', async () => {
    const { ports, handle } = await openStream();
    expect(await handle(stored(message(1)), opened('x'), stored(message(2)))).toEqual([]);
    expect(ports.connectionGateway.framesTo('b').map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('enqueues the subscribers of a large room in slices, and posts nothing itself', async () => {
    const { ports, handle } = await openStream();
    await ports.rooms.addShards(roomId, 1, 4);
    await handle(stored(message(1)));
    expect(ports.connectionGateway.done).toEqual([]);
    expect(ports.enqueueSlice).toHaveBeenCalledOnce();
    expect(ports.enqueueSlice.mock.calls[0]?.[0].recipients.map(({ connectionId }) => connectionId)).toEqual([
      'b',
    ]);
  });

  it('returns the record that failed, and handles the others', async () => {
    const { ports, handle, errors, typesTo } = await openStream();
    await ports.connections.open(connectionOf(ann, 'x'));
    vi.spyOn(ports.rooms, 'head').mockRejectedValue(new Error('throttled'));
    expect(await handle(stored(message(1)), opened('x'))).toEqual(['s1']);
    expect(errors).toMatchObject([{ message: 'throttled' }]);
    expect(typesTo('x')).toEqual(['ready']);
  });

  it('skips the rest of a group after a failure, since the stream delivers it again', async () => {
    const { ports, handle } = await openStream();
    const item = connectionItem(connectionOf(ann, 'x'));
    vi.spyOn(ports.admissions, 'get').mockRejectedValue(new Error('throttled'));
    const removal = vi.spyOn(ports.subscriptions, 'remove');
    expect(await handle(opened('x'), record({ before: item, sequenceNumber: 'close x' }))).toEqual([
      'open x',
    ]);
    expect(removal).not.toHaveBeenCalled();
  });

  it('is not held up by a record that cannot be parsed', async () => {
    const { handle, errors, typesTo } = await openStream();
    const poison = record({ after: { ...keys.entry(roomId, 9), kind: 'message' }, sequenceNumber: 'poison' });
    poison.dynamodb!.NewImage = { pk: { S: keys.entry(roomId, 9).pk }, sk: { X: 'nonsense' } } as never;
    expect(await handle(poison, stored(message(1)))).toEqual(['poison']);
    expect(errors).toHaveLength(1);
    expect(typesTo('b')).toEqual(['chat_message']);
  });

  it('publishes only the last of several moves of one read marker', async () => {
    const { ports, handle } = await openStream();
    const member = memberItem(memberOf(roomOf(), ann));
    const at = (seq: number) => ({
      ...member,
      last_read_seq: seq,
      last_read_count: seq,
      last_read_at: start + seq,
    });
    await handle(record({ before: member, after: at(1) }), record({ before: at(1), after: at(2) }));
    expect(ports.connectionGateway.framesTo('b')).toMatchObject([
      { type: 'message_read', read_at: '2026-11-22T12:00:00.002Z' },
    ]);
  });
});

describe('messages that were marked as unread', () => {
  const markerAt = (seq: number) => ({
    ...memberItem(memberOf(roomOf({ isPrivate: true }), bob)),
    last_read_seq: seq,
    last_read_count: seq,
    last_read_at: start + seq,
  });

  it('are published after what was read before, in the same batch', async () => {
    const { ports, handle, typesTo } = await openStream();
    await ports.members.markRead(roomId, bob.userId, { seq: 1, messageSeqs: 1, at: start });
    await handle(
      record({ before: markerAt(2), after: markerAt(3) }),
      record({ before: markerAt(3), after: markerAt(4) }),
      record({ before: markerAt(4), after: markerAt(2) }),
      record({ before: markerAt(2), after: markerAt(1) }),
    );
    expect(typesTo('b')).toEqual(['message_read', 'message_unread']);
    expect(ports.connectionGateway.framesTo('b').at(-1)).toMatchObject({ room_id: roomId, unread_count: 0 });
  });

  it('are not published when the marker has moved since, or the user has left', async () => {
    const { ports, handle, typesTo } = await openStream();
    await ports.members.markRead(roomId, bob.userId, { seq: 3, messageSeqs: 3, at: start });
    const moved = record({ before: markerAt(4), after: markerAt(2) });
    await handle(moved);
    await ports.members.startRemoval(roomId, bob.userId);
    await handle(record({ before: markerAt(4), after: markerAt(3) }));
    expect(typesTo('b')).toEqual([]);
  });
});

describe('an ended session', () => {
  it('ends its sockets', async () => {
    const { ports, handle, typesTo } = await openStream();
    const session = {
      ...keys.session(bob.userId, bob.sessionId),
      user_id: bob.userId,
      session_id: bob.sessionId,
    };
    await handle(record({ before: session }));
    expect(typesTo('b')).toEqual(['close']);
    expect([...ports.connections.all.keys(), ...ports.subscriptions.of(roomId)]).toEqual([]);
  });
});
