/** Encodes events as frames of bounded size, and sends them to one socket in their order. */
import * as limits from '../contract/limits.ts';
import type { ServerEvent } from '../contract/websocket/events.ts';
import { cutToEncodedBytes, encodedBytes } from '../domain/cut-text.ts';
import type { Connection } from '../domain/model/connections.ts';
import type { PostOutcome, ConnectionGateway } from './connection-gateway.ts';

/** Leaves room for the brackets of a batch that holds this event alone. */
const maxEventBytes = limits.frameBytes - 2;

/** Texts up to this size are never cut: ids, times and names. */
const minCutBytes = 256;

/**
 * Returns the frame of one event. An event that is too large, because its content was stored under looser rules, has its
 * longest texts cut at a character boundary: otherwise no subscriber would receive it.
 */
export function toFrame(event: ServerEvent): string {
  let frame = JSON.stringify(event);
  // A UTF-16 unit takes at most three bytes.
  if (frame.length * 3 <= maxEventBytes) return frame;
  for (let excess = excessBytes(frame); excess > 0; excess = excessBytes(frame)) {
    const longest = longestText(event);
    if (longest === undefined) return frame;
    const maxBytes = Math.max(minCutBytes, encodedBytes(longest) - excess);
    frame = JSON.stringify(event, (_, value: unknown) =>
      value === longest ? cutToEncodedBytes(longest, maxBytes) : value,
    );
    event = JSON.parse(frame) as ServerEvent;
  }
  return frame;
}

const excessBytes = (frame: string): number => Buffer.byteLength(frame) - maxEventBytes;

/** Returns the longest text of an event that may still be cut. */
function longestText(event: ServerEvent): string | undefined {
  let longest: string | undefined;
  let bytes = minCutBytes;
  JSON.stringify(event, (_, value: unknown) => {
    if (typeof value === 'string' && encodedBytes(value) > bytes) {
      longest = value;
      bytes = encodedBytes(value);
    }
    return value;
  });
  return longest;
}

/** Events encoded once for all sockets that receive them. */
export interface Frames {
  /** One frame for each event. */
  plain: string[];
  /** For sockets that accept arrays: as few frames as the events fit in. A single event is not wrapped in an array. */
  batched: string[];
}

export function packFrames(events: readonly ServerEvent[]): Frames {
  const plain = events.map(toFrame);
  return { plain, batched: plain.length > 1 ? toBatches(plain) : plain };
}

function toBatches(parts: readonly string[]): string[] {
  const frames: string[] = [];
  let batch: string[] = [];
  let bytes = 2;
  for (const part of parts) {
    const partBytes = Buffer.byteLength(part) + 1;
    if (batch.length > 0 && bytes + partBytes > limits.frameBytes) {
      frames.push(`[${batch.join(',')}]`);
      batch = [];
      bytes = 2;
    }
    batch.push(part);
    bytes += partBytes;
  }
  if (batch.length > 0) frames.push(`[${batch.join(',')}]`);
  return frames;
}

type Socket = Pick<Connection, 'connectionId' | 'batch'>;

export function sendInOrder(
  ports: { connectionGateway: ConnectionGateway },
  socket: Socket,
  events: readonly ServerEvent[],
): Promise<PostOutcome> {
  return sendFrames(ports, socket, packFrames(events));
}

/** Waits for each post before the next one, because concurrent posts may overtake each other. Stops when one fails. */
export async function sendFrames(
  { connectionGateway }: { connectionGateway: ConnectionGateway },
  { connectionId, batch }: Socket,
  { plain, batched }: Frames,
): Promise<PostOutcome> {
  for (const frame of batch ? batched : plain) {
    const outcome = await connectionGateway.post(connectionId, frame);
    if (outcome !== 'sent') return outcome;
  }
  return 'sent';
}
