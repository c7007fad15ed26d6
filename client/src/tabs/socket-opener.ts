/** Opens the client's sockets: through the code that shares one among tabs, which is loaded then, or directly. */
import { roomsPerConnection } from '../../../shared/contract/limits.ts';
import { subprotocol, ticketSubprotocolPrefix } from '../../../shared/contract/wire-constants.ts';
import type { ChatClientOptions } from '../chat-client-types.ts';
import type { OpenRoom } from '../rooms/listed-room.ts';
import type { WebSocketConstructor } from '../system.ts';
import type { LocksLike } from './locks.ts';
import type { ChannelConstructor } from './tab-messages.ts';
import type { OpenSocket, Tabs, TabsPorts } from './tabs.ts';

export interface SocketOpenerPorts extends Pick<TabsPorts, 'url' | 'session' | 'clock' | 'log'> {
  options: Pick<ChatClientOptions, 'persist' | 'shareConnection'>;
  /** Returns the class of sockets. */
  WebSocket: () => WebSocketConstructor;
  /** @throws {ChatProblem} */
  createTicket(): Promise<string>;
}

export interface SocketOpener {
  open: OpenSocket;
  /** A room that is open here has changed. */
  roomChanged(room: OpenRoom): void;
}

interface Environment {
  document?: unknown;
  navigator?: { locks?: LocksLike };
  BroadcastChannel?: ChannelConstructor;
}

export function socketOpener(ports: SocketOpenerPorts): SocketOpener {
  const { persist = true, shareConnection } = ports.options;
  const { document, navigator, BroadcastChannel } = globalThis as unknown as Environment;
  const { locks } = navigator ?? {};
  const mayShare = (shareConnection ?? (persist && document)) && locks && BroadcastChannel;
  let tabs: Tabs | undefined;
  const openOwn: OpenSocket = async (isWanted) => {
    const ticket = await ports.createTicket();
    return isWanted()
      ? new (ports.WebSocket())(ports.url, [subprotocol, ticketSubprotocolPrefix + ticket])
      : undefined;
  };
  return {
    async open(isWanted) {
      if (mayShare)
        tabs ??= await import('./tabs.ts').then(
          ({ Tabs }) => new Tabs({ ...ports, openOwn, locks, BroadcastChannel, roomsPerConnection }),
          // Without the code, for example in a page of an earlier deployment, each tab has a socket of its own.
          () => undefined,
        );
      return (tabs?.open ?? openOwn)(isWanted);
    },
    roomChanged: (room) => tabs?.roomChanged(room),
  };
}
