/**
 * One open WebSocket: its activity, its time limits and its single end. Callbacks in the options receive its
 * messages and its end.
 */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { GatewayFaults, SocketEvent } from './gateway-faults.ts';
import { watchFrameLengths } from './frame-lengths.ts';
import { scaledMs, type GatewayLimits } from './limits.ts';
import type { ConnectionContext } from './web-socket-event.ts';

export interface ConnectionOptions {
  context: ConnectionContext;
  webSocket: WebSocket;
  socket: Duplex;
  viaEdge: boolean;
  limits: GatewayLimits;
  onMessage(connection: Connection, body: string): void;
  /** Called once, however the connection ended, with the code and reason for `$disconnect`. */
  onEnd(connection: Connection, code: number, reason: string): void;
  /** Called instead of `onEnd` when a fault cuts the connection without calling `$disconnect`. */
  onForgotten(): void;
  faults?: GatewayFaults;
}

export interface Connection {
  readonly context: ConnectionContext;
  /** The time of the last message in either direction, in milliseconds since the epoch. */
  lastActiveAt(): number;
  /** Bytes that are buffered because the client has not read them yet. */
  unsentBytes(): number;
  /** Writes a text frame to the socket; returns false when the socket is no longer open. */
  send(data: Buffer | string): boolean;
  /** Closes the socket from the server's side. The client and `$disconnect` get the same code and reason. */
  close(code: number, reason: string): void;
  /** Ends the connection without a close frame; calls `$disconnect` only if `announced`. */
  cut(announced: boolean): void;
  /** Must be called once, as soon as the connection can be found by its id. */
  opened(): void;
  /** Applies time limits that changed while the connection was open. */
  limitsChanged(): void;
}

// `ws` closes the socket itself when a frame violates the protocol, and reports only an error code.
const closeCodes = new Map([
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 1009],
  ['WS_ERR_INVALID_UTF8', 1007],
]);

/** Takes over a socket whose handshake is complete. */
export function openConnection(options: ConnectionOptions): Connection {
  const { context, webSocket, limits } = options;
  let receivedAtMs = context.connectedAt;
  let sentAtMs = context.connectedAt;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  function end(code: number, reason: string): void {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    options.onEnd(connection, code, reason);
  }

  function close(code: number, reason: string): void {
    if (ended) return;
    end(code, reason);
    webSocket.close(code, reason);
  }

  // The timer compares times when it fires: resetting it for each message would cost more than the message.
  function watchTime(): void {
    const now = Date.now();
    const idleAtMs = Math.max(receivedAtMs, sentAtMs) + scaledMs(limits, limits.idleSeconds);
    const endsAtMs = context.connectedAt + scaledMs(limits, limits.maxConnectionSeconds);
    const edgeMs = options.viaEdge ? scaledMs(limits, limits.edgeIdleSeconds) : Infinity;
    if (now >= Math.min(idleAtMs, endsAtMs)) return close(1001, 'Going away');
    if (now >= sentAtMs + edgeMs) {
      // CloudFront drops the connection without a close frame, so both sides see an abnormal end.
      end(1006, '');
      return webSocket.terminate();
    }
    timer = setTimeout(watchTime, Math.min(idleAtMs, endsAtMs, sentAtMs + edgeMs) - now);
  }

  function cut(announced: boolean): void {
    if (ended) return;
    if (announced) end(1006, '');
    else {
      ended = true;
      clearTimeout(timer);
      options.onForgotten();
    }
    webSocket.terminate();
  }

  /** Lets an injected fault cut the socket at this event; returns whether it did. */
  function cutByFault(event: SocketEvent, frame: Buffer | string = ''): boolean {
    const outcome = options.faults?.socket(context.connectionId, event, frame) ?? 'keep';
    if (outcome === 'keep') return false;
    cut(outcome === 'cut');
    return true;
  }

  const connection: Connection = {
    context,
    lastActiveAt: () => Math.max(receivedAtMs, sentAtMs),
    unsentBytes: () => webSocket.bufferedAmount,
    send(data) {
      if (ended || webSocket.readyState !== webSocket.OPEN) return false;
      sentAtMs = Date.now();
      // True even when the fault cuts the socket: as on AWS, accepting a frame does not promise its delivery.
      if (cutByFault('send', data)) return true;
      webSocket.send(data, { binary: false });
      return true;
    },
    close,
    cut,
    opened: () => void cutByFault('open'),
    limitsChanged() {
      clearTimeout(timer);
      if (!ended) watchTime();
    },
  };

  // Runs before the listener of `ws`, so that `ws` never parses an oversized frame as a message.
  options.socket.prependListener(
    'data',
    watchFrameLengths(limits.frameBytes, () => close(1009, 'Message too long')),
  );
  webSocket.on('message', (data: RawData, isBinary: boolean) => {
    if (ended) return;
    if (isBinary || !Buffer.isBuffer(data)) return close(1003, 'Binary is not supported');
    receivedAtMs = Date.now();
    if (cutByFault('receive', data)) return;
    options.onMessage(connection, data.toString('utf8'));
  });
  webSocket.on('ping', () => {
    if (limits.pingResetsIdle) receivedAtMs = Date.now();
  });
  webSocket.on('error', (error: Error & { code?: string }) => {
    // Network errors also arrive here; for those, the 'close' event follows and ends the connection.
    if (error.code?.startsWith('WS_ERR_')) end(closeCodes.get(error.code) ?? 1002, error.message);
  });
  webSocket.on('close', (code: number, reason: Buffer) => {
    end(code, code === 1005 ? 'Client-side close frame status not set' : reason.toString('utf8'));
  });
  watchTime();
  return connection;
}
