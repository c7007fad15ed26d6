/**
 * Publishing to a large room: its subscribers is read a shard at a time and handed on in slices, so that no function
 * holds all of it, and the slices are posted to at the same time.
 */
import type { ServerEvent } from '../contract/websocket/events.ts';
import type { SubscriptionStore } from '../domain/ports/sockets.ts';
import { chunk } from '../domain/chunk.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';
import type { Recipient } from './fan-out.ts';
import { packFrames, type Frames } from './pack-frames.ts';

/** What one invocation of the deliver function gets: half a megabyte at worst, of the one that it may be. */
export interface Slice {
  frames: Frames;
  recipients: Recipient[];
}

/** Hands a slice on to be delivered by somebody else, at least once. */
export type EnqueueSlices = (slice: Slice) => Promise<void>;

const recipientsPerSlice = 250;
const shardsAtOnce = 4;

/** Frames of one slice stay below this, whatever came together. */
const eventsPerSlice = 8;

export async function sliceSubscribers(
  {
    subscriptions,
    enqueueSlices,
  }: { subscriptions: Pick<SubscriptionStore, 'shard'>; enqueueSlices: EnqueueSlices },
  roomId: string,
  shards: number,
  events: readonly ServerEvent[],
): Promise<void> {
  const parts = chunk(events, eventsPerSlice).map(packFrames);
  const numbers = Array.from({ length: shards }, (_, shard) => shard);
  await forEachConcurrent(numbers, shardsAtOnce, async (shard) => {
    const subscribers = await subscriptions.shard(roomId, shard);
    for (const slice of chunk(subscribers, recipientsPerSlice)) {
      const recipients = slice.map(({ connectionId, openedAt, leaseEndsAt, tokenEndsAt, batch }) => ({
        connectionId,
        openedAt,
        leaseEndsAt,
        tokenEndsAt,
        batch,
      }));
      for (const frames of parts) await enqueueSlices({ frames, recipients });
    }
  });
}
