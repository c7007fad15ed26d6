/** The points of the gateway at which faults may be injected. */
import type { IncomingMessage } from 'node:http';
import type { ManagementAnswer } from './management-answer.ts';

/** A valid call of `@connections` that has not been performed yet. */
export interface ManagementCall {
  method: string;
  connectionId: string;
  /** The frame of a POST. */
  body: Buffer | undefined;
  incoming: IncomingMessage;
}

export type SocketEvent = 'open' | 'receive' | 'send';

export interface GatewayFaults {
  /**
   * Decides whether a call is performed once, never, later or more than once, and replies to it. A reply
   * without an answer cuts the caller's connection.
   */
  managementCall(
    call: ManagementCall,
    perform: () => ManagementAnswer,
    reply: (answer: ManagementAnswer | undefined) => void,
  ): void;
  /** Decides what happens to a socket before each frame is received or sent, and when it has opened. */
  socket(connectionId: string, event: SocketEvent, frame: Buffer | string): SocketOutcome;
}

/** `cut` drops the socket without a close frame and calls `$disconnect`; `forget` does not even call it. */
export type SocketOutcome = 'keep' | 'cut' | 'forget';
