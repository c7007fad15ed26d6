/** From a stored entry to those who hear its room. */
import { readAudience } from '../domain/connections/audience.ts';
import type { Head, LogEntry, MessageEntry } from '../domain/model.ts';
import type { AudienceStore } from '../domain/ports.ts';
import { fanOut, type FanOutPorts } from './fan-out.ts';
import { entryEvent } from './frames.ts';

export interface PublishPorts extends FanOutPorts {
  audiences: AudienceStore;
}

/**
 * Whoever writes an entry over a socket publishes it at once, as long as the room's audience fits one shard; a
 * larger room is left to the stream's reaction.
 */
export function isLargeRoom({ shards }: Head): boolean {
  return shards > 1;
}

/**
 * Reads the audience only now, after the commit: whoever came before it is posted to, and whoever comes after it
 * finds the entry in the log.
 */
export async function publishEntry(
  ports: PublishPorts,
  entry: Exclude<LogEntry, { kind: 'void' }>,
  target: MessageEntry | undefined,
  shards: number,
): Promise<void> {
  const audience = await readAudience(ports, entry.roomId, shards);
  await fanOut(ports, audience, entryEvent(entry, target));
}
