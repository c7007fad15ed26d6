/**
 * Publishes events to a large room: reads its subscribers a shard at a time and enqueues them in slices. No invocation
 * holds all subscribers, and the slices are posted to at the same time.
 */
import type { ServerEvent } from '../contract/websocket/events.ts';
import { chunk } from '../domain/chunk.ts';
import type { SubscriptionStore } from '../domain/ports/sockets.ts';
import type { Recipient } from './fan-out.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';
import { packFrames, type Frames } from './send-events.ts';

/** The payload of one invocation of the fan-out function: at most half a megabyte. Lambda takes up to one. */
export interface Slice {
  frames: Frames;
  recipients: SliceRecipient[];
}

/** A recipient in a payload, with milliseconds under names that the releases before and after a deployment share. */
interface SliceRecipient {
  connectionId: string;
  openedAt: number;
  leaseEndsAt: number;
  tokenEndsAt: number;
  batch: boolean;
}

/** Returns the recipients of a payload. */
export const recipientsOf = (slice: Slice): Recipient[] =>
  slice.recipients.map(({ openedAt, leaseEndsAt, tokenEndsAt, ...recipient }) => ({
    ...recipient,
    openedAtMs: openedAt,
    leaseEndsAtMs: leaseEndsAt,
    tokenEndsAtMs: tokenEndsAt,
  }));

/** Hands a slice over to another invocation, which posts it at least once. */
export type EnqueueSlice = (slice: Slice) => Promise<void>;

const recipientsPerSlice = 250;
const maxConcurrentShards = 4;

/** Bounds the size of a slice's frames when many events come together. */
const eventsPerSlice = 8;

export async function sliceSubscribers(
  {
    subscriptions,
    enqueueSlice,
  }: { subscriptions: Pick<SubscriptionStore, 'shard'>; enqueueSlice: EnqueueSlice },
  { roomId, shards }: { roomId: string; shards: number },
  events: readonly ServerEvent[],
): Promise<void> {
  const parts = chunk(events, eventsPerSlice).map(packFrames);
  const numbers = Array.from({ length: shards }, (_, shard) => shard);
  await forEachConcurrent(numbers, maxConcurrentShards, async (shard) => {
    const subscribers = await subscriptions.shard(roomId, shard);
    for (const slice of chunk(subscribers, recipientsPerSlice)) {
      const recipients = slice.map(({ connectionId, openedAtMs, leaseEndsAtMs, tokenEndsAtMs, batch }) => ({
        connectionId,
        openedAt: openedAtMs,
        leaseEndsAt: leaseEndsAtMs,
        tokenEndsAt: tokenEndsAtMs,
        batch,
      }));
      for (const frames of parts) await enqueueSlice({ frames, recipients });
    }
  });
}
