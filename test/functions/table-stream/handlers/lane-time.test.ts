import { describe, expect, it } from 'vitest';
import { connectionItem } from '../../../../shared/storage/entities/connection.ts';
import { roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, start } from '../../../kit/memory-chat/system.ts';
import { record } from '../../../shared/storage/stream-records.ts';
import { openStream, opened, place } from '../open-stream.ts';

type Stream = Awaited<ReturnType<typeof openStream>>;

/** Lets each post to the socket `x` take that long, and returns the outcome that the socket's script gives. */
function slowPosts({ ports }: Stream, milliseconds: number): void {
  const { post } = ports.connectionGateway;
  ports.connectionGateway.post = async (connectionId, frame) => {
    if (connectionId === 'x') ports.clock.pass(milliseconds);
    return post(connectionId, frame);
  };
}

describe('a welcome in the lane of the table stream', () => {
  it('is handed on after three seconds, however many frames are left', async () => {
    const stream = await openStream();
    slowPosts(stream, 1_600);
    const slow = connectionOf(bob, 'x', {
      isSingleRoom: true,
      rooms: { [roomId]: place },
      head: { seq: 0, shards: 1 },
      openedAtMs: start,
    });
    await stream.open(slow);
    expect(await stream.handle(record({ after: connectionItem(slow) }))).toEqual([]);
    expect(stream.typesTo('x')).toEqual(['ready', 'room_users_list']);
    expect(stream.ports.enqueueWelcome.mock.calls).toEqual([[slow]]);
    expect(stream.ports.connections.all.has('x')).toBe(true);
  });

  it('is handed on after half a second when its handshake was aborted', async () => {
    const stream = await openStream({ x: () => 'gone' });
    slowPosts(stream, 200);
    await stream.open(connectionOf(ann, 'x', { openedAtMs: start }));
    expect(await stream.handle(opened('x'))).toEqual([]);
    expect(stream.ports.enqueueWelcome).toHaveBeenCalledTimes(1);
    expect(stream.ports.clock.now() - start).toBeLessThan(1_000);
  });

  it.each([
    ['and is handed on, when the last post to its own socket hangs', 'x', 1],
    ['and has closed another socket of its user to which the last post hangs', 'y', 0],
  ])('ends after three seconds, %s', async (_, hanging, handedOn) => {
    const stream = await openStream();
    const { clock, connectionGateway, enqueueWelcome } = stream.ports;
    stream.ports.settings.connectionsPerUser = 1;
    const { post } = connectionGateway;
    connectionGateway.post = async (connectionId, frame, endsAtMs = Infinity) => {
      if (connectionId !== hanging || clock.now() === start) {
        clock.pass(clock.now() === start ? 2_900 : 0);
        return post(connectionId, frame);
      }
      clock.pass(Math.min(3_000, endsAtMs - clock.now()));
      return 'failed';
    };
    const own = { isSingleRoom: true, rooms: { [roomId]: place }, head: { seq: 0, shards: 1 } };
    const connection = connectionOf(ann, 'x', { ...own, openedAtMs: start });
    await stream.open(connection);
    await stream.open(connectionOf(ann, 'y', { openedAtMs: start + 1 }));
    expect(await stream.handle(record({ after: connectionItem(connection) }))).toEqual([]);
    expect(clock.now() - start).toBe(3_000);
    expect(enqueueWelcome).toHaveBeenCalledTimes(handedOn);
    expect(connectionGateway.done.includes('close y')).toBe(handedOn === 0);
  });

  it('is handed on at once when the other welcomes of the batch took all of the time', async () => {
    const stream = await openStream();
    slowPosts(stream, 3_100);
    for (const id of ['x', 'y']) await stream.open(connectionOf(ann, id, { openedAtMs: start }));
    expect(await stream.handle(opened('x'), opened('y'))).toEqual([]);
    expect(stream.typesTo('x')).toEqual(['ready']);
    expect(stream.typesTo('y')).toEqual([]);
    expect(stream.ports.enqueueWelcome.mock.calls).toMatchObject([[{ connectionId: 'y' }]]);
  });

  it('fails when it cannot be handed on, so that the stream repeats it', async () => {
    const stream = await openStream({ x: () => 'gone' });
    slowPosts(stream, 600);
    stream.ports.enqueueWelcome.mockRejectedValueOnce(new Error('throttled'));
    await stream.open(connectionOf(ann, 'x', { openedAtMs: start }));
    expect(await stream.handle(opened('x'))).toEqual(['open x']);
  });
});
