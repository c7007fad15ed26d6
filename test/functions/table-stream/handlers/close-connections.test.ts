import { describe, expect, it, vi } from 'vitest';
import { connectionItem } from '../../../../shared/storage/entities/connection.ts';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, cat, connectionOf, subscriberFor } from '../../../kit/memory-chat/system.ts';
import { record } from '../../../shared/storage/stream-records.ts';
import { openStream, place } from '../open-stream.ts';

describe('connections that close together', () => {
  const rooms = { [roomId]: place };
  const closed = (caller: typeof ann, id: string) =>
    record({ before: connectionItem(connectionOf(caller, id, { rooms })), sequenceNumber: `close ${id}` });

  it('are all unsubscribed before user_leave is published, once for each user', async () => {
    const { ports, handle, typesTo } = await openStream();
    const ids = ['x1', 'x2', 'c1', 'c2'];
    const whose = (id: string) => (id.startsWith('x') ? ann : cat);
    for (const id of ids) {
      await ports.subscriptions.add(roomId, subscriberFor(whose(id), id));
      await ports.subscriptions.add(whose(id).userId, subscriberFor(whose(id), id));
    }
    const reads = vi.spyOn(ports.subscriptions, 'shard');
    expect(await handle(...ids.map((id) => closed(whose(id), id)))).toEqual([]);
    expect(ports.connectionGateway.framesTo('b')).toMatchObject([
      { type: 'user_leave', user_id: ann.userId },
      { type: 'user_leave', user_id: cat.userId },
    ]);
    expect(ids.flatMap(typesTo)).toEqual([]);
    expect(reads).toHaveBeenCalledTimes(2);
    expect(ports.subscriptions.of(ann.userId)).toEqual([]);
  });

  it('are reported by their first record when one of them failed', async () => {
    const { ports, handle } = await openStream();
    vi.spyOn(ports.rooms, 'heads').mockRejectedValueOnce(new Error('throttled'));
    expect(await handle(closed(cat, 'c'), closed(bob, 'z'))).toEqual(['close c']);
  });

  it('are handled in order with connections that open for the same user, who is present in the end', async () => {
    const { ports, handle, typesTo } = await openStream();
    await ports.subscriptions.add(roomId, subscriberFor(ann, 'x'));
    const next = connectionOf(ann, 'y', { rooms, isSingleRoom: true, head: { seq: 0, shards: 1 } });
    await ports.connections.open(next);
    await handle(closed(ann, 'x'), record({ after: connectionItem(next), sequenceNumber: 'open y' }));
    expect(typesTo('b')).toEqual(['user_leave', 'user_join']);
  });
});
