/**
 * Posting one event to an audience: one frame for all, bounded concurrency, and each socket on its own. A socket
 * that fails never fails the others or the sender; what it missed, its client finds by the gap.
 */
import type { ServerEvent } from '../contract/websocket/events.ts';
import type { Listener } from '../domain/model.ts';
import { isAlive } from '../domain/connections/audience.ts';
import type { Clock, ConnectionStore } from '../domain/ports.ts';
import type { Poster } from './connections-client.ts';
import { each } from './each.ts';
import { closeFrame, toFrame } from './frames.ts';

export interface FanOutPorts {
  poster: Poster;
  connections: Pick<ConnectionStore, 'remove'>;
  clock: Clock;
}

const postsAtOnce = 50;

/**
 * A post to a socket whose handshake has not finished is answered as if it were gone. Its welcome follows, with
 * everything that it missed, so a connection this young is left alone.
 */
const handshakeMs = 15_000;

export async function fanOut(
  ports: FanOutPorts,
  audience: readonly Listener[],
  event: ServerEvent,
): Promise<void> {
  const frame = toFrame(event);
  await each(audience, postsAtOnce, (listener) => deliver(ports, listener, frame));
}

async function deliver(ports: FanOutPorts, listener: Listener, frame: string): Promise<void> {
  const now = ports.clock.now();
  if (!isAlive(listener, now)) {
    await expire(ports, listener, now);
    return;
  }
  const outcome = await ports.poster.post(listener.connectionId, frame);
  if (outcome === 'gone' && now - listener.openedAt > handshakeMs) {
    await ports.connections.remove(listener.connectionId);
  }
}

/** Its token or its lease has ended: it hears nothing more, and is told why if it still listens. */
async function expire(ports: FanOutPorts, listener: Listener, now: number): Promise<void> {
  if (listener.tokenEndsAt <= now) {
    await endSocket(ports, listener.connectionId, 'unauthorized', 'The access token has ended');
  } else {
    await ports.connections.remove(listener.connectionId);
  }
}

/** The last frame, and the end of the connection; the rest follows from the removal. */
export async function endSocket(
  { poster, connections }: Pick<FanOutPorts, 'poster' | 'connections'>,
  connectionId: string,
  name: Parameters<typeof closeFrame>[0],
  reason: string,
): Promise<void> {
  await poster.post(connectionId, toFrame(closeFrame(name, reason)));
  await Promise.all([poster.close(connectionId), connections.remove(connectionId)]);
}
