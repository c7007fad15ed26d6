/** Sending several events to one socket in their order. */
import type { ServerEvent } from '../contract/websocket/events.ts';
import { limits } from '../contract/limits.ts';
import type { Connection } from '../domain/model.ts';
import type { PostOutcome, Poster } from './connections-client.ts';

/** Posts made at the same time may overtake each other, so each waits for the one before it. */
export async function sendInOrder(
  { poster }: { poster: Poster },
  { connectionId, batch }: Pick<Connection, 'connectionId' | 'batch'>,
  events: readonly ServerEvent[],
): Promise<PostOutcome> {
  for (const frame of batch ? packed(events) : events.map((event) => JSON.stringify(event))) {
    const outcome = await poster.post(connectionId, frame);
    if (outcome !== 'sent') return outcome;
  }
  return 'sent';
}

/** As few frames as the events fit in, each an array. */
function packed(events: readonly ServerEvent[]): string[] {
  const frames: string[] = [];
  let parts: string[] = [];
  let bytes = 2;
  for (const part of events.map((event) => JSON.stringify(event))) {
    const size = Buffer.byteLength(part) + 1;
    if (parts.length > 0 && bytes + size > limits.frameBytes) {
      frames.push(`[${parts.join(',')}]`);
      parts = [];
      bytes = 2;
    }
    parts.push(part);
    bytes += size;
  }
  if (parts.length > 0) frames.push(`[${parts.join(',')}]`);
  return frames;
}
