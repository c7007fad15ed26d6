/**
 * Posts events to many sockets: encoded once, with bounded concurrency. A socket that fails never fails the others or the
 * sender: its client finds what it missed by the gap in its seqs.
 */
import type { ServerEvent } from '../contract/websocket/events.ts';
import { isDueForReconnect } from '../domain/connections/planned-reconnect.ts';
import { isAlive, readSubscribers } from '../domain/connections/subscribers.ts';
import type { Subscriber } from '../domain/model/connections.ts';
import type { Head } from '../domain/model/rooms.ts';
import type { SubscriptionStore } from '../domain/ports/sockets.ts';
import type { Clock, FailureLog } from '../domain/ports/system.ts';
import type { MetricRecorder } from '../metrics/metric-recorder.ts';
import { handshakeMs } from '../domain/thresholds.ts';
import { endSocket, type EndSocketPorts } from './end-socket.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';
import { packFrames, sendFrames, type Frames } from './send-events.ts';

export interface FanOutPorts extends EndSocketPorts {
  clock: Clock;
  logger: Pick<FailureLog, 'warn'>;
  metrics: Pick<MetricRecorder, 'measure'>;
  settings: { reconnectAfterMs: number };
}

export interface PublishPorts extends FanOutPorts {
  subscriptions: Pick<SubscriptionStore, 'shard'>;
}

/** What a fan-out needs to know about a subscriber. */
export type Recipient = Pick<
  Subscriber,
  'connectionId' | 'openedAtMs' | 'leaseEndsAtMs' | 'tokenEndsAtMs' | 'batch'
>;

const maxConcurrentPosts = 50;

/**
 * Posts events to every subscriber of a room. The subscribers are read after the commit: a connection that subscribed
 * before the commit is posted to, and one that subscribes later finds the entry in the log.
 */
export async function publish(
  ports: PublishPorts,
  { roomId, shards }: Head,
  events: readonly ServerEvent[],
): Promise<void> {
  await fanOut(ports, await readSubscribers(ports, roomId, shards), events);
}

/** Posts events to these recipients; each of them receives the events in their order. */
export function fanOut(
  ports: FanOutPorts,
  recipients: readonly Recipient[],
  events: readonly ServerEvent[],
): Promise<void> {
  return fanOutFrames(ports, recipients, packFrames(events));
}

export function fanOutFrames(
  ports: FanOutPorts,
  recipients: readonly Recipient[],
  frames: Frames,
): Promise<void> {
  return deliver(
    ports,
    recipients.map((recipient) => ({ recipient, frames })),
  );
}

/** Frames for one recipient. */
export interface Delivery {
  recipient: Recipient;
  frames: Frames;
}

/** Posts to each recipient what is meant for it. */
export async function deliver(ports: FanOutPorts, deliveries: readonly Delivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const startedAt = ports.clock.now();
  const errors: unknown[] = [];
  await forEachConcurrent(deliveries, maxConcurrentPosts, async ({ recipient, frames }) => {
    try {
      await sendToRecipient(ports, recipient, frames);
    } catch (error) {
      // Posts do not throw, so a connection could not be removed. It ends with its lease; the others are still posted to.
      errors.push(error);
    }
  });
  ports.metrics.measure('FanOutTime', ports.clock.now() - startedAt);
  if (errors.length > 0) {
    const [error] = errors;
    ports.logger.warn('Connections were not removed in a fan-out', { count: errors.length, error });
  }
}

async function sendToRecipient(ports: FanOutPorts, recipient: Recipient, frames: Frames): Promise<void> {
  const now = ports.clock.now();
  if (!isAlive(recipient, now)) {
    await endExpired(ports, recipient, now);
    return;
  }
  const { connectionId, openedAtMs } = recipient;
  const outcome = await sendFrames(ports, recipient, frames);
  if (outcome === 'gone' && now - openedAtMs > handshakeMs) await ports.connections.remove(connectionId);
  if (outcome === 'sent' && isDueForReconnect(recipient, now, ports.settings.reconnectAfterMs)) {
    await endSocket(ports, connectionId, 'reconnect', 'Planned reconnect: connect again and resume');
  }
}

/** Ends a connection whose token has ended; one whose lease has ended is only removed, as its client is not listening. */
async function endExpired(
  ports: FanOutPorts,
  { connectionId, tokenEndsAtMs }: Recipient,
  now: number,
): Promise<void> {
  if (tokenEndsAtMs <= now)
    await endSocket(ports, connectionId, 'unauthorized', 'The access token has expired');
  else await ports.connections.remove(connectionId);
}
