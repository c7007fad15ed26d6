/** What the gateway asks before it does something, where faults are injected; it knows no rules. */
import type { IncomingMessage } from 'node:http';
import type { ManagementAnswer } from './management-answer.ts';

/** A call of `@connections` that may be performed. */
export interface ManagementCall {
  method: string;
  connectionId: string;
  /** The frame of a POST. */
  body: Buffer | undefined;
  incoming: IncomingMessage;
}

export type SocketEvent = 'open' | 'receive' | 'send';

export interface GatewayFaults {
  /** Has the call performed once, never, later or more than once, and answers it; not answering cuts the caller. */
  managementCall(
    call: ManagementCall,
    perform: () => ManagementAnswer,
    reply: (answer: ManagementAnswer | undefined) => void,
  ): void;
  /** What becomes of a socket, asked before a frame is taken from it or handed to it, and when it has opened. */
  socket(connectionId: string, event: SocketEvent, frame: Buffer | string): SocketFate;
}

/** `forget`: cut, and neither side nor `$disconnect` is told. `cut`: the same, and `$disconnect` is told. */
export type SocketFate = 'keep' | 'cut' | 'forget';
