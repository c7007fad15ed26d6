/** What the probes of the first hour share: the stage that they try, and the form of a finding. */
import type { ChatAddresses } from '../../../functions/canary/chat-api.ts';
import type { AwsApi } from '../aws/aws-api.ts';
import type { Guest, GuestRoom } from '../guests.ts';

/** What only the operator's credentials can reach. */
export interface OperatorAccess {
  api: AwsApi;
  tableName: string;
  /** The WebSocket API's own address, such as `wss://abc.execute-api.eu-west-1.amazonaws.com/prod`. */
  webSocketApi: URL;
}

export interface Subject {
  addresses: ChatAddresses;
  /** Whether the address is that of an edge distribution or a local runtime, where sockets have the path `/ws`. */
  hasEdge: boolean;
  /** Absent when only an address is known; the probes that need it are then not tried. */
  operator?: OperatorAccess;
  /** An origin whose pages may use the stage. */
  origin: string;
  owner: Guest;
  member: Guest;
  /** A private room of both. */
  room: GuestRoom;
  /** How long to wait for what must happen. */
  timeoutMs: number;
}

export interface Finding {
  /** Whether the platform did what the project assumes, and its local runtime does. */
  isAsAssumed: boolean;
  /** What was seen, in a sentence. */
  found: string;
}

export interface Probe {
  name: string;
  /** What the project assumes. */
  assumption: string;
  needsOperator?: boolean;
  run(this: void, subject: Subject): Promise<Finding>;
}
