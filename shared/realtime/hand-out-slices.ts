/**
 * Publishing to a large room: its audience is read a shard at a time and handed on in slices, so that no function
 * holds all of it, and the slices are posted to at the same time.
 */
import type { ServerEvent } from '../contract/websocket/events.ts';
import type { AudienceStore } from '../domain/ports/sockets.ts';
import { split } from '../domain/split.ts';
import { each } from './each.ts';
import type { Recipient } from './fan-out.ts';
import { packFrames, type Frames } from './pack-frames.ts';

/** What one invocation of the deliver function gets: half a megabyte at worst, of the one that it may be. */
export interface Slice {
  frames: Frames;
  recipients: Recipient[];
}

/** Hands a slice on to be delivered by somebody else, at least once. */
export type HandOn = (slice: Slice) => Promise<void>;

const recipientsPerSlice = 250;
const shardsAtOnce = 4;

/** Frames of one slice stay below this, whatever came together. */
const eventsPerSlice = 8;

export async function handOutSlices(
  { audiences, handOn }: { audiences: Pick<AudienceStore, 'shard'>; handOn: HandOn },
  roomId: string,
  shards: number,
  events: readonly ServerEvent[],
): Promise<void> {
  const parts = split(events, eventsPerSlice).map(packFrames);
  const numbers = Array.from({ length: shards }, (_, shard) => shard);
  await each(numbers, shardsAtOnce, async (shard) => {
    const listeners = await audiences.shard(roomId, shard);
    for (const slice of split(listeners, recipientsPerSlice)) {
      const recipients = slice.map(({ connectionId, openedAt, leaseEndsAt, tokenEndsAt, batch }) => ({
        connectionId,
        openedAt,
        leaseEndsAt,
        tokenEndsAt,
        batch,
      }));
      for (const frames of parts) await handOn({ frames, recipients });
    }
  });
}
