/** What the bench and the process that makes its load say to each other. */

export interface SocketPlan {
  room: string;
  token: string;
}

export interface OpenRequest {
  kind: 'open';
  /** As `ws://host:port`, without a slash at its end. */
  webSocketUrl: string;
  sockets: SocketPlan[];
  /** The event that ends a server's welcome. */
  welcome: string;
  /** Hand the token over in the query rather than as a header. */
  tokenInQuery: boolean;
  /** Handshakes under way at a time. */
  atOnce: number;
}

export interface OpenResult {
  opened: number;
  seconds: number;
  /** From the beginning of the handshake to the end of the welcome. */
  milliseconds: number[];
  /** Why the others did not open, each reason once. */
  failures: string[];
}

export interface RunRequest {
  kind: 'run';
  messagesPerSecond: number;
  seconds: number;
  /** Nothing is waited for beyond this once the last message is sent. */
  drainSeconds: number;
}

export interface RunResult {
  sent: number;
  /** Messages, each as often as it was to be received. */
  expected: number;
  received: number;
  /** Received by the same socket before. */
  repeated: number;
  /** Frames that told of an error, and sockets that closed. */
  errors: number;
  /** From the first message due to the last one received. */
  seconds: number;
  /** From when a message was due to be sent to each of its arrivals. */
  latencies: { p50: number; p95: number; p99: number; max: number };
  cpuSeconds: number;
}

export interface CloseRequest {
  kind: 'close';
}

export type LoadRequest = OpenRequest | RunRequest | CloseRequest;
export type LoadResult = OpenResult | RunResult | undefined;
