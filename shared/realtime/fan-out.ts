/**
 * Posting events to an subscribers: frames made once for all, bounded concurrency, and each socket on its own. A socket
 * that fails never fails the others or the sender; what it missed, its client finds by the gap.
 */
import type { ServerEvent } from '../contract/websocket/events.ts';
import type { Subscriber } from '../domain/model.ts';
import { isAlive } from '../domain/connections/subscribers.ts';
import { isDueForReconnect } from '../domain/connections/planned-reconnect.ts';
import type { ConnectionStore } from '../domain/ports/sockets.ts';
import type { Clock } from '../domain/ports/system.ts';
import type { ConnectionGateway } from './connection-gateway.ts';
import { forEachConcurrent } from './for-each-concurrent.ts';
import { closeFrame, toFrame } from './frames.ts';
import { packFrames, type Frames } from './pack-frames.ts';
import { sendFrames } from './send-in-order.ts';

export interface FanOutPorts {
  connectionGateway: ConnectionGateway;
  connections: Pick<ConnectionStore, 'remove'>;
  clock: Clock;
  settings: { reconnectAfterMs: number };
}

/** What a fan-out needs to know of a socket. */
export type Recipient = Pick<
  Subscriber,
  'connectionId' | 'openedAt' | 'leaseEndsAt' | 'tokenEndsAt' | 'batch'
>;

const postsAtOnce = 50;

/**
 * A post to a socket whose handshake has not finished is answered as if it were gone. Its welcome follows, with
 * everything that it missed, so a connection this young is left alone.
 */
const handshakeMs = 15_000;

/** Several events reach each socket in their order. */
export function fanOut(
  ports: FanOutPorts,
  subscribers: readonly Recipient[],
  events: readonly ServerEvent[],
): Promise<void> {
  return fanOutFrames(ports, subscribers, packFrames(events));
}

export function fanOutFrames(
  ports: FanOutPorts,
  subscribers: readonly Recipient[],
  frames: Frames,
): Promise<void> {
  return forEachConcurrent(subscribers, postsAtOnce, async (recipient) => {
    try {
      await deliver(ports, recipient, frames);
    } catch {
      // A connection that could not be removed ends with its lease; whoever sent has been heard by the others.
    }
  });
}

async function deliver(ports: FanOutPorts, recipient: Recipient, frames: Frames): Promise<void> {
  const now = ports.clock.now();
  if (!isAlive(recipient, now)) {
    await expire(ports, recipient, now);
    return;
  }
  const { connectionId, openedAt } = recipient;
  const outcome = await sendFrames(ports, recipient, frames);
  if (outcome === 'gone' && now - openedAt > handshakeMs) await ports.connections.remove(connectionId);
  if (outcome === 'sent' && isDueForReconnect(recipient, now, ports.settings.reconnectAfterMs)) {
    await endSocket(ports, connectionId, 'reconnect', 'Planned: come back and resume');
  }
}

/** Its token or its lease has ended: it hears nothing more, and is told why if it still listens. */
async function expire(ports: FanOutPorts, subscriber: Recipient, now: number): Promise<void> {
  if (subscriber.tokenEndsAt <= now) {
    await endSocket(ports, subscriber.connectionId, 'unauthorized', 'The access token has ended');
  } else {
    await ports.connections.remove(subscriber.connectionId);
  }
}

/** The last frame, and the end of the connection; the rest follows from the removal. */
export async function endSocket(
  { connectionGateway, connections }: Pick<FanOutPorts, 'connectionGateway' | 'connections'>,
  connectionId: string,
  name: Parameters<typeof closeFrame>[0],
  reason: string,
): Promise<void> {
  await connectionGateway.post(connectionId, toFrame(closeFrame(name, reason)));
  await Promise.all([connectionGateway.close(connectionId), connections.remove(connectionId)]);
}

/**
 * The same for a connection whose right was recorded as ended. While its handshake has not been answered it cannot be
 * reached, and would stay open if its item went: then it is left to its welcome, which sees the end and closes it.
 */
export async function endRefusedSocket(
  ports: Pick<FanOutPorts, 'connectionGateway' | 'connections' | 'clock'>,
  { connectionId, openedAt }: Pick<Subscriber, 'connectionId' | 'openedAt'>,
  name: Parameters<typeof closeFrame>[0],
  reason: string,
): Promise<void> {
  const posted = await ports.connectionGateway.post(connectionId, toFrame(closeFrame(name, reason)));
  if (posted === 'gone' && ports.clock.now() - openedAt <= handshakeMs) return;
  await Promise.all([ports.connectionGateway.close(connectionId), ports.connections.remove(connectionId)]);
}
