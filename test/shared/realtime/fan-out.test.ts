import { describe, expect, it, vi } from 'vitest';
import type { ServerEvent } from '../../../shared/contract/websocket/events.ts';
import * as limits from '../../../shared/contract/limits.ts';
import { forEachConcurrent } from '../../../shared/realtime/for-each-concurrent.ts';
import { fanOut } from '../../../shared/realtime/fan-out.ts';
import { recipientsOf, sliceSubscribers, type Slice } from '../../../shared/realtime/slice-subscribers.ts';
import { sendInOrder } from '../../../shared/realtime/send-events.ts';
import type { PostOutcome } from '../../../shared/realtime/connection-gateway.ts';
import { memoryChat } from '../../kit/memory-chat/chat.ts';
import { scriptedGateway } from '../../kit/memory-chat/scripted-gateway.ts';
import {
  ann,
  bob,
  connectionOf,
  manualClock,
  subscriberFor,
  start,
  uuid,
} from '../../kit/memory-chat/system.ts';
import { recordedMetrics } from '../../kit/memory-chat/metrics.ts';

const roomId = uuid(100);
const deleted = (seq: number): ServerEvent => ({
  type: 'message_deleted',
  message_id: 'm',
  room_id: roomId,
  seq,
});
const settings = { reconnectAfterMs: 6_000_000 };

function fanning(script: Parameters<typeof scriptedGateway>[0], ...ids: string[]) {
  const { connections } = memoryChat();
  for (const id of ids) connections.all.set(connectionOf(ann, id));
  const logger = { warn: vi.fn() };
  return {
    connectionGateway: scriptedGateway(script),
    connections,
    clock: manualClock(),
    logger,
    metrics: recordedMetrics(),
    settings,
  };
}

describe('fanOut', () => {
  it('posts the same frame to all recipients', async () => {
    const ports = fanning({}, 'a', 'b');
    await fanOut(ports, [subscriberFor(ann, 'a'), subscriberFor(bob, 'b')], [deleted(1)]);
    expect([ports.connectionGateway.framesTo('a'), ports.connectionGateway.framesTo('b')]).toEqual([
      [deleted(1)],
      [deleted(1)],
    ]);
  });

  it('records how long it took, and nothing when there are no recipients', async () => {
    const ports = fanning({}, 'a');
    const answering = ports.connectionGateway.post;
    ports.connectionGateway.post = async (...post) => {
      ports.clock.pass(40);
      return answering(...post);
    };
    await fanOut(ports, [subscriberFor(ann, 'a')], [deleted(1)]);
    await fanOut(ports, [], [deleted(1)]);
    expect(ports.metrics.of('FanOutTime')).toEqual([40]);
  });

  it('removes a connection that is gone, and no other one', async () => {
    const ports = fanning({ gone: () => 'gone', failed: () => 'failed' }, 'gone', 'failed', 'fine');
    await fanOut(
      ports,
      ['gone', 'failed', 'fine'].map((id) => subscriberFor(ann, id)),
      [deleted(1)],
    );
    expect([...ports.connections.all.keys()]).toEqual(['failed', 'fine']);
    expect(ports.connectionGateway.framesTo('fine')).toEqual([deleted(1)]);
  });

  it('keeps a connection that is reported gone while its handshake may not be over', async () => {
    const ports = fanning({ young: () => 'gone' }, 'young');
    await fanOut(ports, [subscriberFor(ann, 'young', { openedAtMs: start - 15_000 })], [deleted(1)]);
    expect(ports.connections.all.has('young')).toBe(true);
    await fanOut(ports, [subscriberFor(ann, 'young', { openedAtMs: start - 15_001 })], [deleted(1)]);
    expect(ports.connections.all.has('young')).toBe(false);
  });

  it('posts to the others while one post hangs', async () => {
    let release!: (outcome: PostOutcome) => void;
    const ports = fanning({ hangs: () => new Promise<PostOutcome>((resolve) => (release = resolve)) });
    const subscribers = ['hangs', ...Array.from({ length: 120 }, (_, at) => `c${at}`)].map((id) =>
      subscriberFor(ann, id),
    );
    const done = fanOut(ports, subscribers, [deleted(1)]);
    await vi.waitFor(() => expect(ports.connectionGateway.done).toHaveLength(121));
    release('failed');
    await done;
  });

  it('posts to the others when connections cannot be removed, and logs that once with their number', async () => {
    const ports = fanning(
      Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`gone${at}`, () => 'gone' as const])),
    );
    ports.connections.remove = () => Promise.reject(new Error('throttled'));
    const subscribers = [...Array.from({ length: 60 }, (_, at) => `gone${at}`), 'fine'].map((id) =>
      subscriberFor(ann, id),
    );
    await fanOut(ports, subscribers, [deleted(1)]);
    expect(ports.connectionGateway.framesTo('fine')).toEqual([deleted(1)]);
    expect(ports.logger.warn).toHaveBeenCalledExactlyOnceWith('Connections were not removed in a fan-out', {
      count: 60,
      error: new Error('throttled'),
    });
  });

  it('closes a socket whose token has ended, and posts nothing else to it', async () => {
    const ports = fanning({}, 'ended');
    await fanOut(ports, [subscriberFor(ann, 'ended', { tokenEndsAtMs: start })], [deleted(1)]);
    expect(ports.connectionGateway.framesTo('ended')).toMatchObject([{ type: 'close', code: 4001 }]);
    expect(ports.connectionGateway.done).toEqual(['post ended close', 'close ended']);
    expect(ports.connections.all.size).toBe(0);
  });

  it('removes a connection whose lease has ended, and posts nothing to it', async () => {
    const ports = fanning({}, 'silent');
    await fanOut(ports, [subscriberFor(ann, 'silent', { leaseEndsAtMs: start })], [deleted(1)]);
    expect(ports.connectionGateway.done).toEqual([]);
    expect(ports.connections.all.size).toBe(0);
  });

  it('asks a socket that is due for a reconnect to reconnect, after it has received the event', async () => {
    const ports = fanning({}, 'old');
    await fanOut(ports, [subscriberFor(ann, 'old', { openedAtMs: start - 6_900_001 })], [deleted(1)]);
    expect(ports.connectionGateway.done).toEqual(['post old message_deleted', 'post old close', 'close old']);
    expect(ports.connectionGateway.framesTo('old').at(-1)).toMatchObject({
      code: 4200,
      reconnect: true,
      resume: true,
    });
  });

  it('posts several events in their order, and in one frame to sockets that accept arrays', async () => {
    const ports = fanning({}, 'plain', 'batch');
    const subscribers = [subscriberFor(ann, 'plain'), subscriberFor(bob, 'batch', { batch: true })];
    await fanOut(ports, subscribers, [deleted(1), deleted(2)]);
    expect(ports.connectionGateway.framesTo('plain')).toEqual([deleted(1), deleted(2)]);
    expect(ports.connectionGateway.framesTo('batch')).toEqual([[deleted(1), deleted(2)]]);
  });
});

describe('forEachConcurrent', () => {
  it('works on the given number of items at a time', async () => {
    let running = 0;
    let most = 0;
    await forEachConcurrent(
      Array.from({ length: 40 }, (_, at) => at),
      7,
      async () => {
        most = Math.max(most, (running += 1));
        await Promise.resolve();
        running -= 1;
      },
    );
    expect(most).toBe(7);
  });

  it('does nothing without items, and rejects with the first error', async () => {
    await forEachConcurrent([], 3, () => Promise.reject(new Error('never')));
    await expect(
      forEachConcurrent([1, 2], 3, async (n) => Promise.reject(new Error(`no ${n}`))),
    ).rejects.toThrow('no 1');
  });
});

describe('sendInOrder', () => {
  const events = Array.from({ length: 30 }, (_, at) => deleted(at + 1));

  it('waits for each post, and stops at the first one that is not sent', async () => {
    let posts = 0;
    const connectionGateway = scriptedGateway({ c: () => ((posts += 1) === 3 ? 'failed' : 'sent') });
    expect(await sendInOrder({ connectionGateway }, { connectionId: 'c', batch: false }, events)).toBe(
      'failed',
    );
    expect(connectionGateway.framesTo('c')).toEqual(events.slice(0, 3));
  });

  it('packs all events into arrays below the size of a frame', async () => {
    const long: ServerEvent[] = Array.from(
      { length: 40 },
      (_, at) => ({ ...deleted(at + 1), message_id: '€'.repeat(1_000) }) as ServerEvent,
    );
    const sizes: number[] = [];
    const connectionGateway = scriptedGateway({
      c: (frame) => (sizes.push(Buffer.byteLength(frame)), 'sent'),
    });
    expect(await sendInOrder({ connectionGateway }, { connectionId: 'c', batch: true }, long)).toBe('sent');
    expect(connectionGateway.framesTo('c').flat()).toEqual(long);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.frameBytes);
    expect(sizes.length).toBeLessThan(6);
  });

  it('does not wrap a single event in an array', async () => {
    const connectionGateway = scriptedGateway();
    await sendInOrder({ connectionGateway }, { connectionId: 'c', batch: true }, [deleted(1)]);
    expect(connectionGateway.framesTo('c')).toEqual([deleted(1)]);
  });
});

describe('sliceSubscribers', () => {
  it('puts each subscriber of every shard into one slice, and bounds the size of a slice', async () => {
    const { subscriptions } = memoryChat();
    const topic = roomId;
    for (let at = 0; at < 600; at += 1)
      await subscriptions.add(topic, subscriberFor(ann, `c${at}`, { shard: at % 2 }));
    const slices: Slice[] = [];
    const [subscriber] = await subscriptions.shard(topic, 0);
    await sliceSubscribers(
      { subscriptions, enqueueSlice: async (slice) => void slices.push(slice) },
      { roomId: topic, shards: 4 },
      [deleted(1), deleted(2)],
    );
    const ids = slices.flatMap(({ recipients }) => recipients.map(({ connectionId }) => connectionId));
    expect(new Set(ids).size).toBe(600);
    expect(ids).toHaveLength(600);
    const { connectionId, openedAtMs, leaseEndsAtMs, tokenEndsAtMs, batch } = subscriber!;
    expect(slices.flatMap(recipientsOf)).toContainEqual({
      connectionId,
      openedAtMs,
      leaseEndsAtMs,
      tokenEndsAtMs,
      batch,
    });
    expect(slices.flatMap(({ recipients }) => recipients)).toContainEqual({
      connectionId,
      openedAt: openedAtMs,
      leaseEndsAt: leaseEndsAtMs,
      tokenEndsAt: tokenEndsAtMs,
      batch,
    });
    expect(Math.max(...slices.map((slice) => Buffer.byteLength(JSON.stringify(slice))))).toBeLessThan(
      256 * 1_024,
    );
    expect(slices[0]?.frames.plain).toEqual([deleted(1), deleted(2)].map((event) => JSON.stringify(event)));
  });
});
