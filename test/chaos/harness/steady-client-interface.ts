/** What scenarios ask of a steady client, and what it reports. */
import type { Acknowledgement, Sent, View } from '../checker.ts';
import { type Person, type RoomView } from './people.ts';
import { type PlainClient } from './plain-client.ts';

export interface SteadyClientOptions {
  url: string;
  webSocketUrl: string;
  person: Person;
  room: RoomView;
  /** Added to the query of each socket, for example `batch=1`. */
  query?: string;
  pingEveryMs?: number;
}

export interface SteadyClient extends View {
  readonly person: Person;
  readonly plain: PlainClient;
  readonly sent: readonly Sent[];
  /** All acknowledgements, those of repeats included. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** The seq up to which nothing is missing, as far as the client knows. */
  readonly known: number;
  /** How often it opened a socket, requested entries, and repeated a send. */
  readonly efforts: { openings: number; requests: number; repeats: number };
  /** Settles when the client has entered the room for the first time. */
  entered: Promise<void>;
  /**
   * Repeats a send until it is acknowledged. Returns false after `timeoutMs`, or when it is refused as not retryable.
   */
  send(message: OutgoingMessage, timeoutMs?: number): Promise<boolean>;
  /** Sends a message once, without a `client_id`, and does not wait for the answer. */
  sendOnce(content: string): void;
  /** Waits until nothing is missing up to `seq`. Returns false when that takes longer than `timeoutMs`. */
  knows(seq: number, timeoutMs: number): Promise<boolean>;
  stop(): Promise<void>;
}

export interface OutgoingMessage {
  content: string;
  clientId: string;
  over: 'socket' | 'http';
}
