/**
 * One open WebSocket: its activity, its time limits and its one end. It knows no routes; what happens on a
 * message or at the end is given to it.
 */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { GatewayFaults, SocketEvent } from './gateway-faults.ts';
import { watchFrameLengths } from './frame-lengths.ts';
import { scaledMilliseconds, type GatewayLimits } from './limits.ts';
import type { ConnectionContext } from './web-socket-event.ts';

export interface ConnectionOptions {
  context: ConnectionContext;
  webSocket: WebSocket;
  socket: Duplex;
  viaEdge: boolean;
  limits: GatewayLimits;
  onMessage(connection: Connection, body: string): void;
  /** Called once, however it ended, with what `$disconnect` is told. */
  onEnd(connection: Connection, code: number, reason: string): void;
  /** Called instead of `onEnd` when nobody is to hear of the end. */
  onForgotten(): void;
  faults?: GatewayFaults;
}

export interface Connection {
  readonly context: ConnectionContext;
  /** Milliseconds since the epoch of the last message in either direction. */
  lastActiveAt(): number;
  /** Bytes that the client has not taken yet. */
  unsentBytes(): number;
  /** Hands a text frame to the socket; false when it is no longer open. */
  send(data: Buffer | string): boolean;
  /** Closes from this side. The client sees the same code and reason as `$disconnect`. */
  close(code: number, reason: string): void;
  /** Cuts a client that does not answer a close. */
  terminate(): void;
  /** Ends it abruptly; `$disconnect` is told if `announced`. */
  cut(announced: boolean): void;
  /** To be called once when it can be found by its id. */
  opened(): void;
  /** Goes by the time limits as they are now. */
  limitsChanged(): void;
}

// `ws` closes by itself when a frame breaks the protocol, and tells the cause only as the code of an error.
const closeCodes = new Map([
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 1009],
  ['WS_ERR_INVALID_UTF8', 1007],
]);

/** Takes over a socket whose handshake is done. */
export function openConnection(options: ConnectionOptions): Connection {
  const { context, webSocket, limits } = options;
  let receivedAt = context.connectedAt;
  let sentAt = context.connectedAt;
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

  // One timer looks at the times when it fires; resetting one with every message would cost more than the message.
  function watchTime(): void {
    const now = Date.now();
    const idleAt = Math.max(receivedAt, sentAt) + scaledMilliseconds(limits, limits.idleSeconds);
    const endsAt = context.connectedAt + scaledMilliseconds(limits, limits.maximumConnectionSeconds);
    const edgeMilliseconds = options.viaEdge ? scaledMilliseconds(limits, limits.edgeIdleSeconds) : Infinity;
    if (now >= Math.min(idleAt, endsAt)) return close(1001, 'Going away');
    if (now >= sentAt + edgeMilliseconds) {
      // CloudFront does not close, it cuts: both sides see an abnormal end.
      end(1006, '');
      return webSocket.terminate();
    }
    timer = setTimeout(watchTime, Math.min(idleAt, endsAt, sentAt + edgeMilliseconds) - now);
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

  /** Whether the socket is cut at this event, by a fault. */
  function isCutAt(event: SocketEvent, frame: Buffer | string = ''): boolean {
    const fate = options.faults?.socket(context.connectionId, event, frame) ?? 'keep';
    if (fate === 'keep') return false;
    cut(fate === 'cut');
    return true;
  }

  const connection: Connection = {
    context,
    lastActiveAt: () => Math.max(receivedAt, sentAt),
    unsentBytes: () => webSocket.bufferedAmount,
    send(data) {
      if (ended || webSocket.readyState !== webSocket.OPEN) return false;
      sentAt = Date.now();
      // As on AWS, to have taken a frame is no promise that it arrives.
      if (isCutAt('send', data)) return true;
      webSocket.send(data, { binary: false });
      return true;
    },
    close,
    terminate: () => webSocket.terminate(),
    cut,
    opened: () => void isCutAt('open'),
    limitsChanged() {
      clearTimeout(timer);
      if (!ended) watchTime();
    },
  };

  // Before the listener of `ws`, so that nothing of a frame that is too long is taken for a message.
  options.socket.prependListener(
    'data',
    watchFrameLengths(limits.frameBytes, () => close(1009, 'Message too long')),
  );
  webSocket.on('message', (data: RawData, isBinary: boolean) => {
    if (ended) return;
    if (isBinary || !Buffer.isBuffer(data)) return close(1003, 'Binary is not supported');
    receivedAt = Date.now();
    if (isCutAt('receive', data)) return;
    options.onMessage(connection, data.toString('utf8'));
  });
  webSocket.on('ping', () => {
    if (limits.pingResetsIdle) receivedAt = Date.now();
  });
  webSocket.on('error', (error: Error & { code?: string }) => {
    // A broken connection also comes here, and then has its end in 'close'.
    if (error.code?.startsWith('WS_ERR_')) end(closeCodes.get(error.code) ?? 1002, error.message);
  });
  webSocket.on('close', (code: number, reason: Buffer) => {
    end(code, code === 1005 ? 'Client-side close frame status not set' : reason.toString('utf8'));
  });
  watchTime();
  return connection;
}
