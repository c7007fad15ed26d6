/** From an event to the text of its frame, which is never larger than a frame may be. */
import { limits } from '../contract/limits.ts';
import type { ServerEvent } from '../contract/websocket/events.ts';
import { cutToEncodedBytes, encodedBytes } from '../domain/cut-text.ts';

/** Room for the brackets of a batch that holds this event alone. */
const maxEventBytes = limits.frameBytes - 2;

/** Ids, times and names of this length are never cut. */
const minCut = 256;

/**
 * An event that is too large (with content that was stored when its rules were looser) has its longest texts cut,
 * each on the border of a character, instead of being lost to everybody it is sent to.
 */
export function toFrame(event: ServerEvent): string {
  let frame = JSON.stringify(event);
  // A UTF-16 unit takes at most three bytes.
  if (frame.length * 3 <= maxEventBytes) return frame;
  for (let excess = excessOf(frame); excess > 0; excess = excessOf(frame)) {
    const longest = maxText(event);
    if (longest === undefined) return frame;
    const maxBytes = Math.max(minCut, encodedBytes(longest) - excess);
    frame = JSON.stringify(event, (_, value: unknown) =>
      value === longest ? cutToEncodedBytes(longest, maxBytes) : value,
    );
    event = JSON.parse(frame) as ServerEvent;
  }
  return frame;
}

const excessOf = (frame: string): number => Buffer.byteLength(frame) - maxEventBytes;

/** Of the texts in an event that may be cut further, the longest. */
function maxText(event: ServerEvent): string | undefined {
  let longest: string | undefined;
  let bytes = minCut;
  JSON.stringify(event, (_, value: unknown) => {
    if (typeof value === 'string' && encodedBytes(value) > bytes) {
      longest = value;
      bytes = encodedBytes(value);
    }
    return value;
  });
  return longest;
}
