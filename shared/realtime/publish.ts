/** From stored entries to those who hear their room. */
import { readSubscribers } from '../domain/connections/subscribers.ts';
import type { Head } from '../domain/model.ts';
import type { SubscriptionStore } from '../domain/ports/sockets.ts';
import type { ServerEvent } from '../contract/websocket/events.ts';
import { fanOut, type FanOutPorts } from './fan-out.ts';

export interface PublishPorts extends FanOutPorts {
  subscriptions: SubscriptionStore;
}

/**
 * Whoever writes an entry over a socket publishes it at once, as long as the room's subscribers fits one shard; a
 * larger room is left to the stream's reaction.
 */
export function isLargeRoom({ shards }: Head): boolean {
  return shards > 1;
}

/**
 * Reads the subscribers only now, after the commit: whoever came before it is posted to, and whoever comes after it
 * finds the entry in the log.
 */
export async function publish(
  ports: PublishPorts,
  { roomId, shards }: Head,
  events: readonly ServerEvent[],
): Promise<void> {
  await fanOut(ports, await readSubscribers(ports, roomId, shards), events);
}
