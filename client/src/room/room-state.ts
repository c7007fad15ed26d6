/** The data of one room that its parts share. */
import { Listeners } from '../listeners.ts';
import type { ChatProblem } from '../problem.ts';
import { emptyLog, type RoomLog } from '../room-log.ts';
import { emptyPresence, type Presence } from './presence.ts';
import { parseRoomId, type RoomTarget } from './room-key.ts';
import type { RoomSnapshot, RoomStatus } from './room-snapshot.ts';

export class RoomState {
  readonly listeners = new Listeners();
  /** Undefined until the first `ready`, unless the room was asked for by its id. */
  roomId: string | undefined;
  name: string;
  status: RoomStatus = 'opening';
  /** Why the room is closed. */
  problem: ChatProblem | undefined;
  /** The user whose room this is has signed out. */
  isSignedOut = false;
  log: RoomLog = emptyLog;
  /** The id of the room that is shown as it was stored, until the server has named the room; undefined otherwise. */
  shownId: string | undefined;
  /** Whether it is not known yet what is stored of the room. */
  isRestoring = false;
  presence: Presence = emptyPresence;
  /** Undefined when it has to be made again. */
  snapshot: RoomSnapshot | undefined;

  /** Whether opening the room may create it. */
  readonly mayCreate: boolean;

  constructor({ key, roomId, mayCreate }: RoomTarget) {
    this.name = key;
    this.roomId = roomId ?? parseRoomId(key);
    this.mayCreate = mayCreate;
  }

  changed(): void {
    this.snapshot = undefined;
    this.listeners.notify();
  }
}
