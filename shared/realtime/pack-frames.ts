/** Events as the text of frames of bounded size: serialized once, however many sockets they go to. */
import { limits } from '../contract/limits.ts';
import type { ServerEvent } from '../contract/websocket/events.ts';
import { toFrame } from './encode-event.ts';

export interface Frames {
  /** One frame for each event. */
  plain: string[];
  /** For sockets that take arrays: as few frames as the events fit in. One event alone stays as it is. */
  batched: string[];
}

export function packFrames(events: readonly ServerEvent[]): Frames {
  const plain = events.map(toFrame);
  return { plain, batched: plain.length > 1 ? pack(plain) : plain };
}

function pack(parts: readonly string[]): string[] {
  const frames: string[] = [];
  let open: string[] = [];
  let bytes = 2;
  for (const part of parts) {
    const size = Buffer.byteLength(part) + 1;
    if (open.length > 0 && bytes + size > limits.frameBytes) {
      frames.push(`[${open.join(',')}]`);
      open = [];
      bytes = 2;
    }
    open.push(part);
    bytes += size;
  }
  if (open.length > 0) frames.push(`[${open.join(',')}]`);
  return frames;
}
