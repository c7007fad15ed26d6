/** The messages between the bench and the load generator. */

export interface SocketPlan {
  room: string;
  token: string;
}

export interface OpenRequest {
  kind: 'open';
  /** As `ws://host:port`, without a trailing slash. */
  webSocketUrl: string;
  sockets: SocketPlan[];
  /** The type of the event that ends the server's welcome. */
  welcome: string;
  /** Whether the token is sent in the query and not in a header. */
  tokenInQuery: boolean;
  /** Concurrent handshakes. */
  concurrency: number;
}

export interface OpenResult {
  opened: number;
  seconds: number;
  /** From the start of the handshake to the end of the welcome, for each socket. */
  milliseconds: number[];
  /** The reasons why the others did not open, without repeats. */
  failures: string[];
}

export interface RunRequest {
  kind: 'run';
  messagesPerSecond: number;
  seconds: number;
  /** How long to wait for arrivals after the last message was sent. */
  drainSeconds: number;
}

export interface RunResult {
  sent: number;
  /** How many arrivals were expected. */
  expected: number;
  received: number;
  /** Arrivals of a message that the same socket had received before. */
  repeated: number;
  /** Error frames and closed sockets. */
  errors: number;
  /** From when the first message was due to the last arrival. */
  seconds: number;
  /** Milliseconds from when a message was due to each of its arrivals. */
  latencies: { p50: number; p95: number; p99: number; max: number };
  cpuSeconds: number;
}

export interface CloseRequest {
  kind: 'close';
}

export type LoadRequest = OpenRequest | RunRequest | CloseRequest;
export type LoadResult = OpenResult | RunResult | undefined;
