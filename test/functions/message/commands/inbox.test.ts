import { describe, expect, it } from 'vitest';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, connectionOf, subscriberFor } from '../../../kit/memory-chat/system.ts';
import { hi, inRoom, openSockets } from '../open-sockets.ts';

async function openFree() {
  const { ports, run } = await openSockets();
  const connection = connectionOf(ann, 'free');
  await ports.connections.open(connection);
  await ports.subscriptions.add(ann.userId, subscriberFor(ann, 'free'));
  return { ports, run, connection };
}

describe('the inbox command', () => {
  it('registers the socket, watches the rooms of its user, and is answered with a ready without a room', async () => {
    const { ports, run, connection } = await openFree();
    await run({ type: 'inbox', ref: 'r-1' }, connection);
    expect(ports.connections.all.get('free')).toMatchObject({ inbox: true });
    expect(await ports.subscriptions.shard(ann.userId, 0)).toMatchObject([{ inbox: true }]);
    expect(await ports.inbox.watchers(roomId)).toMatchObject([{ userId: ann.userId }]);
    expect(ports.connectionGateway.framesTo('free')).toMatchObject([
      { type: 'ready', room_id: null, room: null, head: null, inbox: true, ref: 'r-1' },
    ]);
  });

  it('registers the socket before it reads which rooms are watched', async () => {
    const { ports, run, connection } = await openFree();
    const { watchesOf } = ports.inbox;
    let registered: unknown;
    ports.inbox.watchesOf = async (...input) => {
      registered = await ports.subscriptions.shard(ann.userId, 0);
      return watchesOf(...input);
    };
    await run({ type: 'inbox' }, connection);
    expect(registered).toMatchObject([{ inbox: true }]);
  });

  it('is refused on a socket that was opened for one room', async () => {
    const { ports, run } = await openFree();
    const single = connectionOf(ann, 'single', { ...inRoom, isSingleRoom: true });
    await ports.connections.open(single);
    await expect(run({ type: 'inbox' }, single)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('has no effect on a connection that has ended', async () => {
    const { ports, run, connection } = await openFree();
    await ports.connections.end('free', 'signed_out', ports.clock.now());
    await run({ type: 'inbox' }, connection);
    expect(ports.connectionGateway.framesTo('free')).toEqual([]);
    expect(await ports.inbox.watchers(roomId)).toEqual([]);
  });
});

describe('the entry of a message, an edit and a deletion', () => {
  const marks = async (isWatched: boolean) => {
    const { ports, run, connection } = await openFree();
    if (isWatched) await run({ type: 'inbox' }, connection);
    await run(hi);
    const { message_id } = ports.connectionGateway.framesTo('a').find(({ type }) => type === 'ack');
    await run({ type: 'edit', message_id, content: 'ho' });
    await run({ type: 'delete', message_id });
    const types = ports.connectionGateway.framesTo('b').map(({ type }) => type);
    expect(types).toEqual(['chat_message', 'message_edited', 'message_deleted']);
    return ports.state.entries(roomId).map(({ outbox }) => outbox);
  };

  it('carries no mark in a room without subscribers to its activity', async () => {
    expect(await marks(false)).toEqual([false, false, false]);
  });

  it('is marked for inboxes in a watched room, and still published by its writer', async () => {
    expect(await marks(true)).toEqual(['inbox', 'inbox', 'inbox']);
  });
});
